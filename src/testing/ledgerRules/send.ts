import { type LedgerRule, LONG_MS, PAST_SHORT_MS, rule, SHORT_MS } from "./desk";

/** The fence in front of ARES, and the one outcome behind it. */
export const sendRules: readonly LedgerRule[] = [
  rule("lets the attempt that owns a claim begin, for as long as it asks", async (desk) => {
    await desk.claim({ leaseMs: LONG_MS });
    desk.equal(await desk.begin(desk.attempt, 2 * LONG_MS), true, "the answer");
    const { status, leaseLeftMs } = await desk.row();
    desk.equal([status, leaseLeftMs > LONG_MS], ["sending", true], "the row");
  }),

  rule("answers yes to the same begin again, because drivers re-send", async (desk) => {
    await desk.reach("sending");
    desk.equal([await desk.begin(), await desk.begin()], [true, true], "the answers");
  }),

  rule("renews the lease of a sender that begins again", async (desk) => {
    await desk.reach("sending", { leaseMs: SHORT_MS });
    await desk.wait(PAST_SHORT_MS);
    desk.equal(await desk.begin(), true, "the answer");
    desk.equal((await desk.row()).status, "sending", "the status");
  }),

  rule("lets nobody else begin", async (desk) => {
    await desk.claim();
    desk.equal(await desk.begin(desk.newId()), false, "the answer");
    desk.equal((await desk.row()).status, "claimed", "the status");
  }),

  rule("lets nobody begin a row that was never claimed", async (desk) => {
    desk.equal(await desk.begin(), false, "the answer");
    desk.equal(await desk.ledger.find(desk.id), null, "the row");
  }),

  ...(["charged", "declined", "unknown"] as const).map((state) =>
    rule(`lets nobody begin again once the row is ${state}`, async (desk) => {
      await desk.reach(state);
      desk.equal(await desk.begin(), false, "the answer");
      desk.equal((await desk.row()).status, state, "the status");
    }),
  ),

  rule("lets an attempt begin after its claim's lease, when nobody took over", async (desk) => {
    await desk.reach("claimed", { leaseMs: SHORT_MS });
    await desk.wait(PAST_SHORT_MS);
    desk.equal(await desk.begin(), true, "the answer");
  }),

  ...(["charged", "declined", "unknown"] as const).map((to) =>
    rule(`writes down that a sent charge is ${to}, with its outcome and time`, async (desk) => {
      const outcome = {
        code: "not_allowed",
        aresStatus: 418,
        balanceBefore: 2,
        wallet: "w",
        balanceAfter: 1,
        repeats: 5,
        note: "seen",
      };
      await desk.reach("sending");

      desk.equal(await desk.settle(to, { outcome }), true, "the answer");

      const row = await desk.row();
      desk.equal([row.status, row.outcome], [to, outcome], "the row");
      desk.equal(
        row.settledAt !== null && row.settledAt >= row.createdAt,
        true,
        "a time of settlement",
      );
      desk.equal(
        row.settledAgoMs !== null && row.settledAgoMs >= 0 && row.settledAgoMs < LONG_MS,
        true,
        "an age of the settlement",
      );
    }),
  ),

  rule("answers yes to the same settlement again, and changes nothing", async (desk) => {
    await desk.reach("charged", { outcome: { balanceAfter: 5 } });
    const before = await desk.row();

    desk.equal(await desk.settle("charged", { outcome: { balanceAfter: 6 } }), true, "the answer");

    const after = await desk.row();
    desk.equal([after.outcome, after.settledAt], [before.outcome, before.settledAt], "the row");
  }),

  rule("lets nobody else settle", async (desk) => {
    await desk.reach("sending");
    desk.equal(await desk.settle("declined", { attempt: desk.newId() }), false, "the answer");
    desk.equal((await desk.row()).status, "sending", "the status");
  }),

  rule("settles no row that does not exist", async (desk) => {
    desk.equal(await desk.settle("charged"), false, "the answer");
    desk.equal(await desk.ledger.find(desk.id), null, "the row");
  }),

  ...(["charged", "declined", "unknown"] as const).map((to) =>
    rule(`does not settle a claim that was never sent as ${to}`, async (desk) => {
      await desk.claim();
      desk.equal(await desk.settle(to), false, "the answer");
      desk.equal((await desk.row()).status, "claimed", "the status");
    }),
  ),

  ...(
    [
      ["charged", "declined"],
      ["charged", "unknown"],
      ["charged", "claimed"],
      ["declined", "charged"],
      ["declined", "unknown"],
      ["declined", "claimed"],
      ["unknown", "claimed"],
    ] as const
  ).map(([from, to]) =>
    rule(`does not turn ${from} into ${to}`, async (desk) => {
      await desk.reach(from, { outcome: { aresStatus: 200 } });
      desk.equal(await desk.settle(to, { outcome: { aresStatus: 500 } }), false, "the answer");
      const { status, outcome } = await desk.row();
      desk.equal([status, outcome], [from, { aresStatus: 200 }], "the row");
    }),
  ),

  ...(["charged", "declined"] as const).map((to) =>
    rule(`lets a late answer of ARES end an unknown row as ${to}`, async (desk) => {
      await desk.reach("unknown");
      desk.equal(await desk.settle(to, { outcome: { aresStatus: 200 } }), true, "the answer");
      const { status, outcome } = await desk.row();
      desk.equal([status, outcome], [to, { aresStatus: 200 }], "the row");
    }),
  ),

  rule("lets a sender settle after its lease, because its row is nobody else's", async (desk) => {
    await desk.reach("sending", { leaseMs: SHORT_MS });
    await desk.wait(PAST_SHORT_MS);
    desk.equal(await desk.settle("charged"), true, "the answer");
    desk.equal((await desk.row()).status, "charged", "the status");
  }),

  rule("frees a row at once when nothing was processed", async (desk) => {
    await desk.reach("sending");
    desk.equal(await desk.settle("claimed"), true, "the answer");
    const { status, settledAt, leaseLeftMs } = await desk.row();
    desk.equal([status, settledAt, leaseLeftMs <= 0], ["claimed", null, true], "the row");
    desk.equal(
      await desk.claim({ attempt: desk.newId() }),
      { k: "mine" },
      "the answer to the next attempt",
    );
  }),

  rule("answers yes to the same freeing again", async (desk) => {
    await desk.reach("sending");
    desk.equal(
      [await desk.settle("claimed"), await desk.settle("claimed")],
      [true, true],
      "the answers",
    );
  }),

  rule("does not let the attempt that freed a row disturb the next one", async (desk) => {
    await desk.reach("sending");
    await desk.settle("claimed");
    const next = desk.newId();
    await desk.claim({ attempt: next });
    await desk.begin(next);
    desk.equal(
      [await desk.settle("claimed"), await desk.begin()],
      [false, false],
      "settle and begin by the former attempt",
    );
    desk.equal((await desk.row()).status, "sending", "the status");
  }),
];
