import { describe, expect, it, vi } from "vitest";
import type { AresAuth, AresServerOptions } from "../../../src/server";
import { json, type prices, world } from "../world";

const HOUR = 60 * 60 * 1000;

/** A world that gathers evidence. The tests say who asks. */
function evident(options: Partial<AresServerOptions<typeof prices>> = {}) {
  const auth: AresAuth = { userId: "user-1", getAccessToken: async () => "token" };
  const session = { auth };
  const w = world({
    evidence: "balance",
    rateLimit: false,
    auth: Object.assign(async () => session.auth, {
      forUser: (userId: string): AresAuth => ({ ...session.auth, userId }),
    }),
    ...options,
  });
  /** A charge of this user that ARES neither books nor confirms. */
  async function lose(resource: string, userId = "user-1") {
    session.auth = { ...session.auth, userId };
    w.ares.next(() => json(500, {}));
    await w.post({ usage: "report", resource });
    w.clock.ms += 1;
  }
  const resources = async (looked: Promise<{ chargeId: string }[]>) => {
    const rows = await w.ledger.list({ limit: 1_000 });
    return (await looked).map(({ chargeId }) => rows.find(({ id }) => id === chargeId)?.resource);
  };
  return { ...w, session, lose, resources };
}

describe("reconcile looks", () => {
  it("at the oldest first, and at no more than its limit", async () => {
    const { server, lose, resources, clock } = evident({ evidence: "none" });
    for (const name of ["first", "second", "third"]) await lose(name, name);
    clock.ms += HOUR;

    expect(await resources(server.reconcile())).toEqual(["first", "second", "third"]);
    expect(await resources(server.reconcile({ limit: 2 }))).toEqual(["first", "second"]);
  });

  it("at the oldest of more rows than one page of the ledger holds", async () => {
    const { server, lose, resources, ledger } = evident({ evidence: "none" });
    await lose("first", "user-0");
    for (let n = 1; n <= 520; n++) await lose(`later-${n}`, `user-${n}`);
    const asked = vi.spyOn(ledger, "list");

    expect(await resources(server.reconcile({ limit: 2 }))).toEqual(["first", "later-1"]);
    expect(asked.mock.calls.filter(([{ status }]) => status === "unknown").length).toBeGreaterThan(
      1,
    );
  });

  it("last at those that are too old for evidence, which it never judges", async () => {
    const { server, lose, resources, clock } = evident();
    await lose("ancient", "user-a");
    clock.ms += 72 * HOUR - 1;
    await lose("recent", "user-b");
    clock.ms += HOUR;

    expect(await resources(server.reconcile({ limit: 1 }))).toEqual(["recent"]);
    const [recent, ancient] = await server.reconcile({ apply: true });
    expect(recent).toMatchObject({ proposal: "not_charged", applied: true });
    expect(ancient).toMatchObject({
      proposal: null,
      applied: false,
      reason: expect.stringContaining("Too old"),
    });
    expect(await server.charges.list({ status: "unknown" })).toHaveLength(1);
  });
});

describe("reconcile says nothing sound", () => {
  const reasons = async ({ server }: ReturnType<typeof evident>) =>
    (await server.reconcile({ apply: true })).map(({ proposal, applied, reason }) => [
      proposal,
      applied,
      reason,
    ]);

  it("where the balance was not read before the charge", async () => {
    const blind = evident({ evidence: "none" });
    await blind.lose("r-1");
    blind.clock.ms += HOUR;

    expect(await reasons(blind)).toEqual([
      [null, false, "The account's balance before this charge is not known."],
    ]);
    expect(await blind.ledger.list({ status: "unknown" })).toHaveLength(1);
  });

  it("where nobody can read the balance without a request", async () => {
    const w = evident({
      auth: async () => ({ userId: "user-1", getAccessToken: async () => "token" }),
    });
    await w.lose("r-1");
    w.clock.ms += HOUR;

    expect(await reasons(w)).toEqual([
      [null, false, "auth has no forUser(), so the balance can't be read."],
    ]);
  });

  it("where the balance can't be read now", async () => {
    const w = evident();
    await w.lose("r-1");
    w.clock.ms += HOUR;
    w.session.auth = { userId: "user-1", getAccessToken: async () => null };

    expect(await reasons(w)).toEqual([[null, false, "The balance could not be read."]]);
  });

  it("while the balance is moving", async () => {
    const w = evident();
    await w.lose("r-1");
    w.clock.ms += HOUR;
    const { calls, book } = w.ares;
    const before = calls.length;
    calls.push = (...more) => {
      if (calls.length === before + 1)
        book.push({ token: "", usage: "elsewhere", credits: 3, clientId: "another-app" });
      return Array.prototype.push.apply(calls, more);
    };

    expect(await reasons(w)).toEqual([[null, false, "Two readings of the balance differ."]]);
  });

  it.each([
    [98, "not_charged"],
    [99, null],
  ])("where it can't see all of a user's charges: beside %i others", async (others, proposal) => {
    const w = evident();
    await w.lose("r-1");
    w.clock.ms += HOUR;
    for (let n = 0; n < others; n++) await w.post({ usage: "mite", resource: `other-${n}` });
    w.clock.ms += HOUR;

    expect(await w.server.reconcile()).toMatchObject([{ proposal }]);
  });

  it("of a charge whose balance was read while another one was settled, before its own row was made", async () => {
    const w = evident();
    let readFirst = () => {};
    const free = new Promise<void>((resolve) => (readFirst = resolve));
    let held = true;
    const slow = world({
      evidence: "balance",
      auth: async () => w.session.auth,
      ledger: w.ledger,
      now: () => w.clock.ms,
      ares: {
        async fetch(url, init) {
          const answer = await w.ares.fetch(url, init);
          if (held && url.endsWith("/v1/user")) await free;
          return answer;
        },
        timeoutMs: 2_000,
      },
    });
    const second = slow.post({ usage: "report", resource: "second" });
    await expect.poll(() => w.ares.calls).toHaveLength(1);
    w.clock.ms += 5;
    expect((await w.post({ usage: "report", resource: "first" })).status).toBe(200);
    w.clock.ms += 5;
    w.ares.next(() => json(500, {}));
    held = false;
    readFirst();
    expect((await (await second).json()).code).toBe("outcome_unknown");
    w.clock.ms += HOUR;

    expect(await reasons(w)).toEqual([[null, false, "Another charge of this user was under way."]]);
    expect(w.ares.book).toHaveLength(1);
    expect((await w.ledger.list({ status: "unknown" })).map(({ resource }) => resource)).toEqual([
      "second",
    ]);
  });
});

describe("a sender that was lost", () => {
  it("is written down as unknown once, with an event, and its late yes still settles the charge", async () => {
    const { server, ledger, clock, events, get } = world();
    const sender = world({ ledger });
    let confirm = () => {};
    sender.ares.next(
      (deduct) =>
        new Promise((done) => {
          deduct();
          confirm = () => done(json(200, { message: "Success" }));
        }),
    );
    const charging = sender.post({ usage: "image", resource: "r-1" });
    await expect.poll(() => sender.ares.posts()).toBe(1);
    clock.ms += 60_000;
    const [before] = await ledger.list({ status: "unknown" });

    await server.reconcile({ apply: true });
    await server.reconcile({ apply: true });

    const [row] = await ledger.list({ status: "unknown" });
    expect([before?.settledAt, row?.settledAt]).toEqual([null, clock.ms]);
    expect(events).toMatchObject([{ type: "unknown", code: "outcome_unknown", chargeId: row?.id }]);
    confirm();
    expect((await charging).status).toBe(200);
    expect((await (await get("?usage=image&resource=r-1")).json()).charge.status).toBe("charged");
    expect(sender.ares.book).toHaveLength(1);
  });
});
