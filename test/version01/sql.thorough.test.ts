import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { createClient } from "@libsql/client";
import { fromLibsql, fromPglite, type SqlQuery, sqlLedger } from "../../src/server";
import type { SqlDialect } from "../../src/server/ledger/sql/dialect";
import { keepsVersion01 } from "./keepsVersion01";
import { sqlWorker01 } from "./oldWorker";
import { rollsOver } from "./rollsOver";
import { loadSql, sqlAhead, sqlAt } from "./written";

async function load(dialect: SqlDialect, query: SqlQuery, now: () => number) {
  await loadSql(dialect, query);
  const ledger = sqlLedger({ dialect, query: sqlAt(dialect, query, now), random: () => 1 });
  await ledger.setup();
  return ledger;
}

keepsVersion01("SQLite", async () => {
  const client = createClient({ url: ":memory:" });
  return { load: (now) => load("sqlite", fromLibsql(client), now), close: () => client.close() };
});

keepsVersion01("PGlite", async () => {
  const db = await PGlite.create();
  return { load: (now) => load("postgres", fromPglite(db), now), close: () => db.close() };
});

rollsOver("SQLite", async () => {
  const directory = mkdtempSync(join(tmpdir(), "ares-sqlite-"));
  const [one, two] = [1, 2].map(() => createClient({ url: `file:${join(directory, "ledger.db")}`, timeout: 5000 }));
  if (!one || !two) throw new Error("Two workers need two connections.");
  await one.execute("PRAGMA journal_mode = WAL");
  const clock = await sqlAhead("sqlite", fromLibsql(one));
  const today = sqlLedger({ dialect: "sqlite", query: clock.on(fromLibsql(one)) });
  await today.setup();
  return {
    old: sqlWorker01("sqlite", clock.on(fromLibsql(two))),
    today,
    seesOld: true,
    setAhead: clock.set,
    close() {
      for (const client of [one, two]) client.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
});
