/**
 * The one program that every runtime serves, with web standards only. The program imports the package by its public
 * name.
 *
 * `/walk` and `/walk-connect` walk inside of the runtime and return the results. Every other address is the app's endpoint,
 * which calls ARES over HTTP with the runtime's own `fetch`; those that a header says are the app's whose users sign in with ARES.
 */
import { createAresServer, definePrices, memoryLedger } from "ares-react/server";
import { aresUrl } from "./aresUrl.js";
import * as connections from "./connections.js";
import { createPretendAres } from "./pretendAres.js";
import { walk } from "./walk.js";
import { walkConnect } from "./walkConnect.js";

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
    if (request.headers.has("X-Connect")) return connections.served.handler(request);
    switch (new URL(request.url).pathname) {
      case "/walk":
        return Response.json(await walk(askInside, async () => pretend.seen()));
      case "/walk-connect":
        return Response.json(await walkConnect(askConnections, connections.pretendOAuth));
      default:
        return served.handler(request);
    }
  },
};

/** @param {RequestInit} init */
function askInside(init) {
  const headers = new Headers(init.headers);
  headers.set("Origin", origin);
  return inside.handler(new Request(`${origin}/api/ares`, { ...init, headers }));
}

/** @param {string} path @param {RequestInit} [init] */
function askConnections(path, init = {}) {
  const headers = new Headers(init.headers);
  headers.set("Origin", origin);
  return connections.inside.handler(new Request(`${origin}${path}`, { ...init, headers }));
}
