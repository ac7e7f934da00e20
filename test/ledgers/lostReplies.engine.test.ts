import { Redis } from "ioredis";
import { Pool } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type Claim,
  fromIoredis,
  fromPg,
  type Ledger,
  redisLedger,
  sqlLedger,
} from "../../src/server";
import { type CuttingProxy, startCuttingProxy } from "./cuttingProxy";
import {
  type Engine,
  postgresServer,
  redisServer,
  startPostgres,
  startRedis,
  suiteOn,
} from "./engines";

const TIMES = 50;

function order(attempt: string, epoch: number): Claim {
  const facts = {
    key: attempt,
    fingerprint: "request",
    userId: "user",
    usage: "export-pdf",
    resource: null,
    hundredths: 100,
  };
  return { ...facts, attempt, mintedAt: epoch + 60_000, leaseMs: 60_000, retainMs: 600_000 };
}

/** Claims the n-th row of the user: without a limit, or as the last row that one has room for. */
function claimNth(ledger: Ledger, n: number, epoch: number) {
  const claim = order(`attempt-${n}`, epoch);
  const most = { rows: n + 1, windowMs: 3_600_000 };
  const isLimited = n % 2 === 1;
  return isLimited && ledger.claimWithin
    ? ledger.claimWithin(`row-${n}`, { ...claim, most })
    : ledger.claim(`row-${n}`, claim);
}

describe.skipIf(redisServer === null)(
  suiteOn("Redis, when the answer to a write is lost", redisServer),
  () => {
    let engine: Engine;
    let proxy: CuttingProxy;
    let redis: Redis;
    let ledger: Ledger;
    beforeAll(async () => {
      engine = await startRedis();
      proxy = await startCuttingProxy(engine.port);
      // The driver's default: ioredis itself sends a command again that got no answer.
      redis = new Redis(proxy.port, "127.0.0.1", { retryStrategy: () => 5 });
      redis.on("error", () => {});
      ledger = redisLedger(fromIoredis(redis));
    });
    afterAll(async () => {
      redis?.disconnect();
      await proxy?.stop();
      await engine?.stop();
    });

    test("tells the claimant, the sender and the redeemer yes every time, because the driver sends again", async () => {
      const { epoch } = await ledger.health();
      const answers: unknown[] = [];

      for (let n = 0; n < TIMES; n++) {
        const id = `row-${n}`;
        const before = proxy.lost();
        proxy.loseAnswersTo(id, 1);
        const claimed = await claimNth(ledger, n, epoch);
        proxy.loseAnswersTo(id, 1);
        const begun = await ledger.begin(id, { attempt: `attempt-${n}`, leaseMs: 60_000 });
        proxy.loseAnswersTo(id, 1);
        const settled = await ledger.settle(id, {
          attempt: `attempt-${n}`,
          to: "charged",
          outcome: {},
        });
        // A use is read before it is written. The lost answer is the write's, which alone names the notes that it saw.
        proxy.loseAnswersTo('"seen"', 1);
        const redeemed = await ledger.redeem(id, { by: "me" });
        answers.push([claimed.k, begun, settled, redeemed, proxy.lost() - before]);
      }

      expect(answers).toEqual(Array.from({ length: TIMES }, () => ["mine", true, true, "ok", 4]));
    });

    test("SET NX, by contrast, locks the claimant out of its own row", async () => {
      const answers: unknown[] = [];

      for (let n = 0; n < TIMES; n++) {
        proxy.loseAnswersTo(`naive-${n}`, 1);
        answers.push(await redis.set(`naive-${n}`, "mine", "NX"));
      }

      expect(answers).toEqual(Array.from({ length: TIMES }, () => null));
    });
  },
);

describe.skipIf(postgresServer === null)(
  suiteOn("PostgreSQL, when the answer to a write is lost", postgresServer),
  () => {
    let engine: Engine;
    let proxy: CuttingProxy;
    let pool: Pool;
    let ledger: Ledger;
    beforeAll(async () => {
      engine = await startPostgres();
      proxy = await startCuttingProxy(engine.port);
      pool = new Pool({
        host: "127.0.0.1",
        port: proxy.port,
        user: "ares",
        database: "postgres",
        max: 2,
      });
      pool.on("error", () => {});
      const opened = sqlLedger({ dialect: "postgres", query: fromPg(pool) });
      await opened.setup();
      ledger = opened;
    });
    afterAll(async () => {
      await pool?.end();
      await proxy?.stop();
      await engine?.stop();
    });

    test("fails, and tells the same claimant, sender and redeemer yes when they ask again", async () => {
      const { epoch } = await ledger.health();
      const answers: unknown[] = [];

      for (let n = 0; n < TIMES; n++) {
        const id = `row-${n}`;
        const attempt = `attempt-${n}`;
        const claim = () => claimNth(ledger, n, epoch);
        const begin = () => ledger.begin(id, { attempt, leaseMs: 60_000 });
        const settle = () => ledger.settle(id, { attempt, to: "charged", outcome: {} });
        const redeem = () => ledger.redeem(id, { by: "me", attempt });
        for (const ask of [async () => (await claim()).k, begin, settle]) {
          proxy.loseAnswersTo(id, 1);
          answers.push([await ask().catch(() => "lost"), await ask()]);
        }
        // A use is read before it is written. The lost answer is the write's.
        proxy.loseAnswersTo("redeem_token = CAST", 1);
        answers.push([await redeem().catch(() => "lost"), await redeem()]);
      }

      const asked = [
        ["lost", "mine"],
        ["lost", true],
        ["lost", true],
        ["lost", "ok"],
      ];
      expect(answers).toEqual(Array.from({ length: TIMES }, () => asked).flat());
    });
  },
);
