import { describe, expect, it } from "vitest";
import { type Ledger, memoryLedger } from "../../../src/server";
import { json, world } from "../world";

const charge = { usage: "export-pdf" } as const;
const MINUTE = 60_000;

/** Two servers of one app: one ledger, one clock, and a limit on new charges that both have. */
function fleet(options: Parameters<typeof world>[0] = {}) {
  const rateLimit = { chargesOnAllServers: 2 };
  const one = world({ rateLimit, ...options });
  const now = () => one.clock.ms;
  const other = world({ rateLimit, now, ...options, ledger: one.ledger });
  return { one, other, posts: () => one.ares.posts() + other.ares.posts() };
}

const codeOf = async (answer: Promise<Response>) => (await (await answer).json()).code;

describe("a limit on new charges", () => {
  it("holds over all servers that share the ledger: nothing is sent or written, and Retry-After says when to come back", async () => {
    const { one, other, posts } = fleet();
    const headers = { "Idempotency-Key": one.key() };
    expect((await one.post(charge)).status).toBe(200);
    one.clock.ms += 20_500;
    expect((await other.post(charge)).status).toBe(200);
    const calls = [...one.ares.calls, ...other.ares.calls];

    const refused = [await one.post(charge, headers), await other.post(charge)];

    for (const answer of refused) {
      expect([answer.status, answer.headers.get("Retry-After")]).toEqual([429, "40"]);
      const body = await answer.json();
      expect(body).toMatchObject({ code: "rate_limited", retryable: true });
      expect(body.message).toContain("This request charged nothing.");
      expect(body.chargeId).toBeUndefined();
    }
    expect([...one.ares.calls, ...other.ares.calls]).toEqual(calls);
    expect(posts()).toBe(2);
    expect(await one.ledger.list({ userId: "user-1" })).toHaveLength(2);
    const looked = await one.get(`?charge=${headers["Idempotency-Key"]}`);
    expect((await looked.json()).charge.status).toBe("absent");

    one.clock.ms += 40_000;
    expect((await other.post(charge, headers)).status).toBe(200);
    expect(posts()).toBe(3);
  });

  it("answers a key that has a row from its row, on every server: charged, declined, unconfirmed", async () => {
    const { one, other, posts } = fleet({ rateLimit: { chargesOnAllServers: 3 } });
    const [charged, declined, unknown] = [one.key(), one.key(), one.key()];
    await one.post(charge, { "Idempotency-Key": charged });
    one.ares.next(
      () => json(402, { error: "Insufficient credits" }),
      () => json(500, {}),
    );
    await one.post(charge, { "Idempotency-Key": declined });
    await one.post(charge, { "Idempotency-Key": unknown });
    expect(await codeOf(other.post(charge))).toBe("rate_limited");

    const again = await other.post(charge, { "Idempotency-Key": charged });
    expect([again.status, again.headers.get("Idempotency-Replayed")]).toEqual([200, "true"]);
    const repeated = (key: string) => codeOf(other.post(charge, { "Idempotency-Key": key }));
    expect(await repeated(declined)).toBe("insufficient_credits");
    expect(await repeated(unknown)).toBe("outcome_unknown");
    expect(posts()).toBe(3);
  });

  it("tells a repeat of a charge under way that it is under way", async () => {
    const { one, other, posts } = fleet({ rateLimit: { chargesOnAllServers: 1 } });
    const answer = one.ares.hold();
    const headers = { "Idempotency-Key": one.key() };
    const first = one.post(charge, headers);
    await expect.poll(posts).toBe(1);

    expect(await codeOf(other.post(charge, headers))).toBe("charge_in_progress");
    expect(await codeOf(other.post(charge))).toBe("rate_limited");
    answer();
    expect((await first).status).toBe(200);
    expect(posts()).toBe(1);
  });

  it("stops no press for what is paid, and counts its renewal", async () => {
    const { one, other, posts } = fleet({ rateLimit: { chargesOnAllServers: 1 } });
    const day = { usage: "day", resource: "monday" };
    await one.post(day);

    expect((await other.post(day)).headers.get("Idempotency-Replayed")).toBe("true");
    expect(posts()).toBe(1);

    // The paid time ends after a second, and the next charge is a row of its own.
    one.clock.ms += 1_000;
    expect(await codeOf(other.post(day))).toBe("rate_limited");
    one.clock.ms += MINUTE;
    expect((await other.post(day)).status).toBe(200);
    expect(posts()).toBe(2);
  });

  it("counts a press that was declined, so no new key asks ARES again for the same resource", async () => {
    const { one, other, posts } = fleet({ rateLimit: { chargesOnAllServers: 1 } });
    const report = { usage: "report", resource: "42" };
    const declined = { "Idempotency-Key": one.key() };
    one.ares.next(() => json(402, { error: "Insufficient credits" }));
    await one.post(report, declined);

    expect(await codeOf(other.post(report))).toBe("rate_limited");
    expect(await codeOf(other.post(report, declined))).toBe("insufficient_credits");
    expect(posts()).toBe(1);
  });

  it("counts one charge for all repeats of a key that ARES did not process", async () => {
    const { one, other } = fleet();
    const headers = { "Idempotency-Key": one.key() };
    const busy = () => json(429, {});
    one.ares.next(busy, busy, busy);
    for (let n = 0; n < 3; n++) expect((await one.post(charge, headers)).status).toBe(429);

    expect((await one.post(charge, headers)).status).toBe(200);
    expect((await other.post(charge)).status).toBe(200);
    expect(await codeOf(other.post(charge))).toBe("rate_limited");
  });

  it("stands behind a pause and before the spending cap, and each says its own", async () => {
    const switched = { paused: false };
    const { one, other, posts } = fleet({
      paused: () => switched.paused,
      spendCap: { perMinute: 1 },
    });
    await one.post(charge);
    const capped = { "Idempotency-Key": one.key() };
    const message = async (answer: Promise<Response>) => (await (await answer).json()).message;
    expect(await message(other.post(charge, capped))).toContain("spending limit");
    // The press that the cap refused stands in the ledger as well, and its key may come again.
    expect(await message(other.post(charge))).toContain("Too many requests");
    expect(await message(other.post(charge, capped))).toContain("spending limit");
    switched.paused = true;
    expect(await codeOf(other.post(charge))).toBe("paused");

    switched.paused = false;
    one.clock.ms += MINUTE;
    expect((await other.post(charge, capped)).status).toBe(200);
    expect(posts()).toBe(2);
  });

  it("is each user's own, and leaves reads to each process", async () => {
    const { one, other } = fleet({ rateLimit: { chargesOnAllServers: 1 } });
    await one.post(charge);
    expect(await codeOf(other.post(charge))).toBe("rate_limited");
    expect((await other.get()).status).toBe(200);

    other.session.auth = { userId: "user-2", getAccessToken: async () => "token" };
    expect((await other.post(charge)).status).toBe(200);
  });

  it("stands behind the limit of each process, which asks the ledger nothing", async () => {
    const { one, other } = fleet({ rateLimit: { charges: 1, chargesOnAllServers: 5 } });
    await one.post(charge);

    expect(await codeOf(one.post(charge))).toBe("rate_limited");
    expect((await other.post(charge)).status).toBe(200);
    expect(await one.ledger.list({ userId: "user-1" })).toHaveLength(2);
  });

  it("stops charges of server code and of buttons without a key", async () => {
    const { one, other, posts } = fleet({ rateLimit: { chargesOnAllServers: 1 } });
    await one.post(charge);

    expect(await codeOf(other.press({ usage: "image" }))).toBe("rate_limited");
    const request = new Request("https://app.example/api/pdf", {
      method: "POST",
      headers: { "Sec-Fetch-Site": "same-origin" },
    });
    const { server } = other;
    await expect(server.charge(request, charge)).rejects.toMatchObject({ code: "rate_limited" });
    expect(posts()).toBe(1);
  });

  it("never says of a key that a lost ledger may have charged that it took nothing", async () => {
    const { one } = fleet();
    const headers = { "Idempotency-Key": one.key() };
    await one.post(charge, headers);
    one.clock.ms += 10_000;
    const now = () => one.clock.ms;
    const restored = world({
      now,
      ledger: memoryLedger({ now }),
      rateLimit: { chargesOnAllServers: 1 },
    });
    await restored.post(charge, { "Idempotency-Key": one.key() });

    expect(await codeOf(restored.post(charge, { "Idempotency-Key": one.key() }))).toBe(
      "rate_limited",
    );
    expect(await codeOf(restored.post(charge, headers))).toBe("ledger_reset");
  });

  it("has the same text and Retry-After as the limit of a process", async () => {
    const { one } = fleet({ rateLimit: { charges: 1 } });
    await one.post(charge);
    const { one: limited } = fleet({ rateLimit: { chargesOnAllServers: 1 } });
    await limited.post(charge);

    const [process, all] = [await one.post(charge), await limited.post(charge)];
    const shown = async (answer: Response) => {
      const { message, code } = await answer.json();
      return { message, code, wait: answer.headers.get("Retry-After") };
    };
    expect(await shown(all)).toEqual(await shown(process));
  });
});

describe("a server with a limit on new charges", () => {
  it("asks a ledger that is an object of a class", async () => {
    const inner = memoryLedger({ now: () => 1_800_000_000_000 });
    const ledger: Ledger & { inner: Ledger } = {
      ...inner,
      inner,
      async claimWithin(id, claim) {
        const claimed = await this.inner.claimWithin?.(id, claim);
        return claimed ?? { k: "reset" };
      },
    };
    const { post } = world({ ledger, rateLimit: { chargesOnAllServers: 1 } });

    expect((await post(charge)).status).toBe(200);
    expect((await post(charge)).status).toBe(429);
  });

  it("refuses to start on a ledger that can't count, by the name of the verb", () => {
    const { claimWithin: _, ...ledger } = memoryLedger();

    expect(() => world({ ledger, rateLimit: { chargesOnAllServers: 9 } })).toThrow(/claimWithin/);
    expect(() => world({ ledger, rateLimit: { charges: 9 } })).not.toThrow();
    expect(() => world({ ledger, rateLimit: false })).not.toThrow();
  });

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])(
    "refuses to start with %d charges on all servers",
    (chargesOnAllServers) => {
      expect(() => world({ rateLimit: { chargesOnAllServers } })).toThrow(/chargesOnAllServers/);
    },
  );

  it("refuses to start with a window that the ledger's rows may not outlive", () => {
    const windowMs = 24 * 60 * MINUTE;
    const start = (ms: number) => world({ rateLimit: { chargesOnAllServers: 9, windowMs: ms } });

    expect(() => start(windowMs + 1)).toThrow(/windowMs/);
    expect(() => start(windowMs)).not.toThrow();
    expect(() => world({ rateLimit: { windowMs: windowMs + 1 } })).not.toThrow();
  });

  it("asks the ledger's plain claim where there is no limit", async () => {
    const ledger = memoryLedger({ now: () => 1_800_000_000_000 });
    const refuse = () => Promise.reject(new Error("claimWithin was asked"));
    const { post } = world({ ledger: { ...ledger, claimWithin: refuse } });

    expect((await post(charge)).status).toBe(200);
  });
});
