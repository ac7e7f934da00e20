import { type LedgerRule, PAST_SHORT_MS, rule, SHORT_MS } from "./desk";

/** Ending an unknown row by evidence. */
export const resolveRules: readonly LedgerRule[] = [
  rule("ends an unknown row by evidence, and keeps its known facts", async (desk) => {
    await desk.reach("unknown", { outcome: { aresStatus: 502 } });
    desk.equal(
      await desk.ledger.resolve(desk.id, { to: "charged", note: 'the "balance" fell' }),
      true,
      "the answer",
    );
    const { status, outcome, settledAt } = await desk.row();
    desk.equal(
      [status, outcome, settledAt !== null],
      ["charged", { aresStatus: 502, note: 'the "balance" fell' }, true],
      "the row",
    );
  }),

  rule("ends a row whose sender is lost", async (desk) => {
    await desk.reach("sending", { leaseMs: SHORT_MS });
    await desk.wait(PAST_SHORT_MS);
    desk.equal(
      await desk.ledger.resolve(desk.id, { to: "declined", note: "not in the book" }),
      true,
      "the answer",
    );
    const { status, settledAt } = await desk.row();
    desk.equal([status, settledAt !== null], ["declined", true], "the row");
  }),

  ...(["claimed", "sending", "charged", "declined"] as const).map((state) =>
    rule(`resolves nothing that is ${state}`, async (desk) => {
      await desk.reach(state);
      desk.equal(
        await desk.ledger.resolve(desk.id, { to: "charged", note: "" }),
        false,
        "the answer",
      );
      desk.equal((await desk.row()).status, state, "the status");
    }),
  ),

  rule("resolves nothing that does not exist", async (desk) => {
    desk.equal(
      await desk.ledger.resolve(desk.id, { to: "charged", note: "" }),
      false,
      "the answer",
    );
  }),

  rule("resolves, finds and redeems nothing under a text that is no charge's id", async (desk) => {
    await desk.reach("unknown");
    for (const text of [
      "epoch",
      "",
      " ",
      "*",
      "all",
      desk.userId,
      desk.key,
      `${desk.id}\u0000`,
      "\ud800",
      "'; --",
      "x".repeat(10_000),
    ]) {
      desk.equal(
        await desk.ledger.resolve(text, { to: "charged", note: "" }),
        false,
        "the answer of resolve",
      );
      desk.equal(await desk.ledger.find(text), null, "the row");
      desk.equal(await desk.ledger.redeem(text, { by: "first" }), "absent", "the answer of redeem");
    }
    desk.equal((await desk.row()).status, "unknown", "the status of the charge");
  }),

  rule("lets a row that was resolved as charged be redeemed", async (desk) => {
    await desk.reach("unknown");
    await desk.ledger.resolve(desk.id, { to: "charged", note: "evidence" });
    desk.equal(await desk.ledger.redeem(desk.id, { by: "first" }), "ok", "the answer");
  }),

  rule(
    "gives a row that was resolved as declined to another key, and not to its own",
    async (desk) => {
      await desk.reach("unknown");
      await desk.ledger.resolve(desk.id, { to: "declined", note: "evidence" });
      desk.equal(
        (await desk.claim({ attempt: desk.newId() })).k,
        "done",
        "the answer to its own key",
      );
      desk.equal(
        (await desk.claim({ attempt: desk.newId(), key: desk.newId() })).k,
        "mine",
        "the answer to another key",
      );
    },
  ),

  rule("keeps a resolution against a late settlement that says otherwise", async (desk) => {
    await desk.reach("unknown");
    await desk.ledger.resolve(desk.id, { to: "charged", note: "evidence" });
    desk.equal(await desk.settle("declined"), false, "the answer");
    desk.equal((await desk.row()).status, "charged", "the status");
  }),

  rule(
    "lets ARES's late word correct a resolution as declined, for the attempt that was sent",
    async (desk) => {
      await desk.reach("unknown", { outcome: { aresStatus: 502 } });
      await desk.ledger.resolve(desk.id, { to: "declined", note: "not in the book" });

      desk.equal(
        await desk.ledger.resolve(desk.id, {
          to: "charged",
          note: "confirmed late",
          attempt: desk.attempt,
        }),
        true,
        "the answer",
      );

      const { status, outcome, settledAt } = await desk.row();
      desk.equal(
        [status, outcome, settledAt !== null],
        ["charged", { aresStatus: 502, note: "confirmed late" }, true],
        "the row",
      );
      desk.equal(
        (await desk.claim({ attempt: desk.newId(), key: desk.newId() })).k,
        "done",
        "the answer to another key",
      );
    },
  ),

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

      const corrected = await desk.ledger.resolve(id, {
        to: "charged",
        note: "confirmed late",
        attempt: first.attempt,
      });

      const { status, attempt, outcome } = await desk.row(id);
      desk.equal(
        [corrected, status, attempt, outcome],
        [false, state, next.attempt, {}],
        "the answer and the row",
      );
    }
  }),

  ...(["claimed", "sending", "charged", "unknown"] as const).map((state) =>
    rule(`corrects nothing that is ${state}`, async (desk) => {
      await desk.reach(state);
      desk.equal(
        await desk.ledger.resolve(desk.id, { to: "charged", note: "", attempt: desk.attempt }),
        false,
        "the answer",
      );
      desk.equal((await desk.row()).status, state, "the status");
    }),
  ),

  rule("never corrects a resolution as charged", async (desk) => {
    await desk.reach("unknown");
    await desk.ledger.resolve(desk.id, { to: "charged", note: "evidence" });
    desk.equal(
      await desk.ledger.resolve(desk.id, { to: "declined", note: "", attempt: desk.attempt }),
      false,
      "the answer",
    );
    desk.equal((await desk.row()).status, "charged", "the status");
  }),
];
