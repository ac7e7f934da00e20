import { type LedgerRule, PAST_SHORT_MS, type Reached, rule, SHORT_MS } from "./desk";

const unpaid: readonly Reached[] = ["claimed", "sending", "declined", "unknown"];

/** Using up what was paid, and ending what nobody knows. */
export const redeemRules: readonly LedgerRule[] = [
  rule("lets one redeem a charged row", async (desk) => {
    await desk.reach("charged");
    desk.equal(await desk.ledger.redeem(desk.id, { by: "first" }), "ok", "the answer");
    const { redeemedBy, status } = await desk.row();
    desk.equal([redeemedBy, status], [["first"], "charged"], "the row");
  }),

  rule("lets the same one through again, without another use", async (desk) => {
    await desk.reach("charged");
    await desk.ledger.redeem(desk.id, { by: "first" });
    desk.equal(await desk.ledger.redeem(desk.id, { by: "first" }), "already_by_me", "the answer");
    desk.equal((await desk.row()).redeemedBy, ["first"], "who redeemed it");
  }),

  rule("refuses the second, by default", async (desk) => {
    await desk.reach("charged");
    await desk.ledger.redeem(desk.id, { by: "first" });
    desk.equal(await desk.ledger.redeem(desk.id, { by: "second" }), "used", "the answer");
    desk.equal((await desk.row()).redeemedBy, ["first"], "who redeemed it");
  }),

  rule("lets as many redeem as it is told, in their order, and no more", async (desk) => {
    await desk.reach("charged");
    const answers: string[] = [];
    for (const by of ["a", "b", "a", "c", "d"]) answers.push(await desk.ledger.redeem(desk.id, { by, uses: 3 }));
    desk.equal(answers, ["ok", "ok", "already_by_me", "ok", "used"], "the answers");
    desk.equal((await desk.row()).redeemedBy, ["a", "b", "c"], "who redeemed it");
  }),

  rule("lets any number redeem when there is no limit", async (desk) => {
    await desk.reach("charged");
    for (const by of ["a", "b", "c"]) {
      desk.equal(await desk.ledger.redeem(desk.id, { by, uses: Number.POSITIVE_INFINITY }), "ok", `the answer to ${by}`);
    }
  }),

  rule("tells apart who redeems, whatever the name looks like", async (desk) => {
    const names = ["1", "01", "null", '"', "'", "a,b", "{}", "A", "a", "é", "%"];
    await desk.reach("charged");
    for (const by of names) desk.equal(await desk.ledger.redeem(desk.id, { by, uses: names.length }), "ok", `the answer to ${by}`);
    desk.equal((await desk.row()).redeemedBy, names, "who redeemed it");
  }),

  rule("redeems nothing that does not exist", async (desk) => {
    desk.equal(await desk.ledger.redeem(desk.id, { by: "first" }), "absent", "the answer");
  }),

  ...unpaid.map((state) =>
    rule(`redeems nothing that is ${state}`, async (desk) => {
      await desk.reach(state);
      desk.equal(await desk.ledger.redeem(desk.id, { by: "first" }), "absent", "the answer");
      desk.equal((await desk.row()).redeemedBy, [], "who redeemed it");
    }),
  ),

  rule("redeems what is unknown where the app asks for it, and counts its uses like any other", async (desk) => {
    await desk.reach("unknown");
    const lost = desk.newId();
    const owner = { attempt: desk.newId(), key: desk.newId() };
    await desk.reach("sending", { id: lost, leaseMs: SHORT_MS, changes: owner });
    await desk.wait(PAST_SHORT_MS);
    for (const id of [desk.id, lost]) {
      const answers: string[] = [];
      for (const by of ["first", "first", "second"]) answers.push(await desk.ledger.redeem(id, { by, unconfirmed: true }));
      desk.equal(answers, ["ok", "already_by_me", "used"], "the answers");
      desk.equal(await desk.ledger.redeem(id, { by: "first", release: true, unconfirmed: true }), "ok", "the answer to the release");
      const { redeemedBy, status } = await desk.row(id);
      desk.equal([redeemedBy, status], [[], "unknown"], "the row");
    }
  }),

  ...(["claimed", "sending", "declined"] as const).map((state) =>
    rule(`redeems nothing that is ${state}, whatever the app asks for`, async (desk) => {
      await desk.reach(state);
      desk.equal(await desk.ledger.redeem(desk.id, { by: "first", unconfirmed: true }), "absent", "the answer");
    }),
  ),

  rule("takes a use back when its owner releases it, and gives it to the next", async (desk) => {
    await desk.reach("charged");
    await desk.ledger.redeem(desk.id, { by: "first" });
    desk.equal(await desk.ledger.redeem(desk.id, { by: "first", release: true }), "ok", "the answer to the release");
    desk.equal((await desk.row()).redeemedBy, [], "who redeemed it");
    desk.equal(await desk.ledger.redeem(desk.id, { by: "second" }), "ok", "the answer to the next");
  }),

  rule("takes no use back from somebody else", async (desk) => {
    await desk.reach("charged");
    await desk.ledger.redeem(desk.id, { by: "first" });
    desk.equal(await desk.ledger.redeem(desk.id, { by: "second", release: true }), "absent", "the answer");
    desk.equal((await desk.row()).redeemedBy, ["first"], "who redeemed it");
  }),

  rule("ends an unknown row by evidence, and keeps what was known", async (desk) => {
    await desk.reach("unknown", { outcome: { aresStatus: 502 } });
    desk.equal(await desk.ledger.resolve(desk.id, { to: "charged", note: 'the "balance" fell' }), true, "the answer");
    const { status, outcome, settledAt } = await desk.row();
    desk.equal([status, outcome, settledAt !== null], ["charged", { aresStatus: 502, note: 'the "balance" fell' }, true], "the row");
  }),

  rule("ends a row whose sender is lost", async (desk) => {
    await desk.reach("sending", { leaseMs: SHORT_MS });
    await desk.wait(PAST_SHORT_MS);
    desk.equal(await desk.ledger.resolve(desk.id, { to: "declined", note: "not in the book" }), true, "the answer");
    const { status, settledAt } = await desk.row();
    desk.equal([status, settledAt !== null], ["declined", true], "the row");
  }),

  ...(["claimed", "sending", "charged", "declined"] as const).map((state) =>
    rule(`resolves nothing that is ${state}`, async (desk) => {
      await desk.reach(state);
      desk.equal(await desk.ledger.resolve(desk.id, { to: "charged", note: "" }), false, "the answer");
      desk.equal((await desk.row()).status, state, "the status");
    }),
  ),

  rule("resolves nothing that does not exist", async (desk) => {
    desk.equal(await desk.ledger.resolve(desk.id, { to: "charged", note: "" }), false, "the answer");
  }),

  rule("lets a row that was resolved as charged be redeemed", async (desk) => {
    await desk.reach("unknown");
    await desk.ledger.resolve(desk.id, { to: "charged", note: "evidence" });
    desk.equal(await desk.ledger.redeem(desk.id, { by: "first" }), "ok", "the answer");
  }),

  rule("gives a row that was resolved as declined to another key, and not to its own", async (desk) => {
    await desk.reach("unknown");
    await desk.ledger.resolve(desk.id, { to: "declined", note: "evidence" });
    desk.equal((await desk.claim({ attempt: desk.newId() })).k, "done", "the answer to its own key");
    desk.equal((await desk.claim({ attempt: desk.newId(), key: desk.newId() })).k, "mine", "the answer to another key");
  }),

  rule("keeps a resolution against a late settlement that says otherwise", async (desk) => {
    await desk.reach("unknown");
    await desk.ledger.resolve(desk.id, { to: "charged", note: "evidence" });
    desk.equal(await desk.settle("declined"), false, "the answer");
    desk.equal((await desk.row()).status, "charged", "the status");
  }),

  rule("lets ARES's late word correct a resolution as declined, for the attempt that was sent", async (desk) => {
    await desk.reach("unknown", { outcome: { aresStatus: 502 } });
    await desk.ledger.resolve(desk.id, { to: "declined", note: "not in the book" });

    desk.equal(await desk.ledger.resolve(desk.id, { to: "charged", note: "confirmed late", attempt: desk.attempt }), true, "the answer");

    const { status, outcome, settledAt } = await desk.row();
    desk.equal([status, outcome, settledAt !== null], ["charged", { aresStatus: 502, note: "confirmed late" }, true], "the row");
    desk.equal((await desk.claim({ attempt: desk.newId(), key: desk.newId() })).k, "done", "the answer to another key");
  }),

  rule("corrects nothing once another key has the row", async (desk) => {
    for (const state of ["claimed", "sending", "charged", "declined", "unknown"] as const) {
      const id = desk.newId();
      const [first, next] = [
        { attempt: desk.newId(), key: desk.newId() },
        { attempt: desk.newId(), key: desk.newId() },
      ];
      await desk.reach("unknown", { id, changes: first });
      await desk.ledger.resolve(id, { to: "declined", note: "not in the book" });
      await desk.reach(state, { id, changes: next });

      const corrected = await desk.ledger.resolve(id, { to: "charged", note: "confirmed late", attempt: first.attempt });

      const { status, attempt, outcome } = await desk.row(id);
      desk.equal([corrected, status, attempt, outcome], [false, state, next.attempt, {}], "the answer and the row");
    }
  }),

  ...(["claimed", "sending", "charged", "unknown"] as const).map((state) =>
    rule(`corrects nothing that is ${state}`, async (desk) => {
      await desk.reach(state);
      desk.equal(await desk.ledger.resolve(desk.id, { to: "charged", note: "", attempt: desk.attempt }), false, "the answer");
      desk.equal((await desk.row()).status, state, "the status");
    }),
  ),

  rule("never corrects a resolution as charged", async (desk) => {
    await desk.reach("unknown");
    await desk.ledger.resolve(desk.id, { to: "charged", note: "evidence" });
    desk.equal(await desk.ledger.resolve(desk.id, { to: "declined", note: "", attempt: desk.attempt }), false, "the answer");
    desk.equal((await desk.row()).status, "charged", "the status");
  }),
];
