import { createClient } from "@redis/client";
import { Redis } from "ioredis";
import { Redis as Valkey } from "iovalkey";
import { Pool } from "pg";
import postgres from "postgres";
import { afterAll, beforeAll, describe } from "vitest";
import { fromIoredis, fromIovalkey, fromNodeRedis, fromPg, fromPostgresJs, redisLedger, sqlLedger } from "../../src/server";
import { type Engine, postgresServer, redisServer, startPostgres, startRedis, suiteOn } from "./engines";
import { keepsTheRules } from "./keepsTheRules";
import { modelRuns } from "./ledgerModel";
import { embedded, type OpenLedger } from "./openLedgers";

const onPostgres: Record<string, (engine: Engine) => Promise<OpenLedger>> = {
  pg: async ({ port }) => {
    const pool = new Pool({ host: "127.0.0.1", port, user: "ares", database: "postgres", max: 10 });
    pool.on("error", () => {});
    const ledger = sqlLedger({ dialect: "postgres", query: fromPg(pool) });
    await ledger.setup();
    return { ledger, close: () => pool.end() };
  },
  "postgres.js": async ({ port }) => {
    const sql = postgres({ host: "127.0.0.1", port, user: "ares", database: "postgres", max: 10, onnotice: () => {} });
    const ledger = sqlLedger({ dialect: "postgres", query: fromPostgresJs(sql), table: "public.ares_by_postgres_js" });
    await ledger.setup();
    return { ledger, close: () => sql.end() };
  },
};

const onRedis: Record<string, (engine: Engine) => Promise<OpenLedger>> = {
  ioredis: async ({ port }) => {
    const redis = new Redis(port, "127.0.0.1");
    return { ledger: redisLedger({ ...fromIoredis(redis), prefix: "by-ioredis" }), close: () => redis.disconnect() };
  },
  "node-redis": async ({ port }) => {
    const client = await createClient({ url: `redis://127.0.0.1:${port}` }).connect();
    return { ledger: redisLedger({ ...fromNodeRedis(client), prefix: "{by-node-redis}" }), close: () => client.close() };
  },
  iovalkey: async ({ port }) => {
    const valkey = new Valkey(port, "127.0.0.1");
    return { ledger: redisLedger({ ...fromIovalkey(valkey), prefix: "by-iovalkey" }), close: () => valkey.disconnect() };
  },
};

keepTheRules("PostgreSQL", postgresServer, startPostgres, onPostgres);
keepTheRules("Redis", redisServer, startRedis, onRedis);
// `npm test` already checks these ledgers against the rules, and against the model for a shorter time.
for (const name of ["a file of SQLite", "PGlite"]) keepsTheRules(name, embedded[name], { modelRuns, rules: [] });

function keepTheRules(name: string, binary: string | null, start: () => Promise<Engine>, drivers: typeof onPostgres) {
  describe.skipIf(binary === null)(suiteOn(name, binary), () => {
    let engine: Engine;
    beforeAll(async () => {
      engine = await start();
    });
    afterAll(() => engine?.stop());

    for (const [driver, open] of Object.entries(drivers)) {
      keepsTheRules(`${name} through ${driver}`, () => open(engine), { modelRuns, durable: true });
    }
  });
}
