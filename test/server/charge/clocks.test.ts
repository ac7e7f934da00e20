import { describe, expect, it } from "vitest";
import { type AresAuth, type AresServerOptions, memoryLedger } from "../../../src/server";
import { json, type prices, world } from "../world";

const START = 1_800_000_000_000;
const DAY = 24 * 60 * 60 * 1000;

/** A world whose ledger has its own clock, and is one hour old. */
function apart(ms: number, options: Partial<AresServerOptions<typeof prices>> = {}) {
  const clock = { ms: START - 60 * 60 * 1000 };
  const auth: AresAuth = { userId: "user-1", getAccessToken: async () => "token" };
  const w = world({
    ledger: memoryLedger({ now: () => clock.ms + ms }),
    auth: Object.assign(async () => auth, { forUser: () => auth }),
    now: () => clock.ms,
    ...options,
  });
  clock.ms = START;
  const post = (body: object) =>
    w.post(body, { "Idempotency-Key": `${clock.ms}-${crypto.randomUUID()}` });
  return { ...w, clock, post };
}

describe.each([
  ["90 s behind the server's", -90_000],
  ["3 min ahead of the server's", 180_000],
])("with a ledger whose clock is %s", (_, ms) => {
  it("a spending cap counts the last minute and the last day", async () => {
    const { post, clock, ares } = apart(ms, { spendCap: { perMinute: 8, perDay: 12 } });
    const spend = async (later: number) => {
      clock.ms += later;
      const answer = await post({ usage: "image" });
      return [answer.status, Number(answer.headers.get("Retry-After"))];
    };

    // A charge counts for as long as its window. The wait is rounded up to whole seconds.
    const waits = async (window: number, at: number) => {
      const [status, seconds = 0] = await spend(at);
      expect(status).toBe(429);
      expect(seconds * 1000 + at).toBeGreaterThanOrEqual(window);
      expect(seconds * 1000 + at).toBeLessThanOrEqual(window + 1000);
      return seconds * 1000;
    };

    expect([await spend(0), await spend(0)]).toEqual([
      [200, 0],
      [200, 0],
    ]);
    const minute = await waits(60_000, 50_000);
    expect(await spend(minute)).toEqual([200, 0]);
    const day = await waits(DAY - 50_000 - minute, DAY - 60_000 - minute);
    expect(await spend(day)).toEqual([200, 0]);
    expect(ares.book).toHaveLength(4);
  });

  it("two presses of the guide's button 200 ms apart are one, across the edge of a rounded time too", async () => {
    const { press, clock, ares } = apart(ms);
    clock.ms += 1_900;

    expect((await press({ usage: "export-pdf" })).status).toBe(200);
    clock.ms += 200;
    expect((await press({ usage: "export-pdf" })).status).toBe(200);
    expect(ares.book).toHaveLength(1);
    clock.ms += 1_900;
    await press({ usage: "export-pdf" });
    expect(ares.book).toHaveLength(2);
  });

  it("a press of the guide's button joins an unconfirmed one for a day", async () => {
    const { press, clock, ares } = apart(ms);
    ares.next(() => json(500, {}));
    await press({ usage: "export-pdf" });

    clock.ms += DAY - 1_000;

    expect((await (await press({ usage: "export-pdf" })).json()).code).toBe("outcome_unknown");
    expect(ares.posts()).toBe(1);
  });

  it("reconcile waits until a charge can no longer land", async () => {
    const { post, clock, ares, server, ledger } = apart(ms, { evidence: "balance" });
    ares.next(() => json(500, {}));
    await post({ usage: "image" });

    clock.ms += 119_999;
    expect(await server.reconcile({ apply: true })).toMatchObject([
      { proposal: null, reason: expect.stringContaining("Too early") },
    ]);
    clock.ms += 1;
    expect(await server.reconcile({ apply: true })).toMatchObject([
      { proposal: "not_charged", applied: true },
    ]);
    expect((await ledger.list({})).map(({ status }) => status)).toEqual(["declined"]);
  });
});
