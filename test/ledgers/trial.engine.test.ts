import { Redis } from "ioredis";
import { Pool } from "pg";
import { afterEach, describe, test } from "vitest";
import { fromIoredis, fromPg, redisLedger, sqlLedger } from "../../src/server";
import { postgresServer, redisServer, startPostgres, startRedis, suiteOn } from "./engines";
import { keepsTrialsApart } from "./keepsTrialsApart";

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

describe("a trial of a ledger leaves the ledger as it is, and nothing behind", () => {
  test.skipIf(redisServer === null)(`on ${suiteOn("Redis", redisServer)}`, async () => {
    const { port, stop } = await startRedis();
    const redis = new Redis(port, "127.0.0.1");
    stops.push(stop, () => redis.disconnect());
    const names = async () => (await redis.keys("*")).sort();

    await keepsTrialsApart(redisLedger(fromIoredis(redis)), names);
    await keepsTrialsApart(redisLedger({ ...fromIoredis(redis), prefix: "{app}:billing" }), names);
  });

  test.skipIf(postgresServer === null)(`on ${suiteOn("PostgreSQL", postgresServer)}`, async () => {
    const { port, stop } = await startPostgres();
    const pool = new Pool({ host: "127.0.0.1", port, user: "ares", database: "postgres" });
    pool.on("error", () => {});
    stops.push(stop, () => pool.end());
    const ledger = sqlLedger({ dialect: "postgres", query: fromPg(pool) });
    await ledger.setup();

    await keepsTrialsApart(ledger, async () => {
      const { rows } = await pool.query(
        "SELECT relname FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname = 'public' ORDER BY relname",
      );
      return rows.map(({ relname }) => relname);
    });
  });
});
