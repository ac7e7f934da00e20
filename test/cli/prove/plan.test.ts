import { describe, expect, it } from "vitest";
import * as z from "zod";
import { planOf } from "../../../src/cli/prove/plan";
import { quoted } from "../../../src/contract";

describe("what customers buy in a trial", () => {
  const usagesOf = (plan: ReturnType<typeof planOf>) =>
    plan.baskets.map((basket) => basket.map(({ usage }) => usage));

  it("is every usage, and no user meets the cap by it", () => {
    const prices = { a: 1, b: 0.5, c: { credits: 3 }, d: 2 };
    expect(usagesOf(planOf(prices))).toEqual([["a", "b", "c", "d"]]);
    expect(usagesOf(planOf(prices, { perMinute: 3, perDay: 100 }))).toEqual([
      ["a", "b"],
      ["c"],
      ["d"],
    ]);
  });

  it("is at most ten usages a user", () => {
    const prices = Object.fromEntries(Array.from({ length: 23 }, (_, n) => [`usage-${n}`, 1]));
    expect(usagesOf(planOf(prices)).map((basket) => basket.length)).toEqual([10, 10, 3]);
  });

  it("leaves out what can't be charged, and says why", () => {
    const film = quoted({ input: z.object({ pages: z.number() }), credits: () => 1 });
    const plan = planOf({ film, house: 900, pdf: 1 }, { perDay: 20 });
    expect(usagesOf(plan)).toEqual([["pdf"]]);
    expect(plan.leftOut).toEqual([
      expect.stringContaining("film: its price is quoted"),
      expect.stringContaining("house: 900 credits"),
    ]);
  });

  it("lets two users meet the cap, where it is near enough", () => {
    const near = planOf({ pdf: 1, report: 3 }, { perDay: 20 });
    expect(new Set(near.capped.map(({ user, usage }) => `${user} ${usage}`))).toEqual(
      new Set(["capped-0 report", "capped-1 report"]),
    );
    expect(near.capped).toHaveLength(2 * 9);
    const far = planOf({ pdf: 1 }, { perDay: 5_000 });
    expect([far.capped, far.leftOut[0]]).toEqual([[], expect.stringContaining("spendCap")]);
    expect(planOf({ pdf: 1 }).capped).toEqual([]);
  });

  it("asks for a resource only where it stays paid for longer than the trial", () => {
    const plan = planOf({ pass: { credits: 1, keepMs: 1_000 }, report: 1 });
    expect(plan.baskets[0]?.map(({ isKept }) => isKept)).toEqual([false, true]);
  });
});
