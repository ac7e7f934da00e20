import { type Desk, type LedgerRule, PAST_SHORT_MS, rule, SHORT_MS } from "./desk";

/** Reading and listing. */
export const bookRules: readonly LedgerRule[] = [
  rule("finds nothing where nothing was claimed", async (desk) => {
    desk.equal(await desk.ledger.find(desk.id), null, "the row");
  }),

  rule("shows a sending row as unknown once its lease has ended", async (desk) => {
    await desk.reach("sending", { leaseMs: SHORT_MS });
    desk.equal((await desk.row()).leaseLeftMs <= SHORT_MS, true, "a lease on the store's clock");
    await desk.wait(PAST_SHORT_MS);
    const { status, leaseLeftMs } = await desk.row();
    desk.equal([status, leaseLeftMs <= 0], ["unknown", true], "the row");
  }),

  rule("lists newest first", async (desk) => {
    const ids = await three(desk);
    desk.equal(
      (await desk.ledger.list({ userId: desk.userId })).map(({ id }) => id),
      ids.toReversed(),
      "the list",
    );
  }),

  rule("lists no more rows than asked for, and the older ones before a time", async (desk) => {
    const ids = await three(desk);
    const first = await desk.ledger.list({ userId: desk.userId, limit: 2 });
    desk.equal(
      first.map(({ id }) => id),
      [ids[2], ids[1]],
      "the first two",
    );
    const before = first[1]?.createdAt ?? 0;
    desk.equal(
      (await desk.ledger.list({ userId: desk.userId, before })).map(({ id }) => id),
      [ids[0]],
      "the rest",
    );
  }),

  rule(
    "turns pages without skipping or repeating a row, also within one millisecond",
    async (desk) => {
      const ids = Array.from({ length: 40 }, desk.newId);
      await Promise.all(
        ids.map((id) => desk.claim({ attempt: desk.newId(), key: desk.newId() }, id)),
      );
      const whole = (await desk.ledger.list({ userId: desk.userId })).map(({ id }) => id);
      desk.equal(whole.toSorted(), ids.toSorted(), "the whole list");

      for (const limit of [1, 7]) {
        const turned: string[] = [];
        for (let page = await desk.ledger.list({ userId: desk.userId, limit }); page.length > 0; ) {
          turned.push(...page.map(({ id }) => id));
          const last = page.at(-1);
          page = last ? await desk.ledger.list({ userId: desk.userId, limit, before: last }) : [];
        }
        desk.equal(turned, whole, `the pages of ${limit}`);
      }
    },
  ),

  rule("lists the row of a key behind any number of newer rows", async (desk) => {
    await desk.claim({ resource: "report-42" });
    await Promise.all(
      Array.from({ length: 120 }, () =>
        desk.claim(
          { attempt: desk.newId(), key: desk.newId(), resource: desk.newId() },
          desk.newId(),
        ),
      ),
    );
    const rows = await desk.ledger.list({ userId: desk.userId, key: desk.key });
    desk.equal(
      rows.map(({ id, resource }) => [id, resource]),
      [[desk.id, "report-42"]],
      "the list",
    );
    desk.equal(
      await desk.ledger.list({ userId: desk.userId, key: desk.newId() }),
      [],
      "the list of a key that nobody sent",
    );
    desk.equal(
      await desk.ledger.list({ userId: desk.newId(), key: desk.key }),
      [],
      "the list of a stranger with that key",
    );
    desk.equal(
      await desk.ledger.list({ userId: desk.userId, key: desk.key, status: "charged" }),
      [],
      "the list of another state",
    );
    desk.equal(
      (await desk.ledger.list({ key: desk.key })).length,
      1,
      "how many rows of any user have the key",
    );
  }),

  rule("lists everything when neither number nor time is limited", async (desk) => {
    const ids = await three(desk);
    const rows = await desk.ledger.list({
      userId: desk.userId,
      limit: Number.POSITIVE_INFINITY,
      before: Number.POSITIVE_INFINITY,
    });
    desk.equal(
      rows.map(({ id }) => id),
      ids.toReversed(),
      "the list",
    );
  }),

  rule("lists a user's own rows and nobody else's", async (desk) => {
    await desk.claim();
    await desk.claim({ userId: desk.newId() }, desk.newId());
    desk.equal(
      (await desk.ledger.list({ userId: desk.userId })).map(({ id }) => id),
      [desk.id],
      "the list",
    );
    desk.equal(await desk.ledger.list({ userId: desk.newId() }), [], "the list of a stranger");
  }),

  rule("lists the rows of one state", async (desk) => {
    for (const state of ["claimed", "sending", "charged", "declined", "unknown"] as const) {
      await desk.reach(state, {
        id: `${desk.id}-${state}`,
        changes: { attempt: desk.newId(), key: desk.newId() },
      });
    }
    for (const status of ["claimed", "sending", "charged", "declined", "unknown"] as const) {
      const rows = await desk.ledger.list({ userId: desk.userId, status });
      desk.equal(
        rows.map((row) => [row.id, row.status]),
        [[`${desk.id}-${status}`, status]],
        `the list of ${status}`,
      );
    }
  }),

  rule("lists the rows of one state of all users", async (desk) => {
    await desk.reach("unknown");
    const rows = await desk.ledger.list({ status: "unknown", limit: 1000 });
    desk.equal(
      rows.filter(({ userId }) => userId === desk.userId).map(({ id }) => id),
      [desk.id],
      "this user's part of the list",
    );
    desk.equal(
      rows.every(({ status }) => status === "unknown"),
      true,
      "that all of them are unknown",
    );
  }),

  rule("lists the rows of all users, newest first", async (desk) => {
    await desk.claim();
    const rows = await desk.ledger.list({ limit: 1000 });
    desk.equal(
      rows.some(({ id }) => id === desk.id),
      true,
      "that this row is in the list",
    );
    desk.equal(
      rows.map(({ createdAt }) => createdAt),
      rows.map(({ createdAt }) => createdAt).sort((a, b) => b - a),
      "the order",
    );
  }),

  rule(
    "lists a row whose sender is lost among the unknown, not among the sending",
    async (desk) => {
      await desk.reach("sending", { leaseMs: SHORT_MS });
      await desk.wait(PAST_SHORT_MS);
      desk.equal(
        (await desk.ledger.list({ userId: desk.userId, status: "unknown" })).map(({ id }) => id),
        [desk.id],
        "the unknown",
      );
      desk.equal(
        (await desk.ledger.list({ status: "unknown", limit: 1000 })).some(
          ({ id }) => id === desk.id,
        ),
        true,
        "that all unknown hold it",
      );
      desk.equal(
        await desk.ledger.list({ userId: desk.userId, status: "sending" }),
        [],
        "the sending",
      );
    },
  ),

  rule("lists a row once, in the state it has now", async (desk) => {
    await desk.reach("claimed", { leaseMs: 0 });
    await desk.claim({ attempt: desk.newId(), key: desk.newId() });
    await desk.reach("declined", {
      id: desk.newId(),
      changes: { attempt: desk.newId(), key: desk.newId() },
    });
    const listed = async (status?: "claimed" | "declined") =>
      (await desk.ledger.list({ userId: desk.userId, ...(status && { status }) }))
        .map((row) => row.status)
        .toSorted();
    desk.equal(await listed(), ["claimed", "declined"], "the list");
    desk.equal(
      [await listed("claimed"), await listed("declined")],
      [["claimed"], ["declined"]],
      "the lists by status",
    );
  }),
];

/** Three rows of one user, oldest first, a few milliseconds apart. */
async function three(desk: Desk): Promise<string[]> {
  const ids = [desk.newId(), desk.newId(), desk.newId()];
  for (const id of ids) {
    await desk.claim({ attempt: desk.newId(), key: desk.newId() }, id);
    await desk.wait(5);
  }
  return ids;
}
