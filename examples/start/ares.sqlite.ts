import { createClient } from "@libsql/client";
import { createAresServer, definePrices, fromLibsql, sqlLedger } from "ares-react/server";
import { pretend } from "ares-react/testing";

export const prices = definePrices({
  "export-pdf": 1,
  report: { credits: 3 },
});

const client = createClient({ url: process.env.DATABASE_URL ?? "file:ares.sqlite" });
// Its tables come by themselves in development. Elsewhere "start" in package.json runs ares-react setup.
export const ledger = sqlLedger({ dialect: "sqlite", query: fromLibsql(client) });

export const ares = createAresServer({
  prices,
  // No keys yet, and no real credits. Going live replaces this line with clientId, auth and ledger.
  ...pretend(),
  ledger,
});
