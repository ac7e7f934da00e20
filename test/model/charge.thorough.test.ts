import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TEST_PATIENCE_MS } from "../setup/patience";
import { mutants } from "./mutants";
import { type Patch, runSchedule, stepCount } from "./schedule";
import { installVirtualTime, type VirtualTime } from "./virtualTime";

/** `npm run test:long` runs 200,000. */
const runs = Number(process.env.MODEL_RUNS ?? 1_000);
/** The seed is fixed where a change is judged, so that the verdict is about the change. Elsewhere the seed is random. */
const seed = process.env.MODEL_SEED === undefined ? {} : { seed: Number(process.env.MODEL_SEED) };
const schedule = fc.array(fc.nat(stepCount - 1), { minLength: 8, maxLength: 60, size: "max" });

let time: VirtualTime;
beforeAll(() => {
  time = installVirtualTime();
});
afterAll(() => time.uninstall());

describe("a charge under every schedule of crashes, delays and losses", () => {
  it("is sent at most once, told truthfully, and written down as it happened", {
    timeout: TEST_PATIENCE_MS + runs * 20,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(schedule, async (steps) => {
        expect(await runSchedule(steps, time)).toEqual([]);
      }),
      { numRuns: runs, ...seed },
    );
  });
});

/** The same schedules in every run, until one of them catches the mutant. */
async function firstViolation(patch: Patch): Promise<{ runs: number; law: string }> {
  let law = "";
  const found = await fc.check(
    fc.asyncProperty(schedule, async (steps) => {
      const [broken] = await runSchedule(steps, time, patch);
      law = broken ?? law;
      return broken === undefined;
    }),
    { numRuns: 20_000, seed: 13, endOnFailure: true },
  );
  return { runs: found.numRuns, law };
}

describe("the model", () => {
  it.each(Object.entries(mutants))("catches a mutant: %s", async (name, patch) => {
    const { law, runs: needed } = await firstViolation(patch);

    if (process.env.MODEL_TALK) console.info(`${name}: ${needed} schedules, ${law}`);
    expect(law).not.toBe("");
  });
});
