import { Redis } from "ioredis";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Claim } from "../../src/server";
import { type Engine, pause, postgresServer, redisServer, startPostgres, startRedis, suiteOn } from "../ledgers/engines";
import { openWire, type Wire } from "./openWire";
import { openLedger } from "./services/openLedger.mjs";
import { runTrial, type Trial } from "./trial";

const TIMES = 50;
const times = Array.from({ length: TIMES }, (_, n) => n);

function claimOf(attempt: string): Claim {
  return {
    attempt,
    key: attempt,
    fingerprint: "same",
    mintedAt: Date.now() + 60_000,
    leaseMs: 60_000,
    retainMs: 600_000,
    userId: "ada",
    usage: "report",
    resource: null,
    hundredths: 100,
  };
}

let engine: Engine;
let wire: Wire;
const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

/** Four servers on an engine that they reach over a bad wire. */
function overWire(on: "redis" | "postgres"): Trial {
  return { ledger: { on, port: wire.port }, judgeReads: { on, port: engine.port }, intents: 300, duplicates: 3, attempts: 20 };
}

/** A new engine behind a wire of its own for each test. */
function behindWire(start: () => Promise<Engine>) {
  beforeEach(async () => {
    engine = await start();
    stops.push(() => engine.stop());
    wire = await openWire(engine.port);
    stops.push(() => wire.stop());
  });
}

describe("when the engine's reply to a claim is lost after the write", () => {
  describe.skipIf(redisServer === null)(suiteOn("Redis", redisServer), () => {
    behindWire(startRedis);

    test("the claimant is told every time that the claim is its own", async () => {
      const { ledger, close } = await openLedger({ on: "redis", port: wire.port });
      stops.push(close);
      await ledger.claim("warm", claimOf("warm"));

      const answers: string[] = [];
      for (const n of times) {
        wire.loseNextReply();
        answers.push((await ledger.claim(`id-${n}`, claimOf(`attempt-${n}`))).k);
      }

      expect(wire.lost).toBe(TIMES);
      expect(answers).toEqual(times.map(() => "mine"));
    }, 60_000);

    test("a plain SET NX locks its own claimant out every time", async () => {
      const redis = new Redis(wire.port, "127.0.0.1");
      redis.on("error", () => {});
      stops.push(() => redis.disconnect());
      await redis.ping();

      const answers: (string | null)[] = [];
      for (const n of times) {
        wire.loseNextReply();
        answers.push(await redis.set(`key-${n}`, `attempt-${n}`, "PX", 60_000, "NX"));
      }

      expect(answers).toEqual(times.map(() => null));
    }, 60_000);

    test("nothing is charged twice by four servers that lose one reply in twenty", async () => {
      wire.loseReplies(0.05);
      const verdict = await runTrial(overWire("redis"));
      console.log(`Redis, ${wire.lost} replies lost:`, verdict);

      expect(wire.lost).toBeGreaterThan(5);
      expect(verdict.complaints).toMatchObject({ doubled: 0, contradicted: 0, unbooked: 0 });
    }, 300_000);
  });

  describe.skipIf(postgresServer === null)(suiteOn("PostgreSQL", postgresServer), () => {
    behindWire(startPostgres);

    test("the claimant that asks again is told every time that the claim is its own", async () => {
      const { ledger, close } = await openLedger({ on: "postgres", port: wire.port });
      stops.push(close);

      const answers: string[] = [];
      for (const n of times) {
        const claim = () => ledger.claim(`id-${n}`, claimOf(`attempt-${n}`));
        await ledger.find("a connection that is ready");
        wire.loseNextReply();
        await expect(claim()).rejects.toThrow();
        // The pool learns of its broken connection a moment later.
        answers.push((await claim().catch(() => pause(50).then(claim))).k);
      }

      expect(answers).toEqual(times.map(() => "mine"));
    }, 60_000);

    test("nothing is charged twice by four servers that lose one reply in twenty", async () => {
      wire.loseReplies(0.05);
      const verdict = await runTrial(overWire("postgres"));
      console.log(`PostgreSQL, ${wire.lost} replies lost:`, verdict);

      expect(wire.lost).toBeGreaterThan(5);
      expect(verdict.complaints).toMatchObject({ doubled: 0, contradicted: 0, unbooked: 0 });
    }, 300_000);
  });
});
