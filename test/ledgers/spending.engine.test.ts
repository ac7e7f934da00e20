import { Redis } from "ioredis";
import { Client, Pool } from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import {
  type Claim,
  fromIoredis,
  fromPg,
  type Ledger,
  redisLedger,
  type SqlLedger,
  sqlLedger,
} from "../../src/server";
import {
  type Engine,
  postgresServer,
  redisServer,
  startPostgres,
  startRedis,
  suiteOn,
} from "./engines";
import { keepsWindows, timedSql } from "./keepsWindows";
import { redisAt } from "./redisClock";

function order(changes: Partial<Claim> = {}): Claim {
  const facts = {
    attempt: "a",
    fingerprint: "f",
    userId: "u",
    usage: "export-pdf",
    resource: null,
    hundredths: 100,
  };
  return {
    ...facts,
    key: crypto.randomUUID(),
    mintedAt: Date.now() + 60_000,
    leaseMs: 60_000,
    retainMs: 600_000,
    ...changes,
  };
}

const begin = { attempt: "a", leaseMs: 60_000 };

describe.skipIf(postgresServer === null)(
  suiteOn("what users spend on PostgreSQL", postgresServer),
  () => {
    let engine: Engine;
    const pools: Pool[] = [];
    let pool: Pool;
    let ledger: SqlLedger;
    const address = () => ({ host: "127.0.0.1", port: engine.port, database: "postgres" });
    function open(settings: { options?: string; max?: number } = {}) {
      const opened = new Pool({ ...address(), user: "ares", ...settings });
      opened.on("error", () => {});
      pools.push(opened);
      return opened;
    }
    beforeAll(async () => {
      engine = await startPostgres();
      pool = open();
      ledger = sqlLedger({ dialect: "postgres", query: fromPg(pool) });
      await ledger.setup();
    });
    afterEach(() =>
      pool.query("DELETE FROM ares_charges WHERE id <> 'epoch'; DELETE FROM ares_charges_spent"),
    );
    afterAll(async () => {
      await Promise.all(pools.map((each) => each.end()));
      await engine?.stop();
    });

    keepsWindows("PostgreSQL", () => timedSql("postgres", fromPg(pool)));

    test("asks for no right on the sums without a cap", async () => {
      await pool.query(
        "CREATE ROLE app LOGIN; GRANT SELECT, INSERT, UPDATE, DELETE ON ares_charges TO app",
      );
      const app = new Client({ ...address(), user: "app" });
      await app.connect();
      try {
        const mine = sqlLedger({ dialect: "postgres", query: fromPg(app) });
        for (const to of ["charged", "declined", "claimed", "unknown"] as const) {
          await mine.claim(to, order());
          expect(await mine.begin(to, begin)).toBe(true);
          expect(await mine.settle(to, { attempt: "a", to, outcome: {} })).toBe(true);
        }
        expect(await mine.resolve("unknown", { to: "declined", note: "" })).toBe(true);
        await mine.claim("capped", order());
        const within = (day: number) =>
          mine.beginWithin?.("capped", { ...begin, most: { day } }).then(({ k }) => k);
        await expect(within(1_000)).rejects.toThrow("permission denied");

        await pool.query("GRANT SELECT, INSERT, UPDATE ON ares_charges_spent TO app");
        expect([await within(199), await within(200)]).toEqual(["over", "yes"]);
      } finally {
        await app.end();
      }
    });

    test("never passes a limit, and is all of it in the end, when many charges of few users begin and end at once", async () => {
      const users = ["u", "v", "w"];
      const many = sqlLedger({ dialect: "postgres", query: fromPg(open({ max: 30 })) });
      const ends = ["charged", "declined", "claimed", "charged"] as const;
      // On a busy machine this takes longer than a minute, so the day has the same limit.
      const most = { minute: 2_000, day: 2_000 };
      await Promise.all(
        Array.from({ length: 600 }, async (_, n) => {
          const [id, userId] = [`row-${n}`, users[n % 3] ?? "u"];
          await many.claim(id, order({ userId }));
          if ((await many.beginWithin?.(id, { ...begin, most }))?.k !== "yes") return;
          const to = ends[Math.floor(n / 3) % 4] ?? "charged";
          await many.settle(id, { attempt: "a", to, outcome: {} });
        }),
      );

      const { rows } = await pool.query(
        "SELECT user_id, CAST(sum(hundredths) AS int) AS spent FROM ares_charges WHERE status = 'charged' GROUP BY 1 ORDER BY 1",
      );
      expect(rows).toEqual(users.map((user_id) => ({ user_id, spent: 2_000 })));
      const { rows: locks } = await pool.query(
        "SELECT CAST(deadlocks AS int) AS deadlocks FROM pg_stat_database WHERE datname = 'postgres'",
      );
      expect(locks).toEqual([{ deadlocks: 0 }]);
    });

    test.each(["repeatable\\ read", "serializable"])(
      "never passes a limit under %s, which refuses to wait",
      async (level) => {
        const strict = open({ options: `-c default_transaction_isolation=${level}`, max: 20 });
        const many = sqlLedger({ dialect: "postgres", query: fromPg(strict) });
        const answers = await Promise.all(
          Array.from({ length: 50 }, async (_, n) => {
            await ledger.claim(`row-${n}`, order());
            return many.beginWithin?.(`row-${n}`, { ...begin, most: { day: 200 } }).then(
              ({ k }) => k,
              () => "error",
            );
          }),
        );

        expect(answers.filter((answer) => answer === "yes").length).toBeLessThanOrEqual(2);
        expect(await ledger.list({ status: "sending" })).toHaveLength(
          answers.filter((answer) => answer === "yes").length,
        );
      },
    );
  },
);

describe.skipIf(redisServer === null)(suiteOn("what users spend on Redis", redisServer), () => {
  let engine: Engine;
  let redis: Redis;
  let ledger: Ledger;
  beforeAll(async () => {
    engine = await startRedis();
    redis = new Redis(engine.port, "127.0.0.1");
    ledger = redisLedger(fromIoredis(redis));
  });
  afterEach(() => redis.flushall());
  afterAll(async () => {
    redis?.disconnect();
    await engine?.stop();
  });

  keepsWindows("Redis", async () => {
    let now = Date.now();
    return {
      ledger: redisLedger({ ...redisAt(fromIoredis(redis), () => now), prefix: "timed" }),
      setClock: (ms) => {
        now = ms;
      },
    };
  });

  test("is two numbers a user under a cap, and none without", async () => {
    const charge = async (id: string, most?: { day: number }) => {
      await ledger.claim(id, order());
      if (most) await ledger.beginWithin?.(id, { ...begin, most });
      else await ledger.begin(id, begin);
    };
    for (let n = 0; n < 20; n++) await charge(`free-${n}`);
    expect(await redis.keys("*spent*")).toEqual([]);

    for (let n = 0; n < 20; n++) await charge(`capped-${n}`, { day: 3_000 });
    expect(await redis.keys("*spent*")).toEqual(["{ares}:spent:u"]);
    expect(await redis.hgetall("{ares}:spent:u")).toEqual({ minute: "3000", day: "3000" });
  });
});
