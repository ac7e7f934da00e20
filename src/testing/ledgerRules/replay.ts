import {
  type Desk,
  type LedgerRule,
  LONG_MS,
  PAST_SHORT_MS,
  type Reached,
  rule,
  SHORT_MS,
} from "./desk";

const reachedStates: readonly Reached[] = ["claimed", "sending", "charged", "declined", "unknown"];

/** What a row that has gone further answers to a new claim. */
export const replayRules: readonly LedgerRule[] = [
  rule("tells that a sending row is busy", async (desk) => {
    await desk.reach("sending");
    const answer = await desk.claim({ attempt: desk.newId() });
    desk.equal(answer.k === "busy" && answer.row.status, "sending", "the busy row's status");
  }),

  rule(
    "never gives a sending row to another attempt, however long ago its lease ended",
    async (desk) => {
      await desk.reach("sending", { leaseMs: SHORT_MS });
      await desk.wait(PAST_SHORT_MS);

      for (const changes of [
        { attempt: desk.newId() },
        { attempt: desk.newId(), key: desk.newId() },
        {},
      ]) {
        const answer = await desk.claim(changes);
        desk.equal(answer.k === "done" && answer.row.status, "unknown", "what it reads as");
      }
      desk.equal((await desk.row()).attempt, desk.attempt, "the attempt");
    },
  ),

  rule("never gives an unknown row to another attempt", async (desk) => {
    await desk.reach("unknown");
    for (const changes of [
      { attempt: desk.newId() },
      { attempt: desk.newId(), key: desk.newId() },
      {},
    ]) {
      const answer = await desk.claim(changes);
      desk.equal(answer.k === "done" && answer.row.status, "unknown", "what it reads as");
    }
  }),

  rule("replays a charged row to its own key and to every other", async (desk) => {
    await desk.reach("charged", { outcome: { balanceAfter: 69_700 } });
    for (const changes of [
      { attempt: desk.newId() },
      { attempt: desk.newId(), key: desk.newId() },
      {},
    ]) {
      const answer = await desk.claim(changes);
      desk.equal(
        answer.k === "done" && [answer.row.status, answer.row.outcome, answer.row.key],
        ["charged", { balanceAfter: 69_700 }, desk.key],
        "the row",
      );
    }
  }),

  rule("replays a declined row to its own key", async (desk) => {
    await desk.reach("declined", { outcome: { code: "insufficient_credits", aresStatus: 402 } });
    const answer = await desk.claim({ attempt: desk.newId() });
    desk.equal(
      answer.k === "done" && answer.row.outcome,
      { code: "insufficient_credits", aresStatus: 402 },
      "the outcome",
    );
  }),

  rule("gives a declined row to another key, as a new row", async (desk) => {
    await desk.reach("declined", { outcome: { code: "insufficient_credits" } });
    const next = { attempt: desk.newId(), key: desk.newId() };

    desk.equal(await desk.claim(next), { k: "mine" }, "the answer");

    const { status, attempt, key, outcome, settledAt, settledAgoMs } = await desk.row();
    desk.equal(
      { status, attempt, key, outcome, settledAt, settledAgoMs },
      { ...next, status: "claimed", outcome: {}, settledAt: null, settledAgoMs: null },
      "the row",
    );
  }),

  rule("answers mine again to the attempt that was given a declined row", async (desk) => {
    await desk.reach("declined");
    const next = { attempt: desk.newId(), key: desk.newId() };
    desk.equal(
      [await desk.claim(next), await desk.claim(next)],
      [{ k: "mine" }, { k: "mine" }],
      "the answers",
    );
  }),

  rule("keeps the declined attempt out once another key has its row", async (desk) => {
    await desk.reach("declined");
    await desk.claim({ attempt: desk.newId(), key: desk.newId() });
    desk.equal(
      [await desk.begin(), await desk.settle("declined"), (await desk.claim()).k],
      [false, false, "busy"],
      "begin, settle and claim",
    );
  }),

  ...reachedStates.map((state) =>
    rule(
      `keeps the refusal of a declined key whose row another key has taken, and lets that key in no more: ${state}`,
      async (desk) => {
        const outcome = { code: "insufficient_credits", aresStatus: 402 };
        await desk.reach("declined", { outcome, changes: { resource: "report-42" } });
        const next = { attempt: desk.newId(), key: desk.newId(), resource: "report-42" };
        await desk.reach(state, { changes: next, leaseMs: state === "claimed" ? 0 : LONG_MS });

        const again = await desk.claim({ attempt: desk.newId(), resource: "report-42" });
        const elsewhere = await desk.claim(
          { attempt: desk.newId(), resource: "report-42" },
          desk.newId(),
        );

        const answers = {
          claimed: "mismatch",
          declined: "mismatch",
          sending: "busy",
          charged: "done",
          unknown: "done",
        };
        desk.equal(again.k, answers[state], "the answer to the declined key");
        desk.equal(elsewhere, { k: "mismatch" }, "the answer to the declined key for another row");
        const { status, key, attempt } = await desk.row();
        desk.equal(
          { status, key, attempt },
          { status: state, key: next.key, attempt: next.attempt },
          "the row",
        );
        const told = await desk.ledger.list({ userId: desk.userId, key: desk.key });
        desk.equal(
          told.map((row) => [
            row.status,
            row.key,
            row.attempt,
            row.fingerprint,
            row.resource,
            row.outcome,
          ]),
          [["declined", desk.key, desk.attempt, `of ${desk.id}`, "report-42", outcome]],
          "what is told of the declined key",
        );
        const newest = await desk.ledger.newest?.(desk.userId, [`of ${desk.id}`]);
        desk.equal(
          (newest ?? []).filter(({ id }) => id !== desk.id).length,
          0,
          "how many other rows are told as the newest",
        );
      },
    ),
  ),

  rule("keeps the refusals of many keys that take a row one after the other", async (desk) => {
    const tries = Array.from({ length: 5 }, () => ({ attempt: desk.newId(), key: desk.newId() }));
    for (const changes of tries) await desk.reach("declined", { changes });
    for (const { key } of tries)
      desk.equal(
        (await desk.claim({ attempt: desk.newId(), key })).k,
        key === tries.at(-1)?.key ? "done" : "mismatch",
        "the answer",
      );
    const told = await desk.ledger.list({ userId: desk.userId, status: "declined" });
    desk.equal(
      told.map(({ key }) => key).toSorted(),
      tries.map(({ key }) => key).toSorted(),
      "the declined keys",
    );
  }),

  ...reachedStates.map((state) =>
    rule(
      `answers mismatch to another fingerprint when the row is ${state}, and changes nothing`,
      async (desk) => {
        await desk.reach(state);
        const before = await steady(desk);

        desk.equal(
          await desk.claim({ attempt: desk.newId(), fingerprint: "another request" }),
          { k: "mismatch" },
          "the answer",
        );

        desk.equal(await steady(desk), before, "the row");
      },
    ),
  ),

  rule("answers mismatch to another fingerprint when a claim's lease has ended", async (desk) => {
    await desk.reach("claimed", { leaseMs: SHORT_MS });
    await desk.wait(PAST_SHORT_MS);
    desk.equal(
      await desk.claim({ attempt: desk.newId(), fingerprint: "another request" }),
      { k: "mismatch" },
      "the answer",
    );
  }),

  rule(
    "answers mismatch to the very attempt that owns the row, when its request has changed",
    async (desk) => {
      await desk.claim();
      desk.equal(
        await desk.claim({ fingerprint: "another request" }),
        { k: "mismatch" },
        "the answer",
      );
    },
  ),

  rule("refuses a key older than the ledger, and writes nothing", async (desk) => {
    const { epoch } = await desk.ledger.health();
    desk.equal(await desk.claim({ mintedAt: epoch - 1 }), { k: "reset" }, "the answer");
    desk.equal(await desk.ledger.find(desk.id), null, "the row");
    desk.equal(await desk.ledger.list({ userId: desk.userId }), [], "the list");
  }),

  rule("answers from the row, where there is one, however old the key", async (desk) => {
    const { epoch } = await desk.ledger.health();
    await desk.reach("charged");
    const answer = await desk.claim({ attempt: desk.newId(), mintedAt: epoch - LONG_MS });
    desk.equal(answer.k === "done" && answer.row.status, "charged", "the row's status");
  }),
];

/** The row without what time alone changes. */
async function steady(desk: Desk): Promise<unknown> {
  const { leaseLeftMs: _, ageMs: __, settledAgoMs: ___, ...row } = await desk.row();
  return row;
}
