import { Redis } from "ioredis";
import { Pool } from "pg";
import { afterAll, beforeAll, describe } from "vitest";
import { fromIoredis, fromPg, redisLedger, sqlLedger } from "../../src/server";
import { type Engine, postgresServer, redisServer, startPostgres, startRedis, suiteOn } from "../ledgers/engines";
import { modelRuns } from "../ledgers/ledgerModel";
import { keepsVersion01 } from "./keepsVersion01";
import { redisWorker01, sqlWorker01 } from "./oldWorker";
import { rollsOver } from "./rollsOver";
import { loadSql, redisAhead, redisAt, redisCommands, sqlAhead, sqlAt } from "./written";

describe.skipIf(postgresServer === null)(suiteOn("PostgreSQL", postgresServer), () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startPostgres();
  });
  afterAll(() => engine?.stop());

  function open() {
    const pool = new Pool({ host: "127.0.0.1", port: engine.port, user: "ares", database: "postgres", max: 10 });
    pool.on("error", () => {});
    return pool;
  }

  keepsVersion01("PostgreSQL", async () => {
    const pool = open();
    return {
      async load(now) {
        await loadSql("postgres", fromPg(pool));
        const ledger = sqlLedger({ dialect: "postgres", query: sqlAt("postgres", fromPg(pool), now), random: () => 1 });
        await ledger.setup();
        return ledger;
      },
      close: () => pool.end(),
    };
  });

  rollsOver(
    "PostgreSQL",
    async () => {
      const [one, two] = [open(), open()];
      await one.query("DROP TABLE IF EXISTS ares_charges");
      const clock = await sqlAhead("postgres", fromPg(one));
      const today = sqlLedger({ dialect: "postgres", query: clock.on(fromPg(one)) });
      await today.setup();
      const close = async () => void (await Promise.all([one.end(), two.end()]));
      return { old: sqlWorker01("postgres", clock.on(fromPg(two))), today, seesOld: true, setAhead: clock.set, close };
    },
    { modelRuns },
  );
});

describe.skipIf(redisServer === null)(suiteOn("Redis", redisServer), () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startRedis();
  });
  afterAll(() => engine?.stop());

  keepsVersion01("Redis", async () => {
    const redis = new Redis(engine.port, "127.0.0.1");
    return {
      async load(now) {
        await redis.flushall();
        for (const [name = "", ...args] of redisCommands()) await redis.call(name, ...args);
        const ledger = redisLedger(redisAt(fromIoredis(redis), now));
        await ledger.setup();
        return ledger;
      },
      close: () => redis.disconnect(),
    };
  });

  rollsOver(
    "Redis",
    async () => {
      const [one, two] = [new Redis(engine.port, "127.0.0.1"), new Redis(engine.port, "127.0.0.1")];
      let ahead = 0;
      const setAhead = (ms: number) => {
        ahead = ms;
      };
      const [forOld, forToday] = [two, one].map((redis) => redisAhead(fromIoredis(redis), () => ahead));
      if (!forOld || !forToday) throw new Error("Two workers need two connections.");
      const today = redisLedger({ ...forToday, prefix: "shared" });
      await today.setup();
      const close = () => {
        one.disconnect();
        two.disconnect();
      };
      return { old: redisWorker01(forOld, "shared"), today, seesOld: false, setAhead, close };
    },
    { modelRuns },
  );
});
