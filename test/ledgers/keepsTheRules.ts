import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ledgerRules } from "../../src/testing/ledgerRules/ledgerRules";
import { ledgerUseRules } from "../../src/testing/ledgerRules/uses";
import { TEST_PATIENCE_MS } from "../setup/patience";
import { type Engine, suiteOn } from "./engines";
import { agreesWithModel, modelRuns as modelRunsOnEngines } from "./ledgerModel";
import type { OpenLedger } from "./openLedgers";
import { tellsOldCharges } from "./tellsOldCharges";

/** Checks an engine against every rule, and against the model. */
export function keepsTheRules(
  engine: string,
  open: (() => Promise<OpenLedger>) | undefined,
  {
    modelRuns = 50,
    durable,
    rules = ledgerRules,
  }: { modelRuns?: number; durable?: boolean; rules?: typeof ledgerRules } = {},
) {
  describe(`a ledger on ${engine}`, () => {
    let opened: OpenLedger;
    beforeAll(async () => {
      if (!open) throw new Error(`No ledger is called ${engine}.`);
      opened = await open();
    });
    afterAll(() => opened?.close());

    for (const { title, run } of [...rules, ...ledgerUseRules])
      test(title, () => run(opened.ledger));

    tellsOldCharges(() => opened.ledger);

    test.each([11, -11])(
      "takes no row when the app's clock is %i minutes apart, and still tells an outcome",
      async (minutes) => {
        const { ledger } = opened;
        const [paid, fresh] = [crypto.randomUUID(), crypto.randomUUID()];
        const apart = Date.now() + minutes * 60_000;
        const facts = {
          fingerprint: "f",
          usage: "image",
          resource: null,
          hundredths: 100,
          leaseMs: 60_000,
          retainMs: 600_000,
        };
        const claim = (id: string, attempt: string, now: number) =>
          ledger.claim(id, {
            ...facts,
            key: id,
            userId: id,
            attempt,
            now,
            mintedAt: Date.now() + 60_000,
          });
        expect(await claim(paid, "one", Date.now() + minutes * 50_000)).toEqual({ k: "mine" });
        await ledger.begin(paid, { attempt: "one", leaseMs: 60_000 });
        await ledger.settle(paid, { attempt: "one", to: "charged", outcome: {} });

        expect(await claim(fresh, "two", apart)).toEqual({ k: "skew" });
        expect(await ledger.find(fresh)).toBeNull();
        expect(await claim(paid, "two", apart)).toMatchObject({
          k: "done",
          row: { status: "charged" },
        });
      },
    );

    test("lists no row that is older than asked for, by whatever it is asked", async () => {
      const { ledger } = opened;
      const [userId, key] = [crypto.randomUUID(), crypto.randomUUID()];
      const facts = {
        attempt: "a",
        fingerprint: "f",
        usage: "image",
        resource: null,
        hundredths: 100,
        leaseMs: 60_000,
        retainMs: 600_000,
      };
      expect(
        await ledger.claim(key, { ...facts, key, userId, mintedAt: Date.now() + 60_000 }),
      ).toEqual({ k: "mine" });
      await expect.poll(async () => (await ledger.find(key))?.ageMs).toBeGreaterThan(2);
      const listed = (maxAgeMs: number) =>
        Promise.all(
          [
            { userId },
            { userId, key },
            { key },
            { userId, status: "claimed" as const },
            { status: "claimed" as const, limit: 10_000 },
          ].map(async (filter) =>
            (await ledger.list({ ...filter, maxAgeMs })).some(({ id }) => id === key),
          ),
        );

      expect(await listed(1)).toEqual(Array(5).fill(false));
      for (const long of [600_000, Number.POSITIVE_INFINITY])
        expect(await listed(long)).toEqual(Array(5).fill(true));
    });

    test(
      `agrees with the model over ${modelRuns} schedules`,
      () => agreesWithModel(() => opened.ledger, modelRuns),
      TEST_PATIENCE_MS + modelRuns * 200,
    );

    if (durable !== undefined) {
      test(`says that it is ${durable ? "" : "not "}durable as it is set up here`, async () => {
        const { durable: said, warnings } = await opened.ledger.health();

        expect({ said, warned: warnings.length > 0 }).toEqual({ said: durable, warned: !durable });
      });
    }
  });
}

/** Opens a ledger on a running engine, by the name of its driver. */
export type Drivers = Record<string, (engine: Engine) => Promise<OpenLedger>>;

/** Checks every driver of an engine that runs for this file alone. */
export function everyDriverKeepsTheRules(
  name: string,
  binary: string | null,
  start: () => Promise<Engine>,
  drivers: Drivers,
) {
  describe.skipIf(binary === null)(suiteOn(name, binary), () => {
    let engine: Engine;
    beforeAll(async () => {
      engine = await start();
    });
    afterAll(() => engine?.stop());

    for (const [driver, open] of Object.entries(drivers)) {
      keepsTheRules(`${name} through ${driver}`, () => open(engine), {
        modelRuns: modelRunsOnEngines,
        durable: true,
      });
    }
  });
}
