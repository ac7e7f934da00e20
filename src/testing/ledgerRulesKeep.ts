import { type Desk, type LedgerRule, LONG_MS, PAST_SHORT_MS, rule } from "./ledgerRulesDesk";

/** What a ledger remembers, and for how long. */
export const keepRules: readonly LedgerRule[] = [
  ...(["sending", "unknown"] as const).map((state) =>
    rule(`never forgets a row that is ${state}, even when its retention has ended`, async (desk) => {
      await desk.reach(state, { changes: { retainMs: 1 } });
      await desk.wait(PAST_SHORT_MS);
      await crowd(desk);
      desk.equal((await desk.row()).status, state, "the status");
      desk.equal(
        (await desk.claim({ attempt: desk.newId(), key: desk.newId() })).k,
        state === "sending" ? "busy" : "done",
        "the answer to another key",
      );
    }),
  ),

  rule("forgets no claim while its lease lasts", async (desk) => {
    await desk.reach("claimed", { changes: { retainMs: 1 } });
    await desk.wait(PAST_SHORT_MS);
    await crowd(desk);
    desk.equal((await desk.claim({ attempt: desk.newId() })).k, "busy", "the answer to another attempt");
    desk.equal(await desk.begin(), true, "the answer to its begin");
  }),

  rule("forgets no charge while its retention lasts", async (desk) => {
    await desk.reach("charged", { changes: { retainMs: LONG_MS } });
    await crowd(desk);
    desk.equal((await desk.row()).status, "charged", "the status");
  }),

  rule("remembers since when it remembers", async (desk) => {
    const first = await desk.ledger.health();
    await desk.claim();
    const second = await desk.ledger.health();
    desk.equal(second.epoch, first.epoch, "the epoch");
    desk.equal(first.epoch <= first.now && first.now <= second.now, true, "that its clock goes on");
    desk.equal((await desk.row()).createdAt >= first.epoch, true, "that rows are younger than the ledger");
  }),

  rule("says what to correct where a write may be lost", async (desk) => {
    const { durable, warnings } = await desk.ledger.health();
    desk.equal(durable || warnings.length > 0, true, "a warning");
  }),
];

/** Enough claims to make a ledger tidy up. */
async function crowd(desk: Desk): Promise<void> {
  await Promise.all(
    Array.from({ length: 40 }, () => desk.claim({ attempt: desk.newId(), userId: desk.newId(), retainMs: LONG_MS }, desk.newId())),
  );
}
