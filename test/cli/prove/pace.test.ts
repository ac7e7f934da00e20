import { afterEach, expect, it, vi } from "vitest";
import { createClock } from "../../../src/cli/prove/pace";

afterEach(() => void vi.restoreAllMocks());

it("a trial ends after so many charges", () => {
  const clock = createClock({ intents: 2 });

  expect([clock.next(), clock.next(), clock.next()]).toEqual([0, 1, undefined]);
  expect([clock.finish(), clock.finish()]).toEqual([0.5, 1]);
});

it("a trial with a time ends neither before its time nor with fewer charges", () => {
  const now = vi.spyOn(performance, "now").mockReturnValue(0);
  const clock = createClock({ intents: 2, seconds: 8 });
  clock.next();

  now.mockReturnValue(9_000);
  expect(clock.next()).toBe(1);
  expect(clock.finish()).toBe(0.5);
  now.mockReturnValue(4_000);
  expect(clock.next()).toBe(2);
  expect(clock.finish()).toBe(0.5);
  now.mockReturnValue(8_000);
  expect(clock.next()).toBeUndefined();
});
