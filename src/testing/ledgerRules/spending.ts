import type { Ledger } from "ares-react/server";
import { type Desk, type LedgerRule, LONG_MS, PAST_SHORT_MS, rule, SHORT_MS } from "./desk";

type Counting = Required<Pick<Ledger, "beginWithin" | "spent">>;

/** A rule for ledgers that count what users spend. A ledger without the verb is not asked: `spendCap` refuses that ledger. */
function counting(
  title: string,
  check: (desk: Desk, ledger: Counting) => Promise<void>,
): LedgerRule {
  return rule(title, async (desk) => {
    const { beginWithin, spent } = desk.ledger;
    if (beginWithin && spent) await check(desk, { beginWithin, spent });
  });
}

/** Compares the counter with the sum over the user's rows. */
async function agrees({ ledger, userId, equal }: Desk, { spent }: Counting, after: string) {
  const rows = await ledger.list({ userId, limit: 1_000 });
  const sum = rows
    .filter(({ status }) => status === "sending" || status === "unknown" || status === "charged")
    .reduce((total, { hundredths }) => total + hundredths, 0);
  equal(await spent(userId), { minute: sum, day: sum }, `what the user spends, after ${after}`);
}

/** What a user spends, and the limits on it. */
export const spendingRules: readonly LedgerRule[] = [
  counting(
    "counts what a user spends as the sum over the user's rows, after each verb and each repetition",
    async (desk, count) => {
      const { ledger, id, attempt, newId } = desk;
      const steps: [what: string, step: () => Promise<unknown>][] = [
        ["a claim", () => desk.claim()],
        ["begin", () => desk.begin()],
        ["a settlement as claimed", () => desk.settle("claimed")],
        [
          "a begin under limits",
          () =>
            count.beginWithin(id, { attempt, leaseMs: SHORT_MS, most: { minute: 100, day: 100 } }),
        ],
        ["the end of its lease", () => desk.wait(PAST_SHORT_MS)],
        [
          "an end as not charged",
          () => ledger.resolve(id, { to: "declined", note: "not in ARES's books" }),
        ],
        [
          "its correction",
          () => ledger.resolve(id, { to: "charged", note: "ARES confirmed it later", attempt }),
        ],
        ["a settlement that comes too late", () => desk.settle("declined")],
      ];
      for (const [what, step] of steps) {
        await step();
        await agrees(desk, count, what);
        await step();
        await agrees(desk, count, `${what} again`);
      }
      for (const to of ["charged", "declined", "unknown"] as const) {
        const row = newId();
        const order = { attempt: newId(), key: newId() };
        await desk.reach("sending", { id: row, changes: order });
        await agrees(desk, count, "another begin");
        const settle = () => ledger.settle(row, { attempt: order.attempt, to, outcome: {} });
        await Promise.all([settle(), settle(), settle()]);
        await agrees(desk, count, `three settlements as ${to} at once`);
      }
      const again = { attempt: newId(), key: newId() };
      await desk.reach("declined", { id: newId(), changes: again });
      await agrees(desk, count, "a declined charge");
    },
  ),

  counting(
    "counts a charge once when its begin is repeated at the same instant",
    async (desk, count) => {
      await desk.claim();
      const begin = () =>
        count.beginWithin(desk.id, { attempt: desk.attempt, leaseMs: LONG_MS, most: { day: 100 } });
      desk.equal(
        await Promise.all([begin(), begin(), begin(), desk.begin()]),
        [{ k: "yes" }, { k: "yes" }, { k: "yes" }, true],
        "the answers",
      );
      await agrees(desk, count, "four begins");
    },
  ),

  ...(["minute", "day"] as const).map((window) =>
    counting(
      `lets exactly two of fifty charges at once begin under a limit of two a ${window}`,
      async (desk, count) => {
        const orders = Array.from({ length: 50 }, () => ({
          id: desk.newId(),
          attempt: desk.newId(),
          key: desk.newId(),
        }));
        const begun = await Promise.all(
          orders.map(async ({ id, attempt, key }) => {
            await desk.claim({ attempt, key }, id);
            return count.beginWithin(id, { attempt, leaseMs: LONG_MS, most: { [window]: 200 } });
          }),
        );
        desk.equal(
          begun.filter(({ k }) => k === "yes").length,
          2,
          "the number of charges that began",
        );
        desk.equal(
          begun.filter(({ k }) => k === "over").length,
          48,
          "the number of charges over the limit",
        );
        await agrees(desk, count, "fifty begins");
      },
    ),
  ),

  counting(
    "gives up the claim of a charge over the limit, and tells when there is room again",
    async (desk, count) => {
      await desk.reach("charged", {
        id: desk.newId(),
        changes: { attempt: desk.newId(), key: desk.newId() },
      });
      await desk.claim();
      const begin = (attempt: string, most: number) =>
        count.beginWithin(desk.id, { attempt, leaseMs: LONG_MS, most: { minute: most } });

      const answer = await begin(desk.attempt, 199);

      desk.equal(
        [answer.k, "leftMs" in answer && answer.leftMs > 0 && answer.leftMs <= 61_000],
        ["over", true],
        "the answer",
      );
      const { status, leaseLeftMs } = await desk.row();
      desk.equal([status, leaseLeftMs <= 0], ["claimed", true], "the row");
      await agrees(desk, count, "the refusal");
      const next = desk.newId();
      desk.equal(
        await desk.claim({ attempt: next }),
        { k: "mine" },
        "the answer to the next attempt",
      );
      desk.equal(await begin(next, 200), { k: "yes" }, "the answer under a higher limit");
      desk.equal(
        await begin(next, 0),
        { k: "yes" },
        "the answer to a sender that renews its lease",
      );
    },
  ),

  counting("lets nobody begin under limits who may not begin at all", async (desk, count) => {
    const begin = (attempt: string) =>
      count.beginWithin(desk.id, { attempt, leaseMs: LONG_MS, most: {} });
    desk.equal(await begin(desk.attempt), { k: "no" }, "the answer without a row");
    await desk.claim();
    desk.equal(await begin(desk.newId()), { k: "no" }, "the answer to another attempt");
    await desk.begin();
    await desk.settle("charged");
    desk.equal(await begin(desk.attempt), { k: "no" }, "the answer after the outcome");
    await agrees(desk, count, "these answers");
  }),
];
