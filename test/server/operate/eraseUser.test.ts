import { describe, expect, it } from "vitest";
import { type AresAuth, type Ledger, memoryLedger } from "../../../src/server";
import { json, world } from "../world";

const HOUR = 3_600_000;

/** An app whose ledger a test may change, and its user, who presses. */
function app(change: (ledger: Ledger) => Partial<Ledger> = () => ({})) {
  const at = { now: () => 0 };
  const memory = memoryLedger({ now: () => at.now() });
  const w = world({ ledger: { ...memory, ...change(memory) }, rateLimit: false, balance: 1_000 });
  at.now = () => w.clock.ms;
  const press = async (body: object, key = w.key()) => {
    const answer = await w.post(body, { "Idempotency-Key": key });
    return { status: answer.status, code: (await answer.json()).code as string | undefined, key };
  };
  const later = (hours: number) => {
    w.clock.ms += hours * HOUR;
  };
  /** What the book holds by usage and day. */
  async function sums() {
    const all: Record<string, number> = {};
    for (const { usage, createdAt, status, hundredths } of await w.ledger.list({ limit: 1_000 })) {
      const name = `${usage} ${status} ${new Date(createdAt).toISOString().slice(0, 10)}`;
      all[name] = (all[name] ?? 0) + hundredths;
    }
    return all;
  }
  const unconfirmed = () => w.ares.next(() => json(500, {}));
  return { ...w, press, later, sums, unconfirmed, erase: () => w.server.charges.erase("user-1") };
}

/** The members of an answer after which nothing is left of the user. */
const nothingLeft = { stay: 0, open: 0, until: null, tokens: false };

describe("charges.erase", () => {
  it("moves charges older than 25 hours, to the millisecond, and says when the others can go", async () => {
    const { press, later, erase, clock } = app();
    await press({ usage: "export-pdf" });
    const madeAt = clock.ms;
    later(25);

    const young = { moved: 0, stay: 1, open: 0, until: madeAt + 25 * HOUR, tokens: false };
    expect(await erase()).toEqual(young);
    clock.ms += 1;
    expect(await erase()).toEqual({ moved: 1, ...nothingLeft });
    expect(await erase()).toEqual({ moved: 0, ...nothingLeft });
  });

  it("leaves the sums by usage and day as they are, of any number of charges", async () => {
    const { press, later, erase, sums, ledger } = app();
    for (let n = 0; n < 130; n++) {
      await press({ usage: n % 3 ? "mite" : "export-pdf", ...(n % 2 && { resource: `r-${n}` }) });
      later(0.25);
    }
    const before = await sums();

    const { moved, stay } = await erase();

    expect([moved, stay]).toEqual([30, 100]);
    expect(await sums()).toEqual(before);
    later(26);
    expect(await erase()).toEqual({ moved: 100, ...nothingLeft });
    expect(await sums()).toEqual(before);
    expect(JSON.stringify(await ledger.list({ limit: 1_000 }))).not.toMatch(/user-1|r-\d/);
  });

  it("keeps an open charge and what the balance judges it by, until somebody has resolved it", async () => {
    const { press, later, erase, unconfirmed, ledger, server } = app();
    await press({ usage: "image" });
    later(30);
    unconfirmed();
    await press({ usage: "report", resource: "r" });
    await press({ usage: "export-pdf" });
    later(30);

    expect(await erase()).toMatchObject({ moved: 1, stay: 2, open: 1, until: null });
    const [unknown] = await ledger.list({ status: "unknown" });
    await server.charges.resolve(unknown?.id ?? "", "not_charged", "not in the books");
    expect(await erase()).toEqual({ moved: 2, ...nothingLeft });
  });

  it("sells again what was paid, and charges once for it", async () => {
    const { press, later, erase, ares } = app();
    const first = await press({ usage: "report", resource: "r" });
    later(26);
    await erase();

    const again = await press({ usage: "report", resource: "r" });
    expect(again.status).toBe(200);
    expect((await press({ usage: "report", resource: "r" }, again.key)).status).toBe(200);
    expect((await press({ usage: "report", resource: "r" })).status).toBe(200);
    expect(await press({ usage: "report", resource: "r" }, first.key)).toMatchObject({
      status: 200,
    });
    expect(ares.book).toHaveLength(2);
  });

  it("answers a key that is too old with expired, and charges nothing", async () => {
    const { press, later, erase, ares } = app();
    const { key } = await press({ usage: "export-pdf" });
    later(26);
    expect((await press({ usage: "export-pdf" }, key)).status).toBe(200);
    await erase();

    expect(await press({ usage: "export-pdf" }, key)).toMatchObject({
      status: 400,
      code: "idempotency_key_expired",
    });
    expect(ares.book).toHaveLength(1);
  });

  it("replays a young renewal whose chain began long ago, before and after", async () => {
    const { press, later, erase, ares, ledger } = app();
    const pass = { usage: "day", resource: "pass" };
    for (let n = 0; n < 5; n++) {
      await press(pass);
      later(20);
    }
    const { key } = await press(pass);

    expect(await erase()).toMatchObject({ moved: 0, stay: 6 });
    expect((await press(pass, key)).status).toBe(200);
    later(1);
    expect((await press(pass, key)).status).toBe(200);
    expect(ares.book).toHaveLength(6);
    later(26);
    expect(await erase()).toEqual({ moved: 6, ...nothingLeft });
    expect(await ledger.list({ userId: "user-1" })).toEqual([]);
  });

  describe("while a user presses", () => {
    const pass = { usage: "day", resource: "pass" };

    /** Erases the user at the moment when a charge is about to be claimed. */
    function erasedAtTheClaim() {
      let next: (() => Promise<unknown>) | undefined;
      const a = app((ledger) => ({
        async claim(id, claim) {
          const before = next;
          next = undefined;
          await before?.();
          return ledger.claim(id, claim);
        },
      }));
      const eraseAtTheClaim = () => {
        next = a.erase;
      };
      return { ...a, eraseAtTheClaim };
    }

    it.each([1, 2, 5])(
      "loses no renewal and sells none twice, when %i charges of the resource move between the look and the claim",
      async (renewals) => {
        const { press, later, ares, eraseAtTheClaim, ledger } = erasedAtTheClaim();
        for (let n = 0; n < renewals; n++) {
          await press(pass);
          later(26);
        }

        eraseAtTheClaim();
        const met = await press(pass);

        expect(met).toMatchObject({ status: 503, code: "ledger_unavailable" });
        expect(ares.book).toHaveLength(renewals);
        expect(await ledger.list({ userId: "user-1" })).toEqual([]);
        expect((await press(pass, met.key)).status).toBe(200);
        expect((await press(pass)).status).toBe(200);
        expect(ares.book).toHaveLength(renewals + 1);
      },
    );

    it("takes over no old refusal at the end of a chain that has moved", async () => {
      const { press, later, ares, eraseAtTheClaim } = erasedAtTheClaim();
      await press(pass);
      later(26);
      ares.next(() => json(402, { error: "Insufficient credits" }));
      expect((await press(pass)).status).toBe(402);
      later(26);

      eraseAtTheClaim();
      const met = await press(pass);

      expect(met).toMatchObject({ status: 503, code: "ledger_unavailable" });
      expect((await press(pass, met.key)).status).toBe(200);
      expect((await press(pass)).status).toBe(200);
      expect(ares.book).toHaveLength(2);
    });

    it("charges once for a resource whose first refusal moves before the claim", async () => {
      const { press, later, ares, eraseAtTheClaim } = erasedAtTheClaim();
      ares.next(() => json(402, { error: "Insufficient credits" }));
      await press(pass);
      later(26);

      eraseAtTheClaim();
      expect((await press(pass)).status).toBe(200);
      expect((await press(pass)).status).toBe(200);
      expect(ares.book).toHaveLength(1);
    });

    it.each([
      ["young", 0],
      ["frozen for more than a day", 26],
    ])(
      "moves no charge that ARES has, %s: its yes is stored, its key is replayed, and its credits are taken once",
      async (_, hours) => {
        const { press, later, ares, erase, ledger, key, sums } = app();
        const report = { usage: "report", resource: "r" };
        const pressed = key();
        const answer = ares.hold();
        const first = press(report, pressed);
        await expect.poll(ares.posts).toBe(1);
        later(hours);

        expect(await erase()).toMatchObject({ moved: 0, stay: 1, open: 1 });
        const repeated = await press(report, pressed);
        expect(repeated.code).toBe(hours ? "outcome_unknown" : "charge_in_progress");
        answer();
        expect((await first).status).toBe(200);
        expect((await press(report, pressed)).status).toBe(200);
        expect((await press(report)).status).toBe(200);
        expect(ares.book).toHaveLength(1);

        later(26);
        const before = await sums();
        expect(await erase()).toEqual({ moved: 1, ...nothingLeft });
        expect(await sums()).toEqual(before);
        expect(await ledger.list({ userId: "user-1" })).toEqual([]);
      },
    );

    it("sends nothing for a claim that moved before it began", async () => {
      const { press, later, ares, ledger, erase, clock } = app((memory) => ({
        async begin(id, begin) {
          // The worker was frozen for longer than a day.
          clock.ms += 26 * HOUR;
          await erase();
          return memory.begin(id, begin);
        },
      }));
      expect((await press({ usage: "image" })).status).toBe(409);
      expect(ares.book).toEqual([]);
      later(0);
      expect(await ledger.list({ userId: "user-1" })).toEqual([]);
    });
  });

  it("removes the user's ARES tokens first, and moves nothing where that fails", async () => {
    const forgotten: string[] = [];
    let isDown = true;
    const auth = Object.assign(async (): Promise<AresAuth | null> => null, {
      async forget(userId: string) {
        if (isDown) throw new Error("connect ECONNREFUSED");
        forgotten.push(userId);
      },
    });
    const { server } = world({
      auth,
      ledger: {
        ...memoryLedger(),
        async erase() {
          forgotten.push("rows");
          return { moved: 0, next: null };
        },
      },
    });
    await expect(server.charges.erase("user-1")).rejects.toMatchObject({
      code: "auth_unavailable",
    });
    isDown = false;

    expect(await server.charges.erase("user-1")).toMatchObject({ tokens: true });
    expect(forgotten).toEqual(["user-1", "rows"]);
  });

  it("refuses a user without a name, and a ledger that can't forget", async () => {
    const { server } = world();
    await expect(server.charges.erase("")).rejects.toMatchObject({ code: "invalid_request" });
    const { erase: _, ...old } = memoryLedger();
    await expect(world({ ledger: old }).server.charges.erase("user-1")).rejects.toMatchObject({
      code: "invalid_request",
      message: expect.stringContaining("The ledger has no erase()"),
    });
  });

  it("goes on where a run broke off", async () => {
    let calls = 0;
    const { press, later, erase, sums } = app((memory) => ({
      async erase(userId, step) {
        calls += 1;
        if (calls === 2) throw new Error("connect ECONNREFUSED");
        return memory.erase?.(userId, step) ?? Promise.reject();
      },
    }));
    for (let n = 0; n < 150; n++) await press({ usage: "mite", resource: `r-${n}` });
    later(26);
    const before = await sums();

    await expect(erase()).rejects.toMatchObject({ code: "ledger_unavailable" });
    expect(await erase()).toEqual({ moved: 50, ...nothingLeft });
    expect(await sums()).toEqual(before);
  });
});
