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

const DAY_MS = 86_400_000;

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
const most = { minute: 1_000_000, day: 1_000_000 };

/** Charges once, with a claim that is as old as the test wants. */
async function charge(
  ledger: Ledger,
  id: string,
  age: (id: string) => Promise<unknown> = async () => {},
  userId = "u",
) {
  expect(await ledger.claim(id, order({ userId }))).toEqual({ k: "mine" });
  await age(id);
  expect(await ledger.begin(id, begin)).toBe(true);
}

/** A charge of the day before yesterday becomes not charged today: nothing of today is given back. */
async function resolvesLate(ledger: Ledger, age: (id: string) => Promise<unknown>) {
  await charge(ledger, "old", age);
  await ledger.settle("old", { attempt: "a", to: "unknown", outcome: {} });
  await charge(ledger, "new");
  expect(await ledger.spent?.("u")).toEqual({ minute: 100, day: 100 });

  expect(await ledger.resolve("old", { to: "declined", note: "not in ARES's books" })).toBe(true);

  expect(await ledger.spent?.("u")).toEqual({ minute: 100, day: 100 });
}

describe.skipIf(postgresServer === null)(
  suiteOn("what users spend on PostgreSQL", postgresServer),
  () => {
    let engine: Engine;
    let pool: Pool;
    let ledger: SqlLedger;
    const address = () => ({ host: "127.0.0.1", port: engine.port, database: "postgres" });
    beforeAll(async () => {
      engine = await startPostgres();
      pool = new Pool({ ...address(), user: "ares" });
      pool.on("error", () => {});
      ledger = sqlLedger({ dialect: "postgres", query: fromPg(pool) });
      await ledger.setup();
    });
    afterEach(() =>
      pool.query("DELETE FROM ares_charges WHERE id <> 'epoch'; DELETE FROM ares_charges_spent"),
    );
    afterAll(async () => {
      await pool?.end();
      await engine?.stop();
    });

    test("gives nothing of today back when a charge of the day before yesterday was not charged", async () => {
      await resolvesLate(ledger, (id) =>
        pool.query("UPDATE ares_charges SET created_at = created_at - $1 WHERE id = $2", [
          2 * DAY_MS,
          id,
        ]),
      );
    });

    keepsWindows("PostgreSQL", () => timedSql("postgres", fromPg(pool)));

    test("is counted for a role that may only write charges, and that role can't put its own table there", async () => {
      await pool.query(
        "CREATE ROLE app LOGIN; GRANT SELECT, INSERT, UPDATE, DELETE ON ares_charges TO app",
      );
      const app = new Client({ ...address(), user: "app" });
      await app.connect();
      try {
        await app.query(
          "CREATE TEMP TABLE ares_charges_spent (user_id text, width bigint, bucket bigint, hundredths bigint)",
        );
        await charge(sqlLedger({ dialect: "postgres", query: fromPg(app) }), "row");

        expect(await ledger.spent?.("u")).toEqual({ minute: 100, day: 100 });
        expect((await app.query("SELECT * FROM pg_temp.ares_charges_spent")).rows).toEqual([]);
        const { rows } = await pool.query(
          "SELECT has_function_privilege('app', 'ares_charges_counts()', 'EXECUTE') AS may",
        );
        expect(rows).toEqual([{ may: false }]);
      } finally {
        await app.end();
      }
    });

    test("is exact, and nobody waits in a circle, when many charges of few users begin and end at once", async () => {
      const users = ["u", "v", "w"];
      await Promise.all(
        Array.from({ length: 300 }, async (_, n) => {
          const [id, userId] = [`row-${n}`, users[n % 3]];
          await ledger.claim(id, order({ userId: userId ?? "u" }));
          if (n % 2) await ledger.begin(id, begin);
          else await ledger.beginWithin?.(id, { ...begin, most });
          await ledger.settle(id, {
            attempt: "a",
            to: (["charged", "declined", "unknown", "claimed"] as const)[n % 4] ?? "unknown",
            outcome: {},
          });
        }),
      );

      for (const userId of users) {
        const rows = await ledger.list({ userId, limit: 1_000 });
        const day =
          100 * rows.filter(({ status }) => status === "charged" || status === "unknown").length;
        expect((await ledger.spent?.(userId))?.day).toBe(day);
      }
      const { rows } = await pool.query(
        "SELECT CAST(deadlocks AS int) AS deadlocks FROM pg_stat_database WHERE datname = 'postgres'",
      );
      expect(rows).toEqual([{ deadlocks: 0 }]);
    });
  },
);

describe.skipIf(redisServer === null)(suiteOn("what users spend on Redis", redisServer), () => {
  let engine: Engine;
  let redis: Redis;
  let ledger: Ledger;
  const field = (id: string, ...args: string[]) => redis.hset(`{ares}:charge:${id}`, ...args);
  const age = (ms: number) => (id: string) => field(id, "createdAt", `${Date.now() - ms}`);
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

  test("gives nothing of today back when a charge of the day before yesterday was not charged", async () => {
    await resolvesLate(ledger, age(2 * DAY_MS));
  });

  keepsWindows("Redis", async () => {
    let now = Date.now();
    return {
      ledger: redisLedger({ ...redisAt(fromIoredis(redis), () => now), prefix: "timed" }),
      setClock: (ms) => {
        now = ms;
      },
      numbers: (userId) => redis.hlen(`{timed}:spent:${userId}`),
    };
  });

  test("takes no more room with the days, also without a cap", async () => {
    for (let n = 200; n > 0; n--) await charge(ledger, `row-${n}`, age(n * 3_600_000));

    const sizes = await Promise.all((await redis.keys("*spent*")).map((key) => redis.hlen(key)));
    expect(sizes.reduce((all, each) => all + each)).toBeLessThanOrEqual(122);
    expect((await ledger.spent?.("u"))?.day).toBe(2_400);
  });
});
