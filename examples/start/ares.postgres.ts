import { aresConnect, memoryTokens } from "ares-react/connect";
import type { AresServerOptions } from "ares-react/server";
import { createAresServer, definePrices, fromPg, sqlLedger } from "ares-react/server";
import { pretend } from "ares-react/testing";
import { Pool } from "pg";

export const prices = definePrices({
  "export-pdf": 1,
  report: { credits: 3 },
});

const pool = new Pool({ connectionString: process.env.DATABASE_URL });
// Without a listener a restart of PostgreSQL ends this process.
pool.on("error", (error) => console.error(error.message));
// Its tables come by themselves in development. Elsewhere "start" in package.json runs ares-react setup.
export const ledger = sqlLedger({ dialect: "postgres", query: fromPg(pool) });

// No keys yet, and no real credits. docs/connect.md says what going live replaces.
const { connection, ...pretended } = pretend({
  connect: { aresConnect, memoryTokens },
  session: "ares",
});

export { connection };
export const aresOptions = { prices, ...pretended, ledger } satisfies AresServerOptions;
export const ares = createAresServer(aresOptions);
