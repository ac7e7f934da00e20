import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Engine, redisServer, startRedis, suiteOn } from "../ledgers/engines";
import { printControl } from "./measured";
import { runTrial } from "./trial";

/** A harness without double charges proves something only if it finds real ones. All these ways of charging are in use elsewhere. */
describe("the same harness finds the double charges of", () => {
  test("the ARES guide's own route under a double click", async () => {
    const verdict = await runTrial({
      ledger: { on: "memory" },
      route: "guide",
      intents: 200,
      duplicates: 2,
      attempts: 1,
      repeatAll: false,
    });
    printControl("the ARES guide's own route, double click", verdict);

    expect(verdict.complaints.doubled).toBeGreaterThan(100);
    // How many of them overlap for a reader of the history depends on the machine.
    expect(verdict.historiesThatNeedTwo).toBeGreaterThan(10);
  });

  test("a client that sends once more whatever was not answered", async () => {
    const verdict = await runTrial({
      ledger: { on: "memory" },
      route: "retriesOnce",
      intents: 400,
      duplicates: 1,
      attempts: 1,
      repeatAll: false,
    });
    printControl("send once more what was not answered", verdict);

    expect(verdict.complaints.doubled).toBeGreaterThan(10);
  });

  describe.skipIf(redisServer === null)(suiteOn("Redis", redisServer), () => {
    let engine: Engine;
    beforeAll(async () => {
      engine = await startRedis();
    });
    afterAll(() => engine?.stop());

    test("a lock that is taken over when old and deleted on every error", async () => {
      const verdict = await runTrial({
        ledger: { on: "redis", port: engine.port },
        route: "deletesOnError",
        intents: 300,
        duplicates: 4,
        attempts: 12,
        disturb: { times: 4, by: (fleet) => fleet.killOne() },
      });
      printControl(
        "a lock per key, taken over when old, deleted on error; 4 servers killed",
        verdict,
      );

      expect(verdict.complaints.doubled).toBeGreaterThan(10);
      expect(verdict.historiesThatNeedTwo).toBeGreaterThan(0);
    });
  });
});
