import { afterEach, describe, expect, test } from "vitest";
import {
  type Engine,
  postgresServer,
  redisServer,
  startPostgres,
  startRedis,
  suiteOn,
} from "../ledgers/engines";
import { daily } from "./daily";
import { printControl, printTrial } from "./measured";
import { type LedgerChoice, runTrial, type Trial } from "./trial";

let engine: Engine | undefined;
afterEach(() => engine?.stop());

/** Kills the engine itself five times, as a power cut would, while charges are under way. */
function killed(killedEngine: Engine, ledger: LedgerChoice): Trial {
  return {
    ledger,
    intents: daily(150, { long: 400 }),
    duplicates: 3,
    attempts: 25,
    disturb: { times: 5, by: () => killedEngine.crash() },
  };
}

describe("when the ledger's own engine is killed five times", () => {
  describe.skipIf(redisServer === null)(suiteOn("Redis", redisServer), () => {
    test("nothing is charged twice and nothing forgotten with an append-only file", async () => {
      engine = await startRedis({ appendfsync: "everysec" });
      const verdict = await runTrial(killed(engine, { on: "redis", port: engine.port }));
      printTrial("engine killed", "Redis, AOF `everysec`", verdict);

      expect(verdict.figures.disturbances).toBe(5);
      expect(verdict.complaints).toMatchObject({ doubled: 0, contradicted: 0, unbooked: 0 });
      expect([verdict.historiesThatNeedTwo, verdict.miscounted]).toEqual([0, 0]);
    });

    test("nothing is charged twice without any persistence, and no key is called free, because the ledger knows its age", async () => {
      engine = await startRedis({ appendonly: "no" });
      // Keys only: a forgotten resource has no key that could show the loss.
      const verdict = await runTrial({
        ...killed(engine, { on: "redis", port: engine.port }),
        duplicates: 2,
      });
      printTrial("engine killed, everything lost each time", "Redis without persistence", verdict);

      expect(verdict.figures.disturbances).toBe(5);
      expect(verdict.complaints).toMatchObject({ doubled: 0, contradicted: 0 });
    });

    test("almost everything is charged twice without persistence by a ledger that does not know its age", async () => {
      engine = await startRedis({ appendonly: "no" });
      const verdict = await runTrial(
        killed(engine, { on: "redis", port: engine.port, forgetsItsAge: true }),
      );
      printControl(
        "this kit, Redis without persistence killed 5 times, its epoch ignored",
        verdict,
      );

      expect(verdict.complaints.doubled).toBeGreaterThan(30);
    });
  });

  describe.skipIf(postgresServer === null)(suiteOn("PostgreSQL", postgresServer), () => {
    test("nothing is charged twice and nothing forgotten", async () => {
      engine = await startPostgres();
      const verdict = await runTrial(killed(engine, { on: "postgres", port: engine.port }));
      printTrial("engine killed (`kill -9` of the postmaster)", "PostgreSQL", verdict);

      expect(verdict.figures.disturbances).toBe(5);
      expect(verdict.complaints).toMatchObject({ doubled: 0, contradicted: 0, unbooked: 0 });
      expect([verdict.historiesThatNeedTwo, verdict.miscounted]).toEqual([0, 0]);
    });
  });
});
