import { Pool } from "pg";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fromPg, fromPostgresJs, sqlLedger } from "../../src/server";
import { type Engine, postgresServer, startPostgres, suiteOn } from "./engines";
import { keepsTheRules } from "./keepsTheRules";
import { modelRuns } from "./ledgerModel";
import type { OpenLedger } from "./openLedgers";
import { pgbouncer, startPgBouncer } from "./pgbouncer";

const installed = postgresServer === null ? null : pgbouncer;

const through: Record<string, (port: number) => Promise<OpenLedger>> = {
  pg: async (port) => {
    const pool = new Pool({ host: "127.0.0.1", port, user: "ares", database: "postgres", max: 20 });
    pool.on("error", () => {});
    const ledger = sqlLedger({ dialect: "postgres", query: fromPg(pool) });
    await ledger.setup();
    return { ledger, close: () => pool.end() };
  },
  "postgres.js, prepare: false": async (port) => {
    const sql = postgres({
      host: "127.0.0.1",
      port,
      user: "ares",
      database: "postgres",
      max: 20,
      prepare: false,
      onnotice: () => {},
    });
    const ledger = sqlLedger({
      dialect: "postgres",
      query: fromPostgresJs(sql),
      table: "public.ares_by_postgres_js",
    });
    await ledger.setup();
    return { ledger, close: () => sql.end() };
  },
};

describe.skipIf(installed === null)(suiteOn("PgBouncer in transaction mode", installed), () => {
  let server: Engine;
  let pooler: Engine;
  beforeAll(async () => {
    server = await startPostgres();
    pooler = await startPgBouncer(server);
  });
  afterAll(async () => {
    await pooler?.stop();
    await server?.stop();
  });

  test("gives one connection's statements to several sessions, where a statement that was prepared is not found again", async () => {
    const pool = new Pool({
      host: "127.0.0.1",
      port: pooler.port,
      user: "ares",
      database: "postgres",
      max: 12,
    });
    pool.on("error", () => {});
    const clients = await Promise.all(Array.from({ length: 12 }, () => pool.connect()));
    const sessions = await Promise.all(
      clients.flatMap((client) =>
        Array.from({ length: 10 }, () =>
          client.query("SELECT pg_backend_pid() AS pid, pg_sleep(0.002)"),
        ),
      ),
    );
    const prepared = await Promise.allSettled(
      clients.flatMap((client) =>
        Array.from({ length: 10 }, () =>
          client.query({ name: "kept", text: "SELECT $1::int, pg_sleep(0.002)", values: [1] }),
        ),
      ),
    );
    for (const client of clients) client.release();
    await pool.end();

    expect(new Set(sessions.map(({ rows }) => rows[0].pid)).size).toBe(3);
    expect(prepared.some(({ status }) => status === "rejected")).toBe(true);
  });

  for (const [driver, open] of Object.entries(through)) {
    keepsTheRules(`PostgreSQL behind PgBouncer through ${driver}`, () => open(pooler.port), {
      modelRuns,
      durable: true,
    });
  }
});
