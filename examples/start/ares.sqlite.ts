import { createClient } from "@libsql/client";
import { aresConnect, memoryTokens } from "ares-react/connect";
import type { AresServerOptions } from "ares-react/server";
import { createAresServer, definePrices, fromLibsql, sqlLedger } from "ares-react/server";
import { pretend } from "ares-react/testing";

export const prices = definePrices({
  "export-pdf": 1,
  report: { credits: 3 },
});

const client = createClient({ url: process.env.DATABASE_URL ?? "file:ares.sqlite" });
// Its tables come by themselves in development. Elsewhere "start" in package.json runs ares-react setup.
export const ledger = sqlLedger({ dialect: "sqlite", query: fromLibsql(client) });

// No keys yet, and no real credits. docs/connect.md says what going live replaces.
const { connection, ...pretended } = pretend({
  connect: { aresConnect, memoryTokens },
  session: "ares",
});

export { connection };
export const aresOptions = { prices, ...pretended, ledger } satisfies AresServerOptions;
export const ares = createAresServer(aresOptions);
