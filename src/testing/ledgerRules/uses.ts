import { type Desk, type LedgerRule, LONG_MS, PAST_SHORT_MS, rule, SHORT_MS } from "./desk";

/** Asks for the use `first` by an attempt of its own. */
async function run(
  desk: Desk,
  changes: { body?: string; leaseMs?: number; repeats?: number; uses?: number } = {},
) {
  const attempt = desk.newId();
  const ask = { by: "first", attempt, leaseMs: LONG_MS, repeats: 2, ...changes };
  return { attempt, answer: await desk.ledger.redeem(desk.id, ask) };
}

/**
 * Lists the laws of a ledger that knows the newer members of `Redemption`: the lease of a use, its body, its repeats.
 * A ledger without them counts each use as ended, and keeps `ledgerRules` alone.
 *
 * @example
 * for (const { title, run } of [...ledgerRules, ...ledgerUseRules]) {
 *   test(`a ledger ${title}`, () => run(ledger))
 * }
 */
export const ledgerUseRules: readonly LedgerRule[] = [
  rule("holds a use for its attempt while the lease lives", async (desk) => {
    await desk.reach("charged");
    const { attempt, answer } = await run(desk);
    desk.equal(answer, "ok", "the answer");
    desk.equal((await run(desk)).answer, "busy", "the answer to another attempt");
    desk.equal(
      await desk.ledger.redeem(desk.id, { by: "first", attempt, leaseMs: LONG_MS }),
      "ok",
      "the answer to the same attempt",
    );
    desk.equal(
      await desk.ledger.redeem(desk.id, { by: "second" }),
      "used",
      "the answer to another use",
    );
    desk.equal((await desk.row()).redeemedBy, ["first"], "the uses");
  }),

  rule(
    "gives a use whose lease ended unfinished to the next attempt, without a repeat",
    async (desk) => {
      await desk.reach("charged");
      for (let n = 0; n < 4; n++) {
        desk.equal(
          (await run(desk, { leaseMs: SHORT_MS, repeats: 0 })).answer,
          "ok",
          `the answer to attempt ${n}`,
        );
        await desk.wait(PAST_SHORT_MS);
      }
      desk.equal((await desk.row()).redeemedBy, ["first"], "the uses");
    },
  ),

  rule("renews the lease of the attempt that holds the use, and of no other", async (desk) => {
    await desk.reach("charged");
    const { attempt } = await run(desk, { leaseMs: SHORT_MS });
    const renew = (by: string) =>
      desk.ledger.redeem(desk.id, { by: "first", attempt: by, work: "goes_on", leaseMs: LONG_MS });
    desk.equal(await renew(desk.newId()), "absent", "the answer to another attempt");
    desk.equal(await renew(attempt), "ok", "the answer to the holder");
    await desk.wait(PAST_SHORT_MS);
    desk.equal((await run(desk)).answer, "busy", "the answer to the next");
  }),

  rule("takes no use for work that goes on or has ended", async (desk) => {
    await desk.reach("charged");
    for (const work of ["goes_on", "ended"] as const) {
      const answer = await desk.ledger.redeem(desk.id, {
        by: "first",
        attempt: desk.newId(),
        work,
        leaseMs: LONG_MS,
      });
      desk.equal(answer, "absent", `the answer to ${work}`);
    }
    desk.equal((await desk.row()).redeemedBy, [], "the uses");
  }),

  rule("counts the repeats of a use whose work ended, up to their limit", async (desk) => {
    await desk.reach("charged");
    const { attempt } = await run(desk);
    desk.equal(
      await desk.ledger.redeem(desk.id, { by: "first", attempt, work: "ended" }),
      "ok",
      "the answer to the end",
    );
    const renewed = await desk.ledger.redeem(desk.id, {
      by: "first",
      attempt,
      work: "goes_on",
      leaseMs: LONG_MS,
    });
    desk.equal(renewed, "absent", "the answer to a renewal after the end");
    const answers: string[] = [];
    for (let n = 0; n < 4; n++) answers.push((await run(desk)).answer);
    desk.equal(answers, ["already_by_me", "already_by_me", "used", "used"], "the answers");
  }),

  rule("counts a use without a lease, or without a note, as ended", async (desk) => {
    await desk.reach("charged");
    await desk.ledger.redeem(desk.id, { by: "first" });
    desk.equal((await run(desk, { body: "b" })).answer, "already_by_me", "the answer");
  }),

  rule("tells bodies of one use apart, and takes a missing digest for any body", async (desk) => {
    await desk.reach("charged");
    desk.equal(
      (await run(desk, { body: "a", leaseMs: SHORT_MS })).answer,
      "ok",
      "the first answer",
    );
    desk.equal(
      (await run(desk, { body: "b" })).answer,
      "mismatch",
      "the answer to another body while the work runs",
    );
    await desk.wait(PAST_SHORT_MS);
    desk.equal(
      (await run(desk, { body: "b" })).answer,
      "mismatch",
      "the answer to another body after the lease",
    );
    desk.equal((await run(desk)).answer, "ok", "the answer without a digest");
    const row = desk.newId();
    await desk.reach("charged", { id: row, changes: { attempt: desk.newId(), key: desk.newId() } });
    await desk.ledger.redeem(row, { by: "first" });
    desk.equal(
      await desk.ledger.redeem(row, { by: "first", body: "b" }),
      "already_by_me",
      "the answer to a use without a digest",
    );
  }),

  rule(
    "lets only the attempt that took a use give it back, and anyone who names no attempt",
    async (desk) => {
      await desk.reach("charged");
      const release = (attempt?: string) =>
        desk.ledger.redeem(desk.id, { by: "first", release: true, ...(attempt && { attempt }) });
      const first = await run(desk);
      desk.equal(
        [await release(desk.newId()), await release(first.attempt)],
        ["absent", "ok"],
        "the answers",
      );
      await run(desk);
      desk.equal(await release(first.attempt), "absent", "the answer to the attempt before");
      desk.equal(await release(), "ok", "the answer to an operator");
      desk.equal((await desk.row()).redeemedBy, [], "the uses");
    },
  ),

  rule("ends a use that would be given back too often", async (desk) => {
    await desk.reach("charged");
    const answers: string[] = [];
    for (let n = 0; n < 3; n++) {
      const { attempt } = await run(desk);
      answers.push(
        await desk.ledger.redeem(desk.id, { by: "first", attempt, release: true, releases: 2 }),
      );
    }
    desk.equal(answers, ["ok", "ok", "used"], "the answers");
    desk.equal((await run(desk)).answer, "already_by_me", "the answer to the next");
  }),

  rule(
    "gives a held use to exactly one of 50 attempts at once after its lease, and as many repeats as are left",
    async (desk) => {
      await desk.reach("charged");
      await run(desk, { leaseMs: SHORT_MS });
      await desk.wait(PAST_SHORT_MS);
      const taken = await Promise.all(Array.from({ length: 50 }, () => run(desk)));
      const holder = taken.filter(({ answer }) => answer === "ok");
      desk.equal(
        [holder.length, taken.filter(({ answer }) => answer === "busy").length],
        [1, 49],
        "how many took it",
      );
      await desk.ledger.redeem(desk.id, {
        by: "first",
        attempt: holder[0]?.attempt ?? "",
        work: "ended",
      });
      const repeats = await Promise.all(
        Array.from({ length: 50 }, () => run(desk, { repeats: 5 })),
      );
      desk.equal(
        repeats.filter(({ answer }) => answer === "already_by_me").length,
        5,
        "how many repeated it",
      );
    },
  ),

  rule(
    "tells what each use is worth to its next request, where it tells uses at all",
    async (desk) => {
      await desk.reach("charged");
      const told = async () => (await desk.row()).uses;
      if ((await told()) === undefined) return;
      desk.equal(await told(), [], "the uses of a new charge");

      const first = await run(desk, { uses: 3, leaseMs: SHORT_MS });
      await desk.ledger.redeem(desk.id, { by: "second", uses: 3, attempt: "a", leaseMs: LONG_MS });
      desk.equal((await told())?.[1], { by: "second", work: "running" }, "running work");
      await desk.wait(PAST_SHORT_MS);
      desk.equal((await told())?.[0], { by: "first", work: "unfinished" }, "work without a lease");

      const { attempt } = await run(desk, { uses: 3 });
      desk.equal(first.answer, "ok", "the first answer");
      await desk.ledger.redeem(desk.id, { by: "first", attempt, work: "ended" });
      const ended = (repeatsLeft: number) => ({ by: "first", work: "ended", repeatsLeft });
      desk.equal((await told())?.[0], ended(2), "ended work");
      await run(desk);
      desk.equal((await told())?.[0], ended(1), "repeated work");
      await run(desk);
      await run(desk);
      desk.equal((await told())?.[0], ended(0), "work without repeats");
      await desk.ledger.redeem(desk.id, { by: "third", uses: 3 });
      desk.equal((await told())?.[2], { by: "third", work: "ended" }, "a use without a number");

      await desk.ledger.redeem(desk.id, { by: "first", attempt, release: true });
      const row = await desk.row();
      desk.equal(
        row.uses?.map(({ by }) => by),
        ["second", "third"],
        "the uses after a release",
      );
      const [listed] = await desk.ledger.list({ userId: desk.userId, key: desk.key });
      desk.equal(listed?.uses, row.uses, "the uses in a list");
      const found = await desk.ledger.findAll?.([desk.id]);
      desk.equal((found?.[0] ?? row).uses, row.uses, "the uses among several rows");
    },
  ),

  rule("keeps why a use was given back, where it tells uses at all", async (desk) => {
    await desk.reach("charged");
    const { uses, releaseNote } = await desk.row();
    if (uses === undefined) return;
    desk.equal(releaseNote, undefined, "the note of a new charge");

    const give = (note?: string) =>
      desk.ledger.redeem(desk.id, { by: "first", release: true, ...(note && { note }) });
    await run(desk);
    await give("the export failed");
    await run(desk);
    desk.equal((await desk.row()).releaseNote, "the export failed", "the note after another use");
    await give();
    desk.equal((await desk.row()).releaseNote, "the export failed", "the note after no note");
    await run(desk);
    await give("it failed again");
    desk.equal((await desk.row()).releaseNote, "it failed again", "the newest note");
    desk.equal(await give("there is no use"), "absent", "the answer without a use");
    const [listed] = await desk.ledger.list({ userId: desk.userId, key: desk.key });
    desk.equal(listed?.releaseNote, "it failed again", "the note in a list");
  }),
];
