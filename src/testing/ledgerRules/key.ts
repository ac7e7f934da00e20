import { type LedgerRule, PAST_SHORT_MS, type Reached, rule, SHORT_MS } from "./desk";

const reachedStates: readonly Reached[] = ["claimed", "sending", "charged", "declined", "unknown"];

/** One key is one intent: one user's key stands in one row. */
export const keyRules: readonly LedgerRule[] = [
  ...reachedStates.map((state) =>
    rule(`answers mismatch to a key that stands in another row of its user, which is ${state}, and writes nothing`, async (desk) => {
      await desk.reach(state, { changes: { resource: "report-42" } });
      const other = desk.newId();

      desk.equal(await desk.claim({ attempt: desk.newId(), resource: "report-43" }, other), { k: "mismatch" }, "the answer");

      desk.equal(await desk.ledger.find(other), null, "the other row");
      desk.equal((await desk.row()).status, state, "the status of its own row");
    }),
  ),

  rule("answers mismatch to a key whose own claim has ended: the key may still be taken up in that row", async (desk) => {
    await desk.reach("claimed", { leaseMs: SHORT_MS });
    await desk.wait(PAST_SHORT_MS);
    desk.equal(await desk.claim({ attempt: desk.newId() }, desk.newId()), { k: "mismatch" }, "the answer");
  }),

  rule("gives neither a free nor a declined row to a key that stands in another row", async (desk) => {
    const [free, declined] = [desk.newId(), desk.newId()];
    await desk.reach("declined", { id: declined, changes: { attempt: desk.newId(), key: desk.newId() } });
    await desk.reach("claimed", { id: free, leaseMs: 0, changes: { attempt: desk.newId(), key: desk.newId() } });
    await desk.reach("charged");

    const answers = [await desk.claim({ attempt: desk.newId() }, free), await desk.claim({ attempt: desk.newId() }, declined)];

    desk.equal(answers, [{ k: "mismatch" }, { k: "mismatch" }], "the answers");
    desk.equal([(await desk.row(free)).status, (await desk.row(declined)).status], ["claimed", "declined"], "the rows");
  }),

  rule("shows a row to a key that stands in another row", async (desk) => {
    const other = desk.newId();
    await desk.reach("charged", { id: other, changes: { attempt: desk.newId(), key: desk.newId() } });
    await desk.reach("charged");
    const answer = await desk.claim({ attempt: desk.newId() }, other);
    desk.equal(answer.k === "done" && [answer.row.id, answer.row.status], [other, "charged"], "the row");
  }),

  rule("does not keep a key of one user from another", async (desk) => {
    await desk.claim();
    desk.equal(await desk.claim({ attempt: desk.newId(), userId: desk.newId() }, desk.newId()), { k: "mine" }, "the answer");
  }),

  rule("lets a key go once another has taken its declined row", async (desk) => {
    await desk.reach("declined");
    await desk.claim({ attempt: desk.newId(), key: desk.newId() });
    desk.equal(await desk.claim({ attempt: desk.newId() }, desk.newId()), { k: "mine" }, "the answer in another row");
  }),

  rule("lets at most one go on to send of 10 rows that are claimed with one key at once", async (desk) => {
    for (let round = 0; round < 20; round++) {
      const key = desk.newId();
      const sent = await Promise.all(
        Array.from({ length: 10 }, async () => {
          const [id, attempt] = [desk.newId(), desk.newId()];
          const claim = await desk.claim({ attempt, key }, id);
          return claim.k === "mine" && (await desk.ledger.begin(id, { attempt, leaseMs: 60_000 }));
        }),
      );
      desk.equal(sent.filter(Boolean).length <= 1, true, "that at most one was sent");
    }
  }),
];
