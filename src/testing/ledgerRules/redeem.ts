import { type LedgerRule, type Reached, rule } from "./desk";

const unpaid: readonly Reached[] = ["claimed", "sending", "declined", "unknown"];

/** The uses of a paid row. */
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
    for (const by of ["a", "b", "a", "c", "d"])
      answers.push(await desk.ledger.redeem(desk.id, { by, uses: 3 }));
    desk.equal(answers, ["ok", "ok", "already_by_me", "ok", "used"], "the answers");
    desk.equal((await desk.row()).redeemedBy, ["a", "b", "c"], "who redeemed it");
  }),

  rule("lets any number redeem when there is no limit", async (desk) => {
    await desk.reach("charged");
    for (const by of ["a", "b", "c"]) {
      desk.equal(
        await desk.ledger.redeem(desk.id, { by, uses: Number.POSITIVE_INFINITY }),
        "ok",
        `the answer to ${by}`,
      );
    }
  }),

  rule("tells redeemers apart, by any name", async (desk) => {
    const names = ["1", "01", "null", '"', "'", "a,b", "{}", "A", "a", "é", "%"];
    await desk.reach("charged");
    for (const by of names)
      desk.equal(
        await desk.ledger.redeem(desk.id, { by, uses: names.length }),
        "ok",
        `the answer to ${by}`,
      );
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

  rule("takes a use back when its owner releases it, and gives it to the next", async (desk) => {
    await desk.reach("charged");
    await desk.ledger.redeem(desk.id, { by: "first" });
    desk.equal(
      await desk.ledger.redeem(desk.id, { by: "first", release: true }),
      "ok",
      "the answer to the release",
    );
    desk.equal((await desk.row()).redeemedBy, [], "who redeemed it");
    desk.equal(await desk.ledger.redeem(desk.id, { by: "second" }), "ok", "the answer to the next");
  }),

  rule("takes no use back from another redeemer", async (desk) => {
    await desk.reach("charged");
    await desk.ledger.redeem(desk.id, { by: "first" });
    desk.equal(
      await desk.ledger.redeem(desk.id, { by: "second", release: true }),
      "absent",
      "the answer",
    );
    desk.equal((await desk.row()).redeemedBy, ["first"], "who redeemed it");
  }),
];
