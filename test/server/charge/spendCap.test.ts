import { describe, expect, it } from "vitest";
import { type Ledger, memoryLedger } from "../../../src/server";
import { quotedWorld } from "../quotedWorld";
import { json, world } from "../world";

describe("a spending cap", () => {
  it("refuses what would pass it before anything is sent, per minute and per day", async () => {
    const { post, ares, clock } = world({ spendCap: { perMinute: 8, perDay: 12 } });

    expect((await post({ usage: "image" })).status).toBe(200);
    expect((await post({ usage: "image" })).status).toBe(200);
    const refused = await post({ usage: "export-pdf" });
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get("Retry-After"))).toBeGreaterThan(0);
    expect(ares.posts()).toBe(2);

    clock.ms += 60_000;
    expect((await post({ usage: "image" })).status).toBe(200);
    clock.ms += 60_000;
    expect((await post({ usage: "export-pdf" })).status).toBe(429);
    clock.ms += 24 * 60 * 60_000;
    expect((await post({ usage: "export-pdf" })).status).toBe(200);
    expect(ares.book).toHaveLength(4);
  });

  it.each([{ perMinute: 0 }, { perDay: 0 }])(
    "of %j refuses every charge that costs",
    async (spendCap) => {
      const { post, ares } = world({ spendCap });

      expect((await post({ usage: "mite" })).status).toBe(429);
      expect(ares.posts()).toBe(0);
    },
  );

  it.each([
    [0, "1"],
    [1_000, "1"],
    [1_001, "2"],
  ])("with room again in %i ms says to wait %s s", async (leftMs, seconds) => {
    const ledger = memoryLedger({ now: () => 1_800_000_000_000 });
    const { post } = world({
      spendCap: { perDay: 1 },
      ledger: { ...ledger, beginWithin: async () => ({ k: "over", leftMs }) },
    });

    expect((await post({ usage: "mite" })).headers.get("Retry-After")).toBe(seconds);
  });

  it("asks a ledger that is an object of a class", async () => {
    const inner = memoryLedger({ now: () => 1_800_000_000_000 });
    const ledger: Ledger & { inner: Ledger } = {
      ...inner,
      inner,
      async beginWithin(id, begin) {
        const begun = await this.inner.beginWithin?.(id, begin);
        return begun ?? { k: "no" };
      },
    };
    const { post } = world({ spendCap: { perDay: 1 }, ledger });

    expect((await post({ usage: "export-pdf" })).status).toBe(200);
    expect((await post({ usage: "export-pdf" })).status).toBe(429);
  });

  it("counts unconfirmed charges as spent, and replays what stands", async () => {
    const { post, ares, key } = world({ spendCap: { perDay: 5 } });
    const headers = { "Idempotency-Key": key() };
    expect((await post({ usage: "image" }, headers)).status).toBe(200);
    ares.next(() => json(500, {}));
    await post({ usage: "export-pdf" });

    expect((await post({ usage: "mite" })).status).toBe(429);
    expect((await post({ usage: "image" }, headers)).status).toBe(200);
  });

  it("counts a charge from its begin on, while ARES has not answered", async () => {
    const { post, key, ares } = world({ spendCap: { perMinute: 4 } });
    const answer = ares.hold();
    const headers = { "Idempotency-Key": key() };
    const first = post({ usage: "image" }, headers);
    await expect.poll(() => ares.posts()).toBe(1);

    expect((await (await post({ usage: "mite" })).json()).code).toBe("rate_limited");
    expect((await (await post({ usage: "image" }, headers)).json()).code).toBe(
      "charge_in_progress",
    );
    answer();
    expect((await first).status).toBe(200);
  });

  it("lets exactly two of a hundred charges at once pass a cap of two", async () => {
    const { post, ares } = world({ spendCap: { perDay: 2 }, rateLimit: false });

    const answers = await Promise.all(
      Array.from({ length: 100 }, () => post({ usage: "export-pdf" })),
    );

    expect(answers.filter(({ status }) => status === 200)).toHaveLength(2);
    expect(ares.book).toHaveLength(2);
  });

  it("gives back what was not charged, and lets the refused key charge once there is room", async () => {
    const { post, ares, key, clock } = world({ spendCap: { perMinute: 4 } });
    ares.next(() => json(402, { error: "Insufficient credits" }));
    ares.next(() => json(429, {}));
    for (const status of [402, 429]) expect((await post({ usage: "image" })).status).toBe(status);
    expect((await post({ usage: "image" })).status).toBe(200);
    const headers = { "Idempotency-Key": key() };
    const refused = await post({ usage: "image" }, headers);
    expect(refused.status).toBe(429);

    clock.ms += Number(refused.headers.get("Retry-After")) * 1000;
    expect((await post({ usage: "image" }, headers)).status).toBe(200);
  });

  it("refuses a ledger that can't count, by the name of the verb", () => {
    const { beginWithin: _, ...ledger } = memoryLedger();

    expect(() => world({ ledger, spendCap: { perDay: 1 } })).toThrow(/beginWithin/);
    expect(() => world({ ledger })).not.toThrow();
  });

  it("holds over all servers that share the ledger", async () => {
    const one = world({ spendCap: { perMinute: 8 } });
    const other = world({ spendCap: { perMinute: 8 }, ledger: one.ledger });

    expect((await one.post({ usage: "image" })).status).toBe(200);
    expect((await other.post({ usage: "image" })).status).toBe(200);
    for (const { post } of [one, other])
      expect((await (await post({ usage: "mite" })).json()).code).toBe("rate_limited");
    expect(one.ares.posts() + other.ares.posts()).toBe(2);
  });

  it("says that nothing was charged, and stops no charge of 0 credits of a user who is above the cap", async () => {
    const before = quotedWorld();
    const { post } = quotedWorld({ spendCap: { perDay: 0.5 }, ledger: before.ledger });
    expect((await before.post({ usage: "export-pdf" })).status).toBe(200);

    expect(await (await post({ usage: "export-pdf" })).json()).toMatchObject({
      code: "rate_limited",
      message: "This charge would exceed the spending limit. Nothing was charged. Try again later.",
    });
    const free = { usage: "render", resource: "film", input: { pages: 0 }, credits: 0 };
    expect((await post(free)).status).toBe(200);
  });

  it("is one user's own", async () => {
    const { post, session } = world({ spendCap: { perMinute: 4 } });

    expect((await post({ usage: "image" })).status).toBe(200);
    expect((await post({ usage: "image" })).status).toBe(429);
    session.auth = { userId: "user-2", getAccessToken: async () => "token" };
    expect((await post({ usage: "image" })).status).toBe(200);
  });

  it("counts more charges than a page of the ledger holds", async () => {
    const { post, clock } = world({ spendCap: { perDay: 1.5 }, rateLimit: false });
    for (let n = 0; n < 150; n++) {
      expect((await post({ usage: "mite" })).status).toBe(200);
      clock.ms += 1;
    }

    expect((await post({ usage: "mite" })).status).toBe(429);
  });
});
