import { type LedgerRule, LONG_MS, PAST_SHORT_MS, type Reached, rule, SHORT_MS } from "./desk";

/** What holds when many ask at the same moment. */
export const crowdRules: readonly LedgerRule[] = [
  rule("gives a row to exactly one of 100 attempts at once", async (desk) => {
    const answers = await atOnce(100, () => desk.claim({ attempt: desk.newId() }));
    desk.equal(count(answers.map(({ k }) => k)), { busy: 99, mine: 1 }, "the answers");
  }),

  rule("gives a free row to exactly one of 100 attempts at once", async (desk) => {
    await desk.reach("claimed", { leaseMs: SHORT_MS });
    await desk.wait(PAST_SHORT_MS);
    const answers = await atOnce(100, () => desk.claim({ attempt: desk.newId() }));
    desk.equal(count(answers.map(({ k }) => k)), { busy: 99, mine: 1 }, "the answers");
  }),

  rule("gives a declined row to exactly one of 50 other keys at once", async (desk) => {
    await desk.reach("declined");
    const answers = await atOnce(50, () =>
      desk.claim({ attempt: desk.newId(), key: desk.newId() }),
    );
    desk.equal(count(answers.map(({ k }) => k)), { busy: 49, mine: 1 }, "the answers");
  }),

  rule("answers mine to one attempt that is sent 20 times at once", async (desk) => {
    const answers = await atOnce(20, () => desk.claim());
    desk.equal(count(answers.map(({ k }) => k)), { mine: 20 }, "the answers");
  }),

  rule(
    "lets exactly one of 50 attempts at once go on to send, with leases that end at once",
    async (desk) => {
      const sent = await atOnce(50, async () => {
        const attempt = desk.newId();
        const claim = await desk.claim({ attempt, leaseMs: 0 });
        return claim.k === "mine" && (await desk.begin(attempt, LONG_MS));
      });
      desk.equal(sent.filter(Boolean).length <= 1, true, "that at most one was sent");
      desk.equal(
        (await desk.row()).status,
        sent.some(Boolean) ? "sending" : "claimed",
        "the status",
      );
    },
  ),

  rule("gives 50 rows to 50 users at once", async (desk) => {
    const answers = await atOnce(50, () =>
      desk.claim({ attempt: desk.newId(), userId: desk.newId() }, desk.newId()),
    );
    desk.equal(count(answers.map(({ k }) => k)), { mine: 50 }, "the answers");
  }),

  rule("writes one outcome when a sender reports two at once", async (desk) => {
    await desk.reach("sending");
    const [charged, declined] = await Promise.all([
      desk.settle("charged"),
      desk.settle("declined"),
    ]);
    desk.equal([charged, declined].filter(Boolean).length, 1, "how many were written");
    desk.equal((await desk.row()).status, charged ? "charged" : "declined", "the status");
  }),

  rule("lets exactly one of 1,000 redeem a charge at once", async (desk) => {
    await desk.reach("charged");
    const answers = await atOnce(1000, () => desk.ledger.redeem(desk.id, { by: desk.newId() }));
    desk.equal(count(answers), { ok: 1, used: 999 }, "the answers");
    desk.equal((await desk.row()).redeemedBy.length, 1, "how many redeemed it");
  }),

  rule("lets exactly 7 of 100 redeem a charge with 7 uses at once", async (desk) => {
    await desk.reach("charged");
    const answers = await atOnce(100, () =>
      desk.ledger.redeem(desk.id, { by: desk.newId(), uses: 7 }),
    );
    desk.equal(count(answers), { ok: 7, used: 93 }, "the answers");
  }),

  rule("counts one use when one is sent 20 times at once", async (desk) => {
    await desk.reach("charged");
    const answers = await atOnce(20, () => desk.ledger.redeem(desk.id, { by: "first" }));
    desk.equal(count(answers), { already_by_me: 19, ok: 1 }, "the answers");
    desk.equal((await desk.row()).redeemedBy, ["first"], "who redeemed it");
  }),

  rule("ends an unknown row exactly once", async (desk) => {
    await desk.reach("unknown");
    const answers = await atOnce(20, (n) =>
      desk.ledger.resolve(desk.id, { to: n % 2 ? "charged" : "declined", note: `${n}` }),
    );
    desk.equal(answers.filter(Boolean).length, 1, "how many were told that they ended it");
    const { status, outcome } = await desk.row();
    const winner = answers.indexOf(true);
    desk.equal(
      [status, outcome.note],
      [winner % 2 ? "charged" : "declined", `${winner}`],
      "the row",
    );
  }),
];

function atOnce<T>(times: number, run: (n: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: times }, (_, n) => run(n)));
}

function count(answers: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const each of answers) counts[each] = (counts[each] ?? 0) + 1;
  return counts;
}

const reachedStates: readonly Reached[] = ["claimed", "sending", "charged", "declined", "unknown"];

/** One key is one intent: one user's key stands in one row. */
export const keyRules: readonly LedgerRule[] = [
  ...reachedStates.map((state) =>
    rule(
      `answers mismatch to a key that stands in another row of its user, which is ${state}, and writes nothing`,
      async (desk) => {
        await desk.reach(state, { changes: { resource: "report-42" } });
        const other = desk.newId();

        desk.equal(
          await desk.claim({ attempt: desk.newId(), resource: "report-43" }, other),
          { k: "mismatch" },
          "the answer",
        );

        desk.equal(await desk.ledger.find(other), null, "the other row");
        desk.equal((await desk.row()).status, state, "the status of its own row");
      },
    ),
  ),

  rule(
    "answers mismatch to a key whose own claim has ended: the key may still be taken up in that row",
    async (desk) => {
      await desk.reach("claimed", { leaseMs: SHORT_MS });
      await desk.wait(PAST_SHORT_MS);
      desk.equal(
        await desk.claim({ attempt: desk.newId() }, desk.newId()),
        { k: "mismatch" },
        "the answer",
      );
    },
  ),

  rule(
    "gives neither a free nor a declined row to a key that stands in another row",
    async (desk) => {
      const [free, declined] = [desk.newId(), desk.newId()];
      await desk.reach("declined", {
        id: declined,
        changes: { attempt: desk.newId(), key: desk.newId() },
      });
      await desk.reach("claimed", {
        id: free,
        leaseMs: 0,
        changes: { attempt: desk.newId(), key: desk.newId() },
      });
      await desk.reach("charged");

      const answers = [
        await desk.claim({ attempt: desk.newId() }, free),
        await desk.claim({ attempt: desk.newId() }, declined),
      ];

      desk.equal(answers, [{ k: "mismatch" }, { k: "mismatch" }], "the answers");
      desk.equal(
        [(await desk.row(free)).status, (await desk.row(declined)).status],
        ["claimed", "declined"],
        "the rows",
      );
    },
  ),

  rule("shows a row to a key that stands in another row", async (desk) => {
    const other = desk.newId();
    await desk.reach("charged", {
      id: other,
      changes: { attempt: desk.newId(), key: desk.newId() },
    });
    await desk.reach("charged");
    const answer = await desk.claim({ attempt: desk.newId() }, other);
    desk.equal(
      answer.k === "done" && [answer.row.id, answer.row.status],
      [other, "charged"],
      "the row",
    );
  }),

  rule("does not keep a key of one user from another", async (desk) => {
    await desk.claim();
    desk.equal(
      await desk.claim({ attempt: desk.newId(), userId: desk.newId() }, desk.newId()),
      { k: "mine" },
      "the answer",
    );
  }),

  rule(
    "keeps the refusal of a declined key, whichever of 50 other keys gets its row",
    async (desk) => {
      await desk.reach("declined", { outcome: { code: "insufficient_credits" } });
      await atOnce(50, () => desk.claim({ attempt: desk.newId(), key: desk.newId(), leaseMs: 0 }));
      const told = await desk.ledger.list({ userId: desk.userId, key: desk.key });
      desk.equal(
        told.map(({ status, outcome }) => [status, outcome]),
        [["declined", { code: "insufficient_credits" }]],
        "what is told of the declined key",
      );
      desk.equal(
        await desk.claim({ attempt: desk.newId() }),
        { k: "mismatch" },
        "the answer to the declined key",
      );
    },
  ),

  rule(
    "lets at most one go on to send of 10 rows that are claimed with one key at once",
    async (desk) => {
      for (let round = 0; round < 20; round++) {
        const key = desk.newId();
        const sent = await Promise.all(
          Array.from({ length: 10 }, async () => {
            const [id, attempt] = [desk.newId(), desk.newId()];
            const claim = await desk.claim({ attempt, key }, id);
            return (
              claim.k === "mine" && (await desk.ledger.begin(id, { attempt, leaseMs: 60_000 }))
            );
          }),
        );
        desk.equal(sent.filter(Boolean).length <= 1, true, "that at most one was sent");
      }
    },
  ),
];
