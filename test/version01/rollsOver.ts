import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Claim, Ledger, Settlement } from "../../src/server";
import { ledgerRules } from "../../src/testing/ledgerRules/ledgerRules";
import { agreesWithModel, plainRedeem, scheduleOf } from "../ledgers/ledgerModel";
import { world } from "../server/world";
import { TEST_PATIENCE_MS } from "../setup/patience";

/** One store, open to a worker of 0.1 and to a worker of today. */
export interface SharedStore {
  old: Ledger;
  today: Ledger;
  /** True where the engine counts and indexes what a worker of 0.1 writes: SQL does. */
  seesOld: boolean;
  /** Sets the store's clock so many milliseconds ahead. */
  setAhead(ms: number): unknown;
  close(): void | Promise<void>;
}

const DAY_MS = 86_400_000;

/**
 * A deploy: each call meets one of the two workers. The order looks random, and is the same in each run. The verbs that 0.1
 * had not are today's worker's: all of them where the engine sees what the old worker writes.
 */
function either({ old, today, seesOld }: SharedStore): Ledger {
  const { beginWithin, spent, findAll, newest } = today;
  let state = 1;
  const next = () => {
    state = (state * 48_271) % 2_147_483_647;
    return state % 2 ? old : today;
  };
  return {
    claim: (...asked) => next().claim(...asked),
    begin: (...asked) => next().begin(...asked),
    settle: (...asked) => next().settle(...asked),
    find: (...asked) => next().find(...asked),
    redeem: (...asked) => next().redeem(...asked),
    list: (...asked) => next().list(...asked),
    resolve: (...asked) => next().resolve(...asked),
    health: () => today.health(),
    ...(findAll && { findAll }),
    ...(seesOld && beginWithin && spent && newest && { beginWithin, spent, newest }),
  };
}

function order(changes: Partial<Claim> = {}): Claim {
  const facts = { attempt: "a", fingerprint: "f", usage: "export-pdf", resource: null, hundredths: 100 };
  const times = { mintedAt: Date.now() + 60_000, leaseMs: 60_000, retainMs: 600_000 };
  return { ...facts, ...times, key: crypto.randomUUID(), userId: crypto.randomUUID(), ...changes };
}

/** Checks that workers of 0.1 and of today share one ledger during a deploy, and after a way back. */
export function rollsOver(engine: string, open: () => Promise<SharedStore>, { modelRuns = 50 } = {}) {
  describe(`workers of 0.1 and of today on ${engine}`, () => {
    let store: SharedStore;
    beforeAll(async () => {
      store = await open();
    });
    afterAll(() => store?.close());

    async function charged(by: Ledger): Promise<string> {
      const id = crypto.randomUUID();
      await by.claim(id, order());
      await by.begin(id, { attempt: "a", leaseMs: 60_000 });
      await by.settle(id, { attempt: "a", to: "charged", outcome: { balanceAfter: 100 } });
      return id;
    }

    test(
      `agree with the model over ${modelRuns} schedules, whoever takes a step`,
      () => agreesWithModel(() => either(store), modelRuns, scheduleOf(plainRedeem)),
      TEST_PATIENCE_MS + modelRuns * 200,
    );

    for (const { title, run } of ledgerRules) test(title, () => run(either(store)));

    test("give one row of many claims at the same moment to one worker", async () => {
      for (let round = 0; round < 10; round++) {
        const [id, key, userId] = [crypto.randomUUID(), crypto.randomUUID(), crypto.randomUUID()];
        const attempts = Array.from({ length: 12 }, (_, n) => ({ attempt: `${n}`, worker: n % 2 ? store.old : store.today }));

        const begun = await Promise.all(
          attempts.map(async ({ attempt, worker }) => {
            const { k } = await worker.claim(id, order({ key, userId, attempt }));
            return k === "mine" && (await worker.begin(id, { attempt, leaseMs: 60_000 }));
          }),
        );

        expect(begun.filter(Boolean)).toHaveLength(1);
      }
    });

    test("count what the other worker charges, never too little", async () => {
      const [userId, most] = [crypto.randomUUID(), (day: number) => ({ attempt: "a", leaseMs: 60_000, most: { day } })];
      const claimed = async (by: Ledger) => {
        const id = crypto.randomUUID();
        expect(await by.claim(id, order({ userId }))).toEqual({ k: "mine" });
        return id;
      };
      const begun = async (by: Ledger) => {
        const id = await claimed(by);
        expect(await by.begin(id, { attempt: "a", leaseMs: 60_000 })).toBe(true);
        return id;
      };
      const within = async (id: string, day: number) => (await store.today.beginWithin?.(id, most(day)))?.k;

      const [paid, lost] = [await begun(store.old), await begun(store.old), await begun(store.today)];
      await store.old.settle(paid, { attempt: "a", to: "charged", outcome: {} });
      await store.today.settle(lost, { attempt: "a", to: "unknown", outcome: {} });
      const mine = await claimed(store.today);
      expect(await within(mine, 399)).toBe("over");
      expect(await within(mine, 400)).toBe("yes");
      // The other worker's own claims may count too: too much, never too little.
      await begun(store.old);
      expect(await within(await claimed(store.today), 599)).toBe("over");
      expect(await within(await claimed(store.today), 600)).toBe("yes");
    });

    test("count at least what a user's rows add up to, whoever takes which charge, and too much for one window at most", async () => {
      const { old, today, seesOld, setAhead } = store;
      const userId = crypto.randomUUID();
      const spent = async () => (await today.spent?.(userId))?.day ?? Number.NaN;
      // A begin under limits counts what the other worker began.
      const begun = async () => {
        const id = crypto.randomUUID();
        await today.claim(id, order({ userId }));
        expect(await today.beginWithin?.(id, { attempt: "a", leaseMs: 60_000, most: {} })).toEqual({ k: "yes" });
      };
      const summed = async () =>
        (await today.list({ userId, limit: 1_000 }))
          .filter(({ status }) => status === "sending" || status === "unknown" || status === "charged")
          .reduce((sum, { hundredths }) => sum + hundredths, 0);

      const ways: { to: Settlement["to"]; end?: "charged" | "declined"; corrected?: true }[] = [
        ...(["charged", "declined", "claimed", "unknown"] as const).map((to) => ({ to })),
        ...(["charged", "declined"] as const).map((end) => ({ to: "unknown" as const, end })),
        { to: "unknown", end: "declined", corrected: true },
      ];
      for (const [worker, operator] of [
        [old, today],
        [today, old],
        [old, old],
        [today, today],
      ] as const) {
        for (const { to, end, corrected } of ways) {
          const id = crypto.randomUUID();
          await worker.claim(id, order({ userId }));
          expect(await worker.begin(id, { attempt: "a", leaseMs: 60_000 })).toBe(true);
          await begun();
          expect(await worker.settle(id, { attempt: "a", to, outcome: {} })).toBe(true);
          if (end) expect(await operator.resolve(id, { to: end, note: "from ARES's books" })).toBe(true);
          if (corrected) expect(await worker.resolve(id, { to: "charged", note: "ARES confirmed it later", attempt: "a" })).toBe(true);
          await begun();
          const [counted, sum] = [await spent(), await summed()];
          expect(counted).toBeGreaterThanOrEqual(sum);
          if (seesOld) expect(counted).toBe(sum);
        }
      }

      await setAhead(DAY_MS + 25 * 60_000);
      try {
        expect(await spent()).toBe(0);
        await begun();
        expect(await spent()).toBe(100);
      } finally {
        await setAhead(0);
      }
    });

    test("renew one resource by turns: each finds the other's newest charge, and no time is charged twice", async () => {
      const pass = { usage: "day", resource: "day-pass" };
      const auth = { userId: crypto.randomUUID(), getAccessToken: async () => "token" };
      const workers = [store.old, store.today].map((ledger) => {
        const worker = world({ ledger, rateLimit: false });
        worker.session.auth = auth;
        return worker;
      });
      const press = async (worker = workers[0]) => {
        if (worker) worker.clock.ms = Date.now() + 10_000;
        return (await worker?.post(pass))?.headers.get("Idempotency-Replayed");
      };

      for (const turn of [0, 1, 1, 0]) {
        await expect.poll(() => press(workers[turn]), { interval: 100 }).toBe("false");
        expect(await press(workers[1 - turn])).toBe("true");
      }

      expect(workers.flatMap(({ ares }) => ares.book)).toHaveLength(4);
    });

    test("count one use of one charge at the same moment once", async () => {
      for (let round = 0; round < 10; round++) {
        const id = await charged(round % 2 ? store.old : store.today);
        const uses = Array.from({ length: 12 }, (_, n) =>
          n % 2
            ? store.old.redeem(id, { by: `${n}` })
            : store.today.redeem(id, { by: `${n}`, attempt: `run ${n}`, leaseMs: 60_000, body: "m", repeats: 5 }),
        );

        expect((await Promise.all(uses)).filter((answer) => answer === "ok")).toHaveLength(1);
        expect((await store.old.find(id))?.redeemedBy).toHaveLength(1);
      }
    });

    test("read the other's use: a lease of today is a plain mark to 0.1, and a mark of 0.1 is ended work today", async () => {
      const { old, today } = store;
      const run = (attempt: string) => ({ by: "me", attempt, leaseMs: 60_000, body: "m", repeats: 5 });
      const [held, marked] = [await charged(today), await charged(old)];

      expect(await today.redeem(held, run("one"))).toBe("ok");
      expect([await old.redeem(held, { by: "me" }), await old.redeem(held, { by: "other" })]).toEqual(["already_by_me", "used"]);
      expect([await today.redeem(held, run("two")), await today.redeem(held, { ...run("one"), work: "ended" })]).toEqual(["busy", "ok"]);

      expect(await old.redeem(marked, { by: "me" })).toBe("ok");
      expect([
        await today.redeem(marked, { ...run("two"), body: "n" }),
        await today.redeem(marked, { ...run("two"), by: "other" }),
      ]).toEqual(["already_by_me", "used"]);
    });

    test("take a use that the other gave back, and end no use that is gone", async () => {
      const { old, today } = store;
      const id = await charged(today);
      const run = { by: "me", attempt: "one", leaseMs: 60_000 };
      expect(await today.redeem(id, run)).toBe("ok");

      expect(await old.redeem(id, { by: "me", release: true })).toBe("ok");

      expect(await today.redeem(id, { ...run, work: "ended" })).toBe("absent");
      expect(await old.redeem(id, { by: "next" })).toBe("ok");
      expect(await today.redeem(id, { by: "next", release: true })).toBe("ok");
      expect(await today.redeem(id, { ...run, attempt: "two" })).toBe("ok");
      expect((await old.find(id))?.redeemedBy).toEqual(["me"]);
    });

    test("go back to 0.1 alone: it reads, ends and uses every row that today's worker wrote", async () => {
      const { old, today } = store;
      const userId = crypto.randomUUID();
      const ids: Record<string, string> = {};
      for (const to of ["claimed", "sending", "charged", "declined", "unknown"] as const) {
        const id = crypto.randomUUID();
        ids[to] = id;
        await today.claim(id, order({ userId, now: Date.now(), resource: to === "charged" ? "r" : null }));
        if (to !== "claimed") await today.begin(id, { attempt: "a", leaseMs: 60_000 });
        if (to !== "claimed" && to !== "sending") await today.settle(id, { attempt: "a", to, outcome: { aresStatus: 200, wallet: "w" } });
      }
      const { charged: paid = "", unknown = "" } = ids;
      await today.redeem(paid, { by: "me", attempt: "run", leaseMs: 60_000, body: "m", releases: 5 });

      const read = await Promise.all(Object.values(ids).map((id) => old.find(id)));
      expect(read.map((row) => row?.status)).toEqual(Object.keys(ids));
      expect((await old.list({ userId })).map(({ id }) => id).sort()).toEqual(Object.values(ids).sort());
      expect(await old.claim(paid, order({ attempt: "b", userId, resource: "r" }))).toMatchObject({
        k: "done",
        row: { status: "charged" },
      });
      expect([await old.redeem(paid, { by: "me" }), await old.redeem(paid, { by: "other" })]).toEqual(["already_by_me", "used"]);
      expect(await old.redeem(paid, { by: "me", release: true })).toBe("ok");
      expect(await old.resolve(unknown, { to: "charged", note: "in ARES's books" })).toBe(true);
      expect((await today.find(unknown))?.outcome).toEqual({ aresStatus: 200, wallet: "w", note: "in ARES's books" });
    });
  });
}
