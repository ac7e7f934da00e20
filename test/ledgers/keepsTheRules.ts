import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ledgerRules } from "../../src/testing/ledgerRules/ledgerRules";
import { ledgerUseRules } from "../../src/testing/ledgerRules/uses";
import { agreesWithModel } from "./ledgerModel";
import type { OpenLedger } from "./openLedgers";
import { tellsOldCharges } from "./tellsOldCharges";

/** Checks an engine against every rule, and against the model. */
export function keepsTheRules(
  engine: string,
  open: (() => Promise<OpenLedger>) | undefined,
  { modelRuns = 50, durable, rules = ledgerRules }: { modelRuns?: number; durable?: boolean; rules?: typeof ledgerRules } = {},
) {
  describe(`a ledger on ${engine}`, () => {
    let opened: OpenLedger;
    beforeAll(async () => {
      if (!open) throw new Error(`No ledger is called ${engine}.`);
      opened = await open();
    }, 60_000);
    afterAll(() => opened?.close());

    for (const { title, run } of [...rules, ...ledgerUseRules]) test(title, () => run(opened.ledger), 60_000);

    tellsOldCharges(() => opened.ledger);

    test(
      `agrees with the model over ${modelRuns} schedules`,
      () => agreesWithModel(() => opened.ledger, modelRuns),
      120_000 + modelRuns * 200,
    );

    if (durable !== undefined) {
      test(`says that it is ${durable ? "" : "not "}durable as it is set up here`, async () => {
        const { durable: said, warnings } = await opened.ledger.health();

        expect({ said, warned: warnings.length > 0 }).toEqual({ said: durable, warned: !durable });
      });
    }
  });
}
