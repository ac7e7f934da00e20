import { describe, expect, it, vi } from "vitest";
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
