import { type LedgerRule, LONG_MS, PAST_SHORT_MS, rule, SHORT_MS } from "./desk";

const oddTexts = [
  "007",
  "1e5",
  "null",
  "true",
  '{"a":1}',
  "[]",
  "",
  "ß 漢字 🧾",
  'it\'s "quoted" \\ %s $1 :id ?',
  "line\nline\ttab",
  "x".repeat(200),
];

/** Who gets a row, and what everybody else is told. */
export const claimRules: readonly LedgerRule[] = [
  rule("gives a new row to the attempt that asks for it", async (desk) => {
    desk.equal(await desk.claim(), { k: "mine" }, "the answer");
    desk.equal((await desk.row()).status, "claimed", "its status");
  }),

  rule("keeps every fact of a claim", async (desk) => {
    // The longest key that a page mints.
    const key = `${desk.key}.${"o".repeat(64)}.100000000000`;
    const changes = { key, resource: "report-42", usage: "video generation", hundredths: 29 };
    const { mintedAt: _, leaseMs: __, retainMs: ___, ...facts } = desk.order(changes);
    await desk.claim(changes);

    const {
      leaseLeftMs,
      ageMs,
      createdAt,
      settledAgoMs,
      settledAt,
      outcome,
      redeemedBy,
      uses = [],
      status,
      ...kept
    } = await desk.row();

    desk.equal(kept, { id: desk.id, ...facts }, "the row");
    desk.equal(
      { settledAgoMs, settledAt, outcome, redeemedBy, uses, status },
      {
        settledAgoMs: null,
        settledAt: null,
        outcome: {},
        redeemedBy: [],
        uses: [],
        status: "claimed",
      },
      "the rest",
    );
    desk.equal(
      leaseLeftMs > 0 && leaseLeftMs <= LONG_MS && Number.isInteger(createdAt),
      true,
      "a lease ahead and a whole time",
    );
  }),

  rule("gives every text back exactly as it was written", async (desk) => {
    for (const text of oddTexts) {
      const id = desk.newId();
      await desk.claim(
        {
          userId: `${desk.userId}${text}`,
          resource: text,
          key: `${text}.`,
          fingerprint: `${text}!`,
          attempt: `${text}?`,
        },
        id,
      );
      const { resource, key, fingerprint, attempt, userId } = await desk.row(id);
      desk.equal(
        [userId, resource, key, fingerprint, attempt],
        [`${desk.userId}${text}`, text, `${text}.`, `${text}!`, `${text}?`],
        "the text",
      );
    }
  }),

  rule("keeps amounts exactly, from one hundredth to a thousand million credits", async (desk) => {
    for (const hundredths of [1, 29, 100, 99_999_999_999, 100_000_000_000]) {
      const id = desk.newId();
      await desk.claim({ hundredths, key: desk.newId() }, id);
      desk.equal((await desk.row(id)).hundredths, hundredths, "the amount");
    }
  }),

  rule("answers mine to the same attempt again, because drivers re-send", async (desk) => {
    await desk.claim();
    desk.equal(
      [await desk.claim(), await desk.claim()],
      [{ k: "mine" }, { k: "mine" }],
      "the answers",
    );
  }),

  rule("tells another attempt that the row is busy, and whose it is", async (desk) => {
    await desk.claim();

    const answer = await desk.claim({ attempt: desk.newId() });

    desk.equal(
      answer.k === "busy" && [answer.row.attempt, answer.row.status, answer.row.leaseLeftMs > 0],
      [desk.attempt, "claimed", true],
      "the busy row",
    );
  }),

  rule("tells another key that the row is busy", async (desk) => {
    await desk.claim();
    desk.equal(
      (await desk.claim({ attempt: desk.newId(), key: desk.newId() })).k,
      "busy",
      "the answer",
    );
  }),

  rule("lets another attempt take over a claim whose lease has ended", async (desk) => {
    await desk.reach("claimed", { leaseMs: SHORT_MS });
    await desk.wait(PAST_SHORT_MS);

    const next = desk.newId();
    desk.equal(await desk.claim({ attempt: next }), { k: "mine" }, "the answer");
    desk.equal((await desk.row()).attempt, next, "the attempt");
  }),

  rule("stops the attempt that was replaced: it can neither begin nor settle", async (desk) => {
    await desk.reach("claimed", { leaseMs: SHORT_MS });
    await desk.wait(PAST_SHORT_MS);
    const next = desk.newId();
    await desk.claim({ attempt: next });

    desk.equal(await desk.begin(), false, "begin by the replaced attempt");
    await desk.begin(next);
    desk.equal(await desk.begin(), false, "begin beside the sender");
    desk.equal(await desk.settle("charged"), false, "a settlement by the replaced attempt");
    desk.equal((await desk.row()).status, "sending", "the status");
  }),

  rule("does not give a row back to the attempt that was replaced", async (desk) => {
    await desk.reach("claimed", { leaseMs: SHORT_MS });
    await desk.wait(PAST_SHORT_MS);
    await desk.claim({ attempt: desk.newId() });
    desk.equal((await desk.claim()).k, "busy", "the answer to the replaced attempt");
  }),

  rule("takes the price and the key of the attempt that takes over", async (desk) => {
    await desk.reach("claimed", { leaseMs: SHORT_MS });
    await desk.wait(PAST_SHORT_MS);
    const key = desk.newId();
    await desk.claim({ attempt: desk.newId(), key, hundredths: 250 });

    const row = await desk.row();
    desk.equal([row.key, row.hundredths, row.leaseLeftMs > 0], [key, 250, true], "the row");
  }),

  rule("keeps rows apart that differ only in the case or the end of their id", async (desk) => {
    await desk.claim({}, `${desk.id}a`);
    const other = () => ({ attempt: desk.newId(), key: desk.newId() });
    desk.equal(
      (await desk.claim(other(), `${desk.id}A`)).k,
      "mine",
      "the answer to the upper case",
    );
    desk.equal(
      (await desk.claim(other(), `${desk.id}a `)).k,
      "mine",
      "the answer to a space at the end",
    );
  }),
];
