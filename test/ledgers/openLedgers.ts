import { rmSync } from "node:fs";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { createClient } from "@libsql/client";
import { fromLibsql, fromPglite, type Ledger, memoryLedger, sqlLedger } from "../../src/server";
import { newFolder } from "./newFolder";

export interface OpenLedger {
  ledger: Ledger;
  close(): void | Promise<void>;
}

/** The ledgers that need no installed engine. Every test run includes them. */
export const embedded: Record<string, () => Promise<OpenLedger>> = {
  memory: async () => ({ ledger: memoryLedger(), close: () => {} }),

  "a file of SQLite": async () => {
    const directory = newFolder("sqlite");
    const client = createClient({ url: `file:${join(directory, "ledger.db")}`, timeout: 5000 });
    await client.execute("PRAGMA journal_mode = WAL");
    const ledger = sqlLedger({ dialect: "sqlite", query: fromLibsql(client) });
    await ledger.setup();
    return {
      ledger,
      close() {
        client.close();
        rmSync(directory, { recursive: true, force: true });
      },
    };
  },

  PGlite: async () => {
    const db = await PGlite.create();
    const ledger = sqlLedger({ dialect: "postgres", query: fromPglite(db) });
    await ledger.setup();
    return { ledger, close: () => db.close() };
  },
};
