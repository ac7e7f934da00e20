import type { Ledger } from "ares-react/server";
import { type Desk, type LedgerRule, LONG_MS, PAST_SHORT_MS, rule, SHORT_MS } from "./desk";

type BeginWithin = NonNullable<Ledger["beginWithin"]>;
type Most = Parameters<BeginWithin>[1]["most"];

/** A charge of one credit by the rule's user, in a row of its own. */
interface Order {
  id: string;
  attempt: string;
  key: string;
  hundredths?: number;
}

/** What the rules of this page work with. */
interface Till {
  newOrder(changes?: Partial<Order>): Order;
  claim(order: Order): Promise<Order>;
  /** Begins a claimed charge under limits, and gives the answer's word. */
  begin(order: Order, most: Most): Promise<string>;
  /** Claims a new charge and begins it under limits. Fails unless the charge begins. */
  spend(most: Most, changes?: Partial<Order>): Promise<Order>;
  settle(order: Order, to: "charged" | "declined" | "unknown" | "claimed"): Promise<boolean>;
  /** Fails unless the user's charges add up to so much, in the last minute and in the last day. */
  addsUpTo(hundredths: number, after: string): Promise<void>;
}

/** A rule for ledgers that hold users within limits. A ledger without the verb is not asked: `spendCap` refuses that ledger. */
function limiting(
  title: string,
  check: (desk: Desk, till: Till, beginWithin: BeginWithin) => Promise<void>,
): LedgerRule {
  return rule(title, async (desk) => {
    const { beginWithin } = desk.ledger;
    if (beginWithin) await check(desk, openTill(desk, beginWithin), beginWithin);
  });
}

function openTill(desk: Desk, beginWithin: BeginWithin): Till {
  const { ledger, newId } = desk;
  const till: Till = {
    newOrder: (changes) => ({ id: newId(), attempt: newId(), key: newId(), ...changes }),
    async claim({ id, ...facts }) {
      const order = { id, ...facts };
      desk.equal(await desk.claim(facts, id), { k: "mine" }, "the answer to a claim");
      return order;
    },
    begin: async ({ id, attempt }, most) =>
      (await beginWithin(id, { attempt, leaseMs: LONG_MS, most })).k,
    async spend(most, changes) {
      const order = await till.claim(till.newOrder(changes));
      desk.equal(await till.begin(order, most), "yes", "the answer to a charge that fits");
      return order;
    },
    settle: ({ id, attempt }, to) => ledger.settle(id, { attempt, to, outcome: {} }),
    async addsUpTo(hundredths, after) {
      const [over, fits] = [hundredths + 99, hundredths + 100];
      for (const most of [{ minute: over }, { day: over }]) {
        const refused = await till.claim(till.newOrder());
        const what = `the answer to one more credit than ${show(most)} allows, after ${after}`;
        desk.equal(await till.begin(refused, most), "over", what);
      }
      const last = await till.claim(till.newOrder());
      const what = `the answer to the last credit that fits, after ${after}`;
      desk.equal(await till.begin(last, { minute: fits, day: fits }), "yes", what);
      await till.settle(last, "claimed");
    },
  };
  return till;
}

const show = (most: Most) => JSON.stringify(most);

const windows = ["minute", "day"] as const;

/** The limits on what a user spends. */
export const spendingRules: readonly LedgerRule[] = [
  ...windows.map((window) =>
    limiting(`lets charges begin up to exactly the limit of a ${window}`, async (desk, till) => {
      const most = { [window]: 475 };
      for (let n = 0; n < 4; n++) await till.spend(most);
      const refused = await till.claim(till.newOrder());
      desk.equal(await till.begin(refused, most), "over", "the answer to a fifth credit");
      await till.spend(most, { hundredths: 75 });
      const cent = await till.claim(till.newOrder({ hundredths: 1 }));
      desk.equal(await till.begin(cent, most), "over", "the answer to one hundredth more");
      await till.addsUpTo(475, "these charges");
    }),
  ),

  ...windows.map((window) =>
    limiting(
      `lets exactly four of a hundred charges at once begin under a limit of four a ${window}`,
      async (desk, till) => {
        const begun = await Promise.all(
          Array.from({ length: 100 }, async () =>
            till.begin(await till.claim(till.newOrder()), { [window]: 400 }),
          ),
        );
        const count = (word: string) => begun.filter((each) => each === word).length;
        desk.equal([count("yes"), count("over")], [4, 96], "how many began, and were over");
        await till.addsUpTo(400, "a hundred begins at once");
      },
    ),
  ),

  limiting(
    "lets exactly the rest begin of a hundred charges at once, where some began before without limits",
    async (desk, till) => {
      for (let n = 0; n < 3; n++) {
        const { id, attempt } = await till.claim(till.newOrder());
        await desk.ledger.begin(id, { attempt, leaseMs: LONG_MS });
      }
      const begun = await Promise.all(
        Array.from({ length: 100 }, async () =>
          till.begin(await till.claim(till.newOrder()), { minute: 900, day: 700 }),
        ),
      );
      desk.equal(begun.filter((word) => word === "yes").length, 4, "how many began");
      await till.addsUpTo(700, "a hundred begins at once");
    },
  ),

  limiting(
    "counts a charge once when its begin is repeated at the same instant",
    async (desk, till) => {
      const order = await till.claim(till.newOrder());
      const most = { minute: 200, day: 200 };
      desk.equal(
        await Promise.all([1, 2, 3, 4].map(() => till.begin(order, most))),
        ["yes", "yes", "yes", "yes"],
        "the answers",
      );
      await till.addsUpTo(100, "four begins");
      await till.spend(most);
      await till.addsUpTo(200, "another charge");
    },
  ),

  ...(["claimed", "declined"] as const).map((to) =>
    limiting(`gives back what a charge took that is settled as ${to}, once`, async (desk, till) => {
      const most = { minute: 300, day: 300 };
      const [first] = [await till.spend(most), await till.spend(most), await till.spend(most)];
      desk.equal(
        await Promise.all([1, 2, 3].map(() => till.settle(first, to))),
        [true, true, true],
        "the answers to its settlements at once",
      );
      await till.spend(most);
      await till.addsUpTo(300, `a charge in the place of one that was ${to}`);
    }),
  ),

  limiting(
    "counts a charge that is charged or unknown, and one whose sender is lost, until its end proves that nothing was charged",
    async (desk, till, beginWithin) => {
      const most = { minute: 400, day: 400 };
      const [charged, unknown] = [await till.spend(most), await till.spend(most)];
      const [lost, resolved] = [await till.claim(till.newOrder()), await till.spend(most)];
      await beginWithin(lost.id, { attempt: lost.attempt, leaseMs: SHORT_MS, most });
      await till.settle(charged, "charged");
      await till.settle(unknown, "unknown");
      await till.settle(resolved, "unknown");
      await desk.wait(PAST_SHORT_MS);
      await till.addsUpTo(400, "their outcomes");

      await desk.ledger.resolve(resolved.id, { to: "charged", note: "in ARES's books" });
      await till.addsUpTo(400, "an end as charged");
      for (const { id } of [unknown, lost])
        await desk.ledger.resolve(id, { to: "declined", note: "not in ARES's books" });
      await till.addsUpTo(200, "two ends as not charged");
    },
  ),

  limiting("counts a charge again whose end as not charged is corrected", async (desk, till) => {
    const most = { minute: 100, day: 100 };
    const order = await till.spend(most);
    await till.settle(order, "unknown");
    await desk.ledger.resolve(order.id, { to: "declined", note: "not in ARES's books" });
    // This charge has room only where the first one is left out of the sums, and the correction adds it to them.
    await till.spend(most);
    const { id, attempt } = order;
    const correct = { to: "charged", note: "ARES confirmed it later", attempt } as const;
    desk.equal(await desk.ledger.resolve(id, correct), true, "the answer to the correction");
    await till.addsUpTo(200, "the correction");
    desk.equal(await till.settle(order, "declined"), false, "the answer to a late settlement");
    await till.addsUpTo(200, "a settlement that comes too late");
  }),

  limiting(
    "counts the charges that began before the first limit, and none that were not made",
    async (desk, till) => {
      const orders = Array.from({ length: 6 }, () => till.newOrder());
      const ends = ["charged", "declined", "unknown", "claimed", null] as const;
      for (const [n, order] of orders.entries()) {
        await till.claim(order);
        if (n === 5) continue;
        await desk.ledger.begin(order.id, { attempt: order.attempt, leaseMs: LONG_MS });
        const to = ends[n];
        if (to) await till.settle(order, to);
      }
      await till.addsUpTo(300, "charges without limits");
      await till.spend({ minute: 400, day: 400 });
      const [, , unknown] = orders;
      if (unknown) await till.settle(unknown, "declined");
      await till.addsUpTo(300, "the end of one of them as not charged");
    },
  ),

  limiting(
    "gives nothing back with a charge without limits that it did not take",
    async (desk, till) => {
      const most = { minute: 200, day: 200 };
      await till.spend(most);
      const free = await till.claim(till.newOrder());
      await desk.ledger.begin(free.id, { attempt: free.attempt, leaseMs: LONG_MS });
      await till.settle(free, "declined");
      await till.addsUpTo(100, "a charge without limits that was not made");
      const paid = await till.claim(till.newOrder());
      await desk.ledger.begin(paid.id, { attempt: paid.attempt, leaseMs: LONG_MS });
      await till.settle(paid, "charged");
      const refused = await till.claim(till.newOrder());
      desk.equal(await till.begin(refused, { day: 199 }), "over", "the answer beside both charges");
    },
  ),

  limiting(
    "gives up the claim of a charge over the limit, and tells when there is room again",
    async (desk, till, beginWithin) => {
      await till.settle(await till.spend({}), "charged");
      const order = await till.claim(till.newOrder());
      const begin = (attempt: string, minute: number) =>
        beginWithin(order.id, { attempt, leaseMs: LONG_MS, most: { minute } });

      const answer = await begin(order.attempt, 199);

      desk.equal(
        [answer.k, "leftMs" in answer && answer.leftMs > 0 && answer.leftMs <= 60_000],
        ["over", true],
        "the answer",
      );
      const { status, leaseLeftMs } = await desk.row(order.id);
      desk.equal([status, leaseLeftMs <= 0], ["claimed", true], "the row");
      await till.addsUpTo(100, "the refusal");
      const next = { ...order, attempt: desk.newId() };
      await till.claim(next);
      desk.equal(await begin(next.attempt, 200), { k: "yes" }, "the answer under a higher limit");
      desk.equal(
        await begin(next.attempt, 0),
        { k: "yes" },
        "the answer to a sender that renews its lease",
      );
    },
  ),

  limiting("holds each user to what that user spends", async (desk, till) => {
    const most = { minute: 100, day: 100 };
    await till.spend(most);
    const [id, attempt] = [desk.newId(), desk.newId()];
    await desk.claim({ userId: desk.newId(), key: desk.newId(), attempt }, id);
    const stranger = { id, attempt, key: "" };
    desk.equal(await till.begin(stranger, most), "yes", "the answer to another user");
    await till.addsUpTo(100, "another user's charge");
  }),

  limiting("lets nobody begin under limits who may not begin at all", async (desk, till) => {
    const order = till.newOrder();
    const begin = (attempt: string) => till.begin({ ...order, attempt }, {});
    desk.equal(await begin(order.attempt), "no", "the answer without a row");
    await till.claim(order);
    desk.equal(await begin(desk.newId()), "no", "the answer to another attempt");
    await till.begin(order, {});
    await till.settle(order, "charged");
    desk.equal(await begin(order.attempt), "no", "the answer after the outcome");
    await till.addsUpTo(100, "these answers");
  }),
];
