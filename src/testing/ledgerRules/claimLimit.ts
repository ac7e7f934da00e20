import type { Claim, Ledger } from "ares-react/server";
import {
  type Desk,
  type LedgerRule,
  LONG_MS,
  PAST_SHORT_MS,
  type Reached,
  rule,
  SHORT_MS,
} from "./desk";

type ClaimWithin = NonNullable<Ledger["claimWithin"]>;
type Answer = Awaited<ReturnType<ClaimWithin>>;

/** Claims under a limit of so many rows in a long window, with changes. */
type Within = (rows: number, changes?: Partial<Claim>, id?: string) => Promise<Answer>;

/** A rule for ledgers that limit the rows a user adds. A ledger without the verb is not asked: `rateLimit` refuses that ledger. */
function limiting(
  title: string,
  check: (desk: Desk, within: Within, claimWithin: ClaimWithin) => Promise<void>,
): LedgerRule {
  return rule(title, async (desk) => {
    const { claimWithin } = desk.ledger;
    if (!claimWithin) return;
    const within: Within = (rows, changes, id = desk.id) =>
      claimWithin(id, { ...desk.order(changes), most: { rows, windowMs: LONG_MS } });
    await check(desk, within, claimWithin);
  });
}

/** Claims of one user that differ in their attempt and key. */
const another = (desk: Desk) => ({ attempt: desk.newId(), key: desk.newId() });

/** A claim of a row of its own. */
const elsewhere = (desk: Desk) => [another(desk), desk.newId()] as const;

const ends: readonly Reached[] = ["sending", "charged", "declined", "unknown"];

/** The limit on the rows that a user adds. */
export const claimLimitRules: readonly LedgerRule[] = [
  limiting(
    "adds rows up to exactly the limit, and tells when there is room again",
    async (desk, within) => {
      for (let n = 0; n < 3; n++)
        desk.equal(
          await within(3, ...elsewhere(desk)),
          { k: "mine" },
          "the answer below the limit",
        );

      const answer = await within(3);

      desk.equal(
        [answer.k, "leftMs" in answer && answer.leftMs > 0 && answer.leftMs <= LONG_MS],
        ["over", true],
        "the answer above the limit",
      );
      desk.equal(await desk.ledger.find(desk.id), null, "the row of the refused claim");
      const { userId, key } = desk;
      desk.equal(await desk.ledger.list({ userId, key }), [], "what is told of its key");
      desk.equal(await within(4), { k: "mine" }, "the answer of a higher limit to the same key");
      desk.equal((await within(4, ...elsewhere(desk))).k, "over", "the answer above that one");
    },
  ),

  limiting("has room again once a row has left the window", async (desk, within, claimWithin) => {
    await desk.claim(...elsewhere(desk));
    desk.equal((await within(1)).k, "over", "the answer in a long window");
    await desk.wait(PAST_SHORT_MS);
    const most = { rows: 1, windowMs: SHORT_MS };
    desk.equal(
      await claimWithin(desk.id, { ...desk.order(), most }),
      { k: "mine" },
      "the answer in a window that has passed",
    );
  }),

  limiting("counts a row whatever became of it", async (desk, within) => {
    for (const state of ends)
      await desk.reach(state, { id: `${desk.id}-${state}`, changes: another(desk) });
    await desk.reach("claimed", { id: `${desk.id}-ended`, leaseMs: 0, changes: another(desk) });
    const rows = ends.length + 1;
    desk.equal((await within(rows)).k, "over", "the answer beside them");
    desk.equal((await within(rows + 1)).k, "mine", "the answer where one more has room");
  }),

  ...ends.map((state) =>
    limiting(`tells a repeat above the limit what stands: ${state}`, async (desk, within) => {
      await desk.reach(state);
      const answer = await within(1, { attempt: desk.newId() });
      const word = state === "sending" ? "busy" : "done";
      desk.equal([answer.k, "row" in answer && answer.row.status], [word, state], "the answer");
    }),
  ),

  limiting("answers mine and busy above the limit as below it", async (desk, within) => {
    await desk.claim();
    desk.equal(await within(1), { k: "mine" }, "the answer to the same attempt");
    desk.equal((await within(1, another(desk))).k, "busy", "the answer to another attempt");
    const reused = await within(1, { fingerprint: desk.newId() });
    desk.equal(reused, { k: "mismatch" }, "the answer to another request with the key");
    const moved = await within(1, { attempt: desk.newId() }, desk.newId());
    desk.equal(moved, { k: "mismatch" }, "the answer to the key elsewhere");
  }),

  limiting("lets a claim above the limit take over one that has ended", async (desk, within) => {
    await desk.reach("claimed", { leaseMs: SHORT_MS });
    await desk.wait(PAST_SHORT_MS);
    desk.equal(await within(1, { attempt: desk.newId() }), { k: "mine" }, "the answer");
  }),

  limiting(
    "gives a declined row to no other key above the limit: its refusal would be one more row",
    async (desk, within) => {
      await desk.reach("declined");
      desk.equal((await within(1, another(desk))).k, "over", "the answer above the limit");
      const reused = await within(1, { ...another(desk), fingerprint: desk.newId() });
      desk.equal(reused, { k: "mismatch" }, "the answer to another request");
      const { epoch } = await desk.ledger.health();
      const old = await within(1, { ...another(desk), mintedAt: epoch - 1 });
      desk.equal(old.k, "over", "the answer to an old key, whose resource has a row");
      desk.equal((await desk.row()).key, desk.key, "the key of the row");
      desk.equal(await within(2, another(desk)), { k: "mine" }, "the answer below the limit");
      desk.equal((await within(2, ...elsewhere(desk))).k, "over", "the answer beside both");
      desk.equal((await within(3, ...elsewhere(desk))).k, "mine", "the answer beside both, below");
    },
  ),

  limiting(
    "gives the place of a forgotten row to no claim above the limit",
    async (desk, within) => {
      await desk.claim(...elsewhere(desk));
      await desk.reach("charged", { changes: { retainMs: SHORT_MS } });
      await desk.wait(PAST_SHORT_MS);
      desk.equal(await desk.ledger.find(desk.id), null, "the row that was forgotten");
      desk.equal((await within(1, another(desk))).k, "over", "the answer to another key");
      desk.equal((await within(3, another(desk))).k, "mine", "the answer where there is room");
    },
  ),

  limiting("says that a key may have been lost before it says over", async (desk, within) => {
    await desk.claim(...elsewhere(desk));
    const { epoch } = await desk.ledger.health();
    const old = await within(1, { mintedAt: epoch - 1 });
    desk.equal(old, { k: "reset" }, "the answer to a key that is older than the ledger");
  }),

  limiting("counts the rows of its own user alone", async (desk, within) => {
    await desk.claim({ ...another(desk), userId: desk.newId() }, desk.newId());
    desk.equal(await within(1), { k: "mine" }, "the answer beside another user's row");
  }),

  limiting(
    "never takes a key for another request's that was claimed twice at the same instant",
    async (desk, within) => {
      const orders = Array.from({ length: 20 }, () => ({ id: desk.newId(), key: desk.newId() }));
      const answers = await Promise.all(
        [...orders, ...orders].map(({ id, key }) => within(5, { attempt: desk.newId(), key }, id)),
      );
      const words = answers.map(({ k }) => k);
      const isStrange = words.some((word) => !["mine", "busy", "over"].includes(word));
      desk.equal(isStrange, false, `that any answer is strange (${words})`);
      const claimed = words.filter((word) => word === "mine").length;
      desk.equal(claimed >= 5, true, `that five claims have room (${claimed})`);
      desk.equal((await within(5, ...elsewhere(desk))).k, "over", "the answer afterwards");
    },
  ),
];
