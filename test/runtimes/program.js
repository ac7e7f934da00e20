/**
 * The one program that every runtime serves, with web standards only. The program imports the package by its public
 * name.
 *
 * `/walk` walks inside of the runtime and returns the results. Every other address is the app's endpoint, which calls
 * ARES over HTTP with the runtime's own `fetch`.
 */
import { createAresServer, definePrices, memoryLedger } from "ares-react/server";
import { aresUrl } from "./aresUrl.js";
import { createPretendAres } from "./pretendAres.js";
import { walk } from "./walk.js";

const origin = "https://app.example";
const pretend = createPretendAres();
const options = {
  clientId: "app",
  prices: definePrices({ "export-pdf": 1, "lost-answer": 2 }),
  auth: async () => ({ userId: "ann", getAccessToken: async () => "token" }),
};
// Made when the module is loaded, as apps do. Some runtimes forbid certain calls at that moment.
const inside = createAresServer({
  ...options,
  ledger: memoryLedger(),
  ares: { fetch: pretend.fetch },
});
const served = createAresServer({ ...options, ledger: memoryLedger(), ares: { baseUrl: aresUrl } });

// biome-ignore lint/style/noDefaultExport: Bun, Deno and Workers serve what a module exports by default.
export default {
  /** @param {Request} request */
  async fetch(request) {
    if (new URL(request.url).pathname !== "/walk") return served.handler(request);
    const ask = ({ headers = {}, ...init }) =>
      inside.handler(
        new Request(`${origin}/api/ares`, { ...init, headers: { ...headers, Origin: origin } }),
      );
    return Response.json(await walk(ask, async () => pretend.seen()));
  },
};
