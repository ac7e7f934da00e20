import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type BookedCharge, createAresSimulator } from "ares-react/testing";
import * as z from "zod/mini";

const SAVE_EVERY_MS = 100;

const Saved = z.object({
  credits: z.record(z.string(), z.number()),
  charges: z.array(
    z.object({
      at: z.number(),
      userId: z.string(),
      clientId: z.string(),
      usage: z.string(),
      credits: z.number(),
    }),
  ),
});

/** The pretend ARES with a memory: a file keeps its balances and its book. */
export function openWorld(folder: string, accounts: readonly { id: string; credits: number }[]) {
  const file = path.join(folder, "ares-book.json");
  mkdirSync(folder, { recursive: true });
  const saved = readSaved(file);

  const users = {
    ...Object.fromEntries(accounts.map(({ id, credits }) => [id, credits])),
    ...saved?.credits,
  };
  const earlier: BookedCharge[] = saved?.charges ?? [];
  const simulator = createAresSimulator({ users, latencyMs: 350 });
  let written = "";

  function save(): void {
    const credits = Object.fromEntries(simulator.users().map((user) => [user.user, user.credits]));
    const text = JSON.stringify({ credits, charges: [...earlier, ...simulator.charges] });
    if (text === written) return;
    // A rename is whole or not at all. A kill in between leaves the old file.
    writeFileSync(`${file}.new`, text);
    renameSync(`${file}.new`, file);
    written = text;
  }

  save();
  // A hanging request never ends, so no save follows it.
  setInterval(save, SAVE_EVERY_MS);

  return {
    save,
    async serve(request: Request): Promise<Response> {
      const { pathname } = new URL(request.url);
      if (request.method === "GET" && pathname === "/__sim/book") {
        const charges = [...earlier, ...simulator.charges];
        const { requests, knobs, faults } = simulator;
        return Response.json({ users: simulator.users(), charges, requests, knobs, faults });
      }
      const answer = await simulator.serve(request);
      save();
      return answer;
    },
  };
}

function readSaved(file: string): z.infer<typeof Saved> | null {
  return existsSync(file) ? Saved.parse(JSON.parse(readFileSync(file, "utf8"))) : null;
}
