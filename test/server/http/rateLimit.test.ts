import { describe, expect, it } from "vitest";
import { memoryLedger } from "../../../src/server";
import { createRateLimit } from "../../../src/server/http/rateLimit";
import { world } from "../world";

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

describe("a count", () => {
  it("is taken back once, and from its own window alone", () => {
    let now = 0;
    const count = createRateLimit({ charges: 1, windowMs: 1000 }, () => now);
    const giveBack = count("charges", "ada");
    giveBack();
    const again = count("charges", "ada");
    expect(() => count("charges", "ada")).toThrow("Too many requests");

    now = 1000;
    count("charges", "ada");
    again();

    expect(() => count("charges", "ada")).toThrow("Too many requests");
  });
});

describe("a press for a resource", () => {
  const paid = { usage: "report", resource: "r-1" };
  const other = { usage: "report", resource: "r-2" };

  it("is counted before the ledger is asked: over the limit it costs one read", async () => {
    const ledger = memoryLedger({ now: () => 1_800_000_000_000 });
    const asked: string[] = [];
    const find: typeof ledger.find = (id) => {
      asked.push(id);
      return ledger.find(id);
    };
    const { post } = world({ ledger: { ...ledger, find }, rateLimit: { charges: 1 } });
    await post(paid);
    asked.length = 0;

    expect(await (await post(other)).json()).toMatchObject({ code: "rate_limited" });
    expect(asked).toHaveLength(1);
  });

  it.each(["with a key", "without a key"])(
    "gives its count back when the resource is paid: %s",
    async (kind) => {
      const { post, press, clock, ares } = world({ rateLimit: { charges: 2 } });
      const send = kind === "with a key" ? post : press;
      await send(paid);
      for (let n = 0; n < 5; n++) {
        clock.ms += 3_000;
        expect((await send(paid)).status).toBe(200);
      }

      expect((await send(other)).status).toBe(200);
      expect((await send({ usage: "report", resource: "r-3" })).status).toBe(429);
      expect((await send(paid)).status).toBe(kind === "with a key" ? 200 : 429);
      expect(ares.book).toHaveLength(2);
    },
  );

  it("and paid counts as a read", async () => {
    const { post } = world({ rateLimit: { charges: 1, reads: 2 } });
    await post(paid);

    expect([
      (await post(paid)).status,
      (await post(paid)).status,
      (await post(paid)).status,
    ]).toEqual([200, 200, 429]);
  });
});
