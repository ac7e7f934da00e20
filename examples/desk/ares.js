import { createClient } from "@libsql/client";
import { createAresServer, definePrices, fromLibsql, sqlLedger } from "ares-react/server";

/** The server whose book the desk opens. Your app has its own: export that one here. */
export const ares = createAresServer({
  clientId: process.env.ARES_CLIENT_ID ?? "express-example",
  prices: definePrices({ report: 3, "export-pdf": 1 }),
  // Nobody pays at the desk.
  auth: async () => null,
  ledger: sqlLedger({
    dialect: "sqlite",
    query: fromLibsql(createClient({ url: process.env.DATABASE_URL ?? "file:ares.sqlite" })),
  }),
});
