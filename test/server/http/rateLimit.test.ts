import { describe, expect, it } from "vitest";
import { createRateLimit } from "../../../src/server/http/rateLimit";

/** Counts one charge of each user. */
function crowd(count: (kind: "charges" | "reads", userId: string) => void, size: number): void {
  for (let n = 0; n < size; n++) count("charges", `somebody-${n}`);
}

describe("the users that are counted", () => {
  it("are 10 000 at most: the oldest window makes room, so that strangers can't fill the memory", () => {
    const count = createRateLimit({ charges: 1 }, () => 0);
    count("charges", "ada");
    crowd(count, 9_999);
    expect(() => count("charges", "ada")).toThrow("Too many requests");

    count("charges", "eve");

    expect(() => count("charges", "ada")).not.toThrow();
  });

  it("make room in the order in which their windows began, not in that of their first visit", () => {
    let now = 0;
    const count = createRateLimit({ charges: 1, windowMs: 1000 }, () => now);
    count("charges", "ada");
    count("charges", "bob");
    now = 1000;
    count("charges", "ada");

    crowd(count, 9_999);

    expect(() => count("charges", "ada")).toThrow("Too many requests");
  });
});
