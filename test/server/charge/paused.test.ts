import { describe, expect, it, vi } from "vitest";
import { maxKeyAgeMs } from "../../../src/contract";
import { memoryLedger } from "../../../src/server";
import { json, world } from "../world";

const charge = { usage: "export-pdf" };

/** A shop whose pause a test switches. */
function shop() {
  const switched = { paused: false };
  return { switched, ...world({ paused: () => switched.paused }) };
}

describe("a pause", () => {
  it("refuses a new charge before anything is sent or written, and the same key charges once it is over", async () => {
    const { switched, post, ares, key, ledger } = shop();
    const headers = { "Idempotency-Key": key() };
    switched.paused = true;

    const refused = await post(charge, headers);

    expect(refused.status).toBe(503);
    expect(await refused.json()).toMatchObject({ code: "paused", retryable: true });
    expect(ares.calls).toEqual([]);
    expect(await ledger.list({ userId: "user-1" })).toEqual([]);
    switched.paused = false;
    expect((await post(charge, headers)).status).toBe(200);
    expect(ares.book).toHaveLength(1);
  });

  it("answers a key that was charged from its row", async () => {
    const { switched, post, ares, key } = shop();
    const headers = { "Idempotency-Key": key() };
    await post(charge, headers);
    switched.paused = true;

    const again = await post(charge, headers);

    expect([again.status, again.headers.get("Idempotency-Replayed")]).toEqual([200, "true"]);
    expect(ares.book).toHaveLength(1);
  });

  it("answers a key whose charge is unconfirmed, and one that was declined, from its row", async () => {
    const { switched, post, ares, key } = shop();
    const unconfirmed = { "Idempotency-Key": key() };
    ares.next(() => json(500, {}));
    await post(charge, unconfirmed);
    const declined = { "Idempotency-Key": key() };
    ares.next(() => json(402, { error: "Insufficient credits" }));
    await post(charge, declined);
    switched.paused = true;

    expect((await (await post(charge, unconfirmed)).json()).code).toBe("outcome_unknown");
    expect((await (await post(charge, declined)).json()).code).toBe("insufficient_credits");
    expect(ares.book).toHaveLength(0);
  });

  it("answers a declined key from its row after another key has taken its place", async () => {
    const { switched, post, ares, key } = shop();
    const report = { usage: "report", resource: "42" };
    const first = { "Idempotency-Key": key() };
    ares.next(
      () => json(402, { error: "Insufficient credits" }),
      () => json(403, { error: "No" }),
    );
    await post(report, first);
    await post(report, { "Idempotency-Key": key() });
    switched.paused = true;

    expect((await (await post(report, first)).json()).code).toBe("insufficient_credits");
    const fresh = { "Idempotency-Key": key() };
    expect((await (await post(report, fresh)).json()).code).toBe("paused");
  });

  it.each([{ usage: "export-pdf" }, { usage: "report", resource: "42" }])(
    "lets a charge under way come to its end, and tells a repeat of its key that it is under way: %j",
    async (body) => {
      const { switched, post, get, ares, key, events } = shop();
      const headers = { "Idempotency-Key": key() };
      const answer = ares.hold();
      const first = post(body, headers);
      await expect.poll(ares.posts).toBe(1);
      switched.paused = true;

      expect((await (await post(body, headers)).json()).code).toBe("charge_in_progress");
      const looked = await get(`?charge=${headers["Idempotency-Key"]}`);
      expect((await looked.json()).charge.status).toBe("sending");
      expect((await (await post(charge)).json()).code).toBe("paused");

      answer();
      expect((await first).status).toBe(200);
      expect((await post(body, headers)).headers.get("Idempotency-Replayed")).toBe("true");
      expect(ares.book).toHaveLength(1);
      expect(events.map(({ type }) => type)).toEqual(["charged", "replayed"]);
    },
  );

  it("stores the late yes to a charge that ran out of its lease, and frees the key that ARES did not process", async () => {
    const { switched, post, ares, key, ledger, clock } = shop();
    const [slow, unprocessed] = [{ "Idempotency-Key": key() }, { "Idempotency-Key": key() }];
    const answer = ares.hold();
    ares.next(() => json(429, {}));
    const first = post(charge, slow);
    await expect.poll(ares.posts).toBe(1);
    await post({ usage: "image" }, unprocessed);
    switched.paused = true;
    clock.ms += 60_000;

    expect((await (await post(charge, slow)).json()).code).toBe("outcome_unknown");
    // ARES took nothing, and nothing is sent in a pause: the key is told so, and charges once it is over.
    const codeOf = async () => (await (await post({ usage: "image" }, unprocessed)).json()).code;
    expect(await codeOf()).toBe("paused");
    expect(ares.posts()).toBe(2);

    answer();
    expect((await first).status).toBe(200);
    expect((await ledger.list({ userId: "user-1", status: "charged" })).length).toBe(1);
    switched.paused = false;
    expect(await codeOf()).toBeUndefined();
    expect((await post(charge, slow)).headers.get("Idempotency-Replayed")).toBe("true");
    expect(ares.book.map(({ usage }) => usage)).toEqual(["export-pdf", "image"]);
  });

  it("never says of a key that paid for something else that it took nothing", async () => {
    const { switched, post, key } = shop();
    const headers = { "Idempotency-Key": key() };
    await post(charge, headers);
    switched.paused = true;

    const other = await post({ usage: "report", resource: "42" }, headers);

    expect((await other.json()).code).toBe("idempotency_key_reused");
  });

  it("never says of a key that a lost ledger may have charged that it took nothing", async () => {
    const { post, ares, key, clock } = shop();
    const headers = { "Idempotency-Key": key() };
    await post(charge, headers);
    expect(ares.book).toHaveLength(1);
    clock.ms += 10_000;
    const restored = world({
      paused: () => true,
      now: () => clock.ms,
      ledger: memoryLedger({ now: () => clock.ms }),
    });

    const refused = await restored.post(charge, headers);

    expect(await refused.json()).toMatchObject({ code: "ledger_reset", serverTime: clock.ms });
    const fresh = { "Idempotency-Key": key() };
    expect((await (await restored.post(charge, fresh)).json()).code).toBe("paused");
  });

  it("never says of a key that is older than its row that it took nothing", async () => {
    const { switched, post, ares, key, clock } = shop();
    const headers = { "Idempotency-Key": key() };
    await post(charge, headers);
    clock.ms += 4 * maxKeyAgeMs;
    switched.paused = true;

    expect((await (await post(charge, headers)).json()).code).toBe("idempotency_key_expired");
    expect(ares.book).toHaveLength(1);
  });

  it("leaves reads, the balance and a paid resource as they are", async () => {
    const { switched, post, get } = shop();
    const report = { usage: "report", resource: "42" };
    await post(report);
    switched.paused = true;

    expect((await get()).status).toBe(200);
    const paid = await get("?usage=report&resource=42");
    expect([paid.status, (await paid.json()).charge?.status]).toEqual([200, "charged"]);
    // A press on a page that does not know of the payment yet.
    expect((await post(report)).headers.get("Idempotency-Replayed")).toBe("true");
  });

  it("stops a charge of server code too", async () => {
    const { switched, server, ares, key } = shop();
    switched.paused = true;
    const request = new Request("https://app.example/api/pdf", {
      method: "POST",
      headers: { "Sec-Fetch-Site": "same-origin" },
    });

    await expect(server.charge(request, { usage: "export-pdf", key: key() })).rejects.toMatchObject(
      { code: "paused" },
    );
    expect(ares.calls).toEqual([]);
  });

  it("holds where paused() throws, and tells onError", async () => {
    const errors: unknown[] = [];
    const { post, ares } = world({
      paused: () => {
        throw new Error("the flag service is down");
      },
      onError: (error) => errors.push(error),
    });

    expect((await (await post(charge)).json()).code).toBe("paused");
    expect(ares.calls).toEqual([]);
    expect(errors.map(String)).toEqual(["Error: the flag service is down"]);
  });

  it("holds where paused() takes longer than a second", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    try {
      const { post, ares } = world({ paused: () => new Promise(() => {}), onError: () => {} });
      const refused = post(charge);
      await vi.advanceTimersByTimeAsync(1_000);
      expect((await (await refused).json()).code).toBe("paused");
      expect(ares.calls).toEqual([]);
    } finally {
      vi.useRealTimers();
    }
  });
});
