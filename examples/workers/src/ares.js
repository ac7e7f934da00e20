import { createAresServer, definePrices, fromD1, sqlLedger } from "ares-react/server";
import { authOf } from "./session.js";

export const prices = definePrices({ report: 3, "export-pdf": 1 });

/** @type {Promise<import("ares-react/server").AresServer> | undefined} */
let server;

/** The server of this isolate. A Worker gets its bindings with the first request. */
export function aresOf(env, waitUntil) {
  server ??= start(env, waitUntil).catch((error) => {
    server = undefined;
    throw error;
  });
  return server;
}

async function start(env, waitUntil) {
  const ledger = sqlLedger({ dialect: "sqlite", query: fromD1(env.DB) });
  // In your own app, `ledger.schema` belongs to the migrations of D1.
  await ledger.setup();
  return createAresServer({
    clientId: env.ARES_CLIENT_ID ?? "workers-example",
    prices,
    ledger,
    auth: authOf(env),
    waitUntil,
    onError: (error) => console.error("ares", error instanceof Error ? error.name : typeof error),
    // Without this variable, the real ARES is used.
    ares: { baseUrl: env.ARES_BASE_URL, timeoutMs: Number(env.ARES_TIMEOUT_MS ?? 10_000) },
  });
}
