import { createClient } from "@redis/client";
import { Redis } from "ioredis";
import { Redis as Valkey } from "iovalkey";
import { Pool } from "pg";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fromIoredis, fromIovalkey, fromNodeRedis, fromPg, fromPostgresJs, type Ledger, redisLedger, sqlLedger } from "../../src/server";
import { ledgerRules } from "../../src/testing/ledgerRules";
import { type Engine, postgresServer, redisServer, startPostgres, startRedis, suiteOn } from "./engines";

interface Opened {
  ledger: Ledger;
  close(): Promise<unknown>;
}

const onPostgres: Record<string, (engine: Engine) => Promise<Opened>> = {
  pg: async ({ port }) => {
    const pool = new Pool({ host: "127.0.0.1", port, user: "ares", database: "postgres", max: 10 });
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

const onRedis: Record<string, (engine: Engine) => Promise<Opened>> = {
  ioredis: async ({ port }) => {
    const redis = new Redis(port, "127.0.0.1");
    return { ledger: redisLedger({ ...fromIoredis(redis), prefix: "by-ioredis" }), close: () => redis.quit() };
  },
  "node-redis": async ({ port }) => {
    const client = await createClient({ url: `redis://127.0.0.1:${port}` }).connect();
    return { ledger: redisLedger({ ...fromNodeRedis(client), prefix: "{by-node-redis}" }), close: () => client.close() };
  },
  iovalkey: async ({ port }) => {
    const valkey = new Valkey(port, "127.0.0.1");
    return { ledger: redisLedger({ ...fromIovalkey(valkey), prefix: "by-iovalkey" }), close: () => valkey.quit() };
  },
};

keepTheRules("PostgreSQL", postgresServer, startPostgres, onPostgres);
keepTheRules("Redis", redisServer, startRedis, onRedis);

function keepTheRules(name: string, binary: string | null, start: () => Promise<Engine>, drivers: typeof onPostgres) {
  describe.skipIf(binary === null)(suiteOn(name, binary), () => {
    let engine: Engine;
    beforeAll(async () => {
      engine = await start();
    });
    afterAll(() => engine?.stop());

    describe.each(Object.entries(drivers))("a ledger through %s", (_, open) => {
      let opened: Opened;
      beforeAll(async () => {
        opened = await open(engine);
      });
      afterAll(() => opened?.close());

      test.each(ledgerRules)("$title", ({ run }) => run(opened.ledger));

      test("is durable and has no warnings as it is set up here", async () => {
        expect(await opened.ledger.health()).toMatchObject({ durable: true, warnings: [] });
      });
    });
  });
}
