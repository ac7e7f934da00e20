import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type AresServerOptions, memoryLedger } from "../../../src/server";
import { json, type prices, world } from "../world";

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
afterEach(() => void vi.useRealTimers());

/** A ledger that goes away when ARES has been asked, and comes back when the test says so. */
function outage(options: Partial<AresServerOptions<typeof prices>> = {}) {
  const clock = { ms: 1_800_000_000_000 };
  const ledger = memoryLedger({ now: () => clock.ms });
  const { settle } = ledger;
  const state = { down: true, tries: 0 };
  ledger.settle = async (...args) => {
    state.tries += 1;
    if (state.down) throw new Error("The connection is gone.");
    return settle(...args);
  };
  const w = world({ ...options, ledger, now: () => clock.ms });
  async function pass(ms: number) {
    clock.ms += ms;
    await vi.advanceTimersByTimeAsync(ms);
  }
  return { ...w, ledger, state, pass, clock };
}

describe("a ledger that is away after ARES said yes", () => {
  it.each([
    ["25 seconds", 25_000],
    ["three hours", 3 * 3_600_000],
  ])("for %s has the charge once it is back", async (_, ms) => {
    const { post, get, key, state, pass, events } = outage();
    const paid = key();
    expect((await post({ usage: "export-pdf" }, { "Idempotency-Key": paid })).status).toBe(200);

    await pass(ms);
    expect((await (await get(`?charge=${paid}`)).json()).charge.status).toMatch(/sending|unknown/);
    state.down = false;
    await pass(60_000);

    expect((await (await get(`?charge=${paid}`)).json()).charge.status).toBe("charged");
    expect(events.map(({ type }) => type)).toEqual(["settle_delayed", "charged"]);
  });

  it("is asked by one outcome a second, then a minute, and the others follow the first", async () => {
    const { post, state, pass, server } = outage();
    for (let n = 0; n < 20; n++) await post({ usage: "export-pdf" });
    state.tries = 0;

    await pass(60_000);
    expect(state.tries).toBeGreaterThan(55);
    expect(state.tries).toBeLessThan(65);
    state.tries = 0;
    await pass(600_000);
    expect(state.tries).toBeLessThan(13);

    state.down = false;
    await pass(60_000);
    expect(await server.charges.list({ status: "charged" })).toHaveLength(20);
  });

  it("is waited for by at most 1,000 outcomes; of the next one an event tells id and verdict, which an operator can apply", async () => {
    const { post, events, state, server, pass, clock } = outage({ rateLimit: false });
    const shared = Array.from({ length: 1_001 }, () => () => post({ usage: "mite" }));
    for (const each of shared) await each();

    const lost = events.filter((event) => event.type === "settle_lost");
    expect(lost).toMatchObject([{ verdict: "charged", usage: "mite" }]);
    state.down = false;
    clock.ms += 3_600_000;
    await pass(60_000);
    const [event] = lost;
    expect(
      await server.charges.resolve(
        event?.chargeId ?? "",
        event?.verdict ?? "not_charged",
        "By the event.",
      ),
    ).toBe(true);
    expect(await server.charges.list({ status: "charged", limit: 2_000 })).toHaveLength(1_001);
  });

  it("keeps a serverless function alive until the outcome is stored", async () => {
    const work: Promise<void>[] = [];
    const { post, state, pass } = outage({ waitUntil: (each) => void work.push(each) });
    await post({ usage: "export-pdf" });
    let ended = false;
    void Promise.all(work).then(() => {
      ended = true;
    });

    await pass(5_000);
    expect([work.length, ended]).toEqual([1, false]);
    state.down = false;
    await pass(1_000);
    expect(ended).toBe(true);
  });

  it("keeps no process alive", async () => {
    vi.useRealTimers();
    const timers: NodeJS.Timeout[] = [];
    const real = globalThis.setTimeout;
    vi.spyOn(globalThis, "setTimeout").mockImplementation(((work: () => void, ms?: number) => {
      const timer = real(work, ms);
      timers.push(timer);
      return timer;
    }) as never);
    await outage().post({ usage: "export-pdf" });
    vi.restoreAllMocks();

    expect(timers.at(-1)?.hasRef()).toBe(false);
    for (const timer of timers) clearTimeout(timer);
  });
});

describe("a ledger that is away after ARES did nothing", () => {
  it.each([
    ["429", json(429, {})],
    ["401", json(401, { error: "Invalid token" })],
  ])("after %s frees key and resource once it is back", async (_, answer) => {
    const { post, ares, key, state, pass } = outage();
    const body = { usage: "report", resource: "r" };
    const first = { "Idempotency-Key": key() };
    ares.next(() => answer);
    expect((await post(body, first)).status).not.toBe(200);

    await pass(3_600_000);
    state.down = false;
    await pass(60_000);

    expect((await post(body, first)).status).toBe(200);
    expect(ares.book).toHaveLength(1);
  });

  it("is believed after reconcile has stored the row as unknown: another key pays, once", async () => {
    const { post, ares, ledger, state, pass, server } = outage();
    const body = { usage: "report", resource: "r" };
    ares.next(() => json(429, {}));
    await post(body);
    await pass(3_600_000);
    state.down = false;
    await server.reconcile({ apply: true });
    expect((await ledger.list({})).map(({ status }) => status)).toEqual(["unknown"]);

    await pass(60_000);

    expect((await post(body)).status).toBe(200);
    expect(ares.book).toHaveLength(1);
  });

  it("frees nothing once the row is another key's, whose outcome nobody knows", async () => {
    const { post, ares, ledger, state, pass, server } = outage();
    const body = { usage: "report", resource: "r" };
    ares.next(
      () => json(429, {}),
      () => json(500, {}),
    );
    await post(body);
    await pass(3_600_000);
    const [row] = await server.charges.list({ status: "unknown" });
    await server.charges.resolve(row?.id ?? "", "not_charged", "Not in ARES's books.");
    await post(body);
    await pass(3_600_000);

    state.down = false;
    await pass(60_000);

    // The first key's refusal has a row of its own since the second key took the resource's row.
    const rows = await ledger.list({});
    expect(rows.map(({ status }) => status).sort()).toEqual(["declined", "unknown"]);
    expect((await (await post(body)).json()).code).toBe("outcome_unknown");
  });
});
