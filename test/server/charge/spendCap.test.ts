import { describe, expect, it } from "vitest";
import { json, world } from "../world";

describe("a spending cap", () => {
  it("refuses what would pass it before anything is claimed, per minute and per day", async () => {
    const { post, ares, clock, ledger } = world({ spendCap: { perMinute: 8, perDay: 12 } });

    expect((await post({ usage: "image" })).status).toBe(200);
    expect((await post({ usage: "image" })).status).toBe(200);
    const refused = await post({ usage: "export-pdf" });
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get("Retry-After"))).toBeGreaterThan(0);
    expect(await ledger.list({})).toHaveLength(2);

    clock.ms += 60_001;
    expect((await post({ usage: "image" })).status).toBe(200);
    clock.ms += 60_001;
    expect((await post({ usage: "export-pdf" })).status).toBe(429);
    clock.ms += 24 * 3600 * 1000;
    expect((await post({ usage: "export-pdf" })).status).toBe(200);
    expect(ares.book).toHaveLength(4);
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

  it("counts a charge under way from its claim on", async () => {
    const { post, key, ledger } = world({ spendCap: { perMinute: 4 } });
    const { begin } = ledger;
    let goOn = () => {};
    ledger.begin = async (...args) => {
      await new Promise<void>((done) => {
        goOn = done;
      });
      return begin(...args);
    };
    const headers = { "Idempotency-Key": key() };
    const first = post({ usage: "image" }, headers);
    await expect.poll(() => ledger.list({ status: "claimed" })).toHaveLength(1);

    expect((await (await post({ usage: "mite" })).json()).code).toBe("rate_limited");
    expect((await (await post({ usage: "image" }, headers)).json()).code).toBe("charge_in_progress");
    goOn();
    expect((await first).status).toBe(200);
  });

  it("holds over all servers that share the ledger", async () => {
    const one = world({ spendCap: { perMinute: 8 } });
    const other = world({ spendCap: { perMinute: 8 }, ledger: one.ledger });

    expect((await one.post({ usage: "image" })).status).toBe(200);
    expect((await other.post({ usage: "image" })).status).toBe(200);
    for (const { post } of [one, other]) expect((await (await post({ usage: "mite" })).json()).code).toBe("rate_limited");
    expect(one.ares.posts() + other.ares.posts()).toBe(2);
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
