import { runAres } from "./aresPart";
import { runServer, type ServerSetup } from "./serverPart";

/** One process of a trial, which its parent starts and kills. Never returns. */
export async function runPart(): Promise<never> {
  const setup: ServerSetup | { part: "ares" } = JSON.parse(process.env.SETUP ?? "{}");
  await (setup.part === "ares" ? runAres() : runServer(setup));
  return new Promise(() => {});
}
