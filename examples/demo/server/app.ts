import { readFile } from "node:fs/promises";
import path from "node:path";
import { serveStatic } from "@hono/node-server/serve-static";
import { Hono } from "hono";
import { type DemoAres, openLedger, pretendAres } from "./ares";
import { createControlDesk } from "./controlDesk";
import { listen } from "./listen";
import { paidRoutes } from "./paidRoutes";
import { panelRoutes } from "./panelRoutes";
import { realAres } from "./realAres";
import { demoAuth } from "./session";

const { DEMO_DATA = ".", DEMO_CLIENT = ".", DEMO_ORIGINS = "", ARES_SIMULATOR_URL } = process.env;

const app = new Hono();
const ares = await openAres();

app.on(["GET", "POST"], "/api/ares", ({ req }) => ares.handler(req.raw));
app.route("/api", paidRoutes(ares));
app.get("/harness", async ({ html }) =>
  html(await readFile(path.join(DEMO_CLIENT, "harness.html"), "utf8")),
);
app.use("/*", serveStatic({ root: path.relative(process.cwd(), DEMO_CLIENT) }));

await listen(app.fetch);

/** Serves the app over the pretend ARES, with its panel. With keys for the real services the app uses these. */
async function openAres(): Promise<DemoAres> {
  const ledger = await openLedger(DEMO_DATA);
  if (ARES_SIMULATOR_URL === undefined) return realAres(ledger, DEMO_ORIGINS.split(","));
  const desk = createControlDesk(ARES_SIMULATOR_URL);
  const pretend = pretendAres(ledger, demoAuth(desk), ARES_SIMULATOR_URL);
  app.route("/demo", panelRoutes(desk, pretend));
  return pretend;
}
