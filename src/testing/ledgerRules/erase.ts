import type { ChargeRow, Ledger } from "ares-react/server";
import { type Desk, type LedgerRule, rule } from "./desk";

type Erase = NonNullable<Ledger["erase"]>;

/** A rule for ledgers that can forget a user. A ledger without the verb is not asked: `charges.erase` refuses that ledger. */
function erasing(
  title: string,
  check: (desk: Desk, erase: (madeBefore: number, limit?: number) => Promise<Run>) => Promise<void>,
): LedgerRule {
  return rule(title, async (desk) => {
    const { erase } = desk.ledger;
    if (erase) await check(desk, (madeBefore, limit) => eraseAll(desk, erase, madeBefore, limit));
  });
}

interface Run {
  /** The name under which the rows stand now. */
  as: string;
  moved: number;
  /** How many rows each call has moved. */
  calls: number[];
}

/** Runs `erase` until it says that it has looked at every old row. */
async function eraseAll(
  desk: Desk,
  erase: Erase,
  madeBefore: number,
  limit?: number,
): Promise<Run> {
  const run: Run = { as: desk.newId(), moved: 0, calls: [] };
  const page = limit === undefined ? {} : { limit };
  let after: Awaited<ReturnType<Erase>>["next"] = null;
  do {
    const done = await erase(desk.userId, {
      as: run.as,
      madeBefore,
      ...(after && { after }),
      ...page,
    });
    run.moved += done.moved;
    run.calls.push(done.moved);
    after = done.next;
  } while (after);
  return run;
}

/** A moment of the ledger's clock: rows made before are old, rows made afterwards are young. */
async function edge(desk: Desk): Promise<number> {
  await desk.wait(5);
  const { now } = await desk.ledger.health();
  await desk.wait(5);
  return now;
}

/** Claims of one user that differ in their attempt and key. */
const another = (desk: Desk) => ({ attempt: desk.newId(), key: desk.newId() });

/** The members of a row that tell of the money, and of nobody. */
const moneyOf = ({
  status,
  usage,
  hundredths,
  createdAt,
  settledAt,
  resource,
  outcome,
}: ChargeRow) => ({
  status,
  usage,
  hundredths,
  createdAt,
  settledAt,
  isOfResource: resource !== null,
  aresStatus: outcome.aresStatus,
});

const moneyOfAll = (rows: readonly ChargeRow[]) =>
  rows.map((row) => JSON.stringify(moneyOf(row))).toSorted();

/** Makes a row that an old chain begins with, and gives what a claim for a later row needs. */
async function chainOf(desk: Desk, fingerprint = desk.newId()) {
  const shared = { fingerprint, resource: `resource of ${desk.id}` };
  const first = { id: desk.newId(), ...another(desk) };
  await desk.reach("charged", { id: first.id, changes: { ...first, ...shared } });
  return { first, shared, head: { id: first.id, attempt: first.attempt } };
}

/** Forgetting a user. */
export const eraseRules: readonly LedgerRule[] = [
  erasing(
    "moves a user's old rows under another name, and keeps only what was charged, when, and how it ended",
    async (desk, erase) => {
      const outcome = {
        balanceBefore: 1,
        balanceAfter: 2,
        wallet: "w",
        note: "n",
        aresStatus: 402,
      };
      const told = { outcome: { code: "insufficient_credits", ...outcome } };
      const ofResource = { resource: `resource of ${desk.id}`, fingerprint: desk.newId() };
      await desk.reach("charged", { outcome: { balanceAfter: 2, repeats: 5 } });
      await desk.ledger.redeem(desk.id, { by: `work of ${desk.id}`, attempt: desk.id, uses: 9 });
      await desk.ledger.redeem(desk.id, { by: "another", uses: 9 });
      await desk.ledger.redeem(desk.id, { by: "another", release: true, note: "n" });
      for (const state of ["charged", "declined"] as const) {
        const changes = { ...another(desk), ...(state === "charged" && ofResource) };
        await desk.reach(state, { id: `${desk.id}-${state}`, changes, ...told });
      }
      await desk.claim({ ...another(desk), leaseMs: 0 }, `${desk.id}-ended`);
      const old = await desk.ledger.list({ userId: desk.userId });

      const { as, moved } = await erase(await edge(desk));

      desk.equal(moved, 4, "how many moved");
      desk.equal(await desk.ledger.list({ userId: desk.userId }), [], "the rows that stay");
      const nameless = await desk.ledger.list({ userId: as });
      desk.equal(moneyOfAll(nameless), moneyOfAll(old), "what the rows tell now");
      for (const row of nameless) {
        const { aresStatus: _, ...rest } = row.outcome;
        desk.equal(rest, {}, "the rest of an outcome");
        desk.equal(
          [row.redeemedBy, row.uses ?? [], row.releaseNote],
          [[], [], undefined],
          "the uses",
        );
        desk.equal(moneyOf(await desk.row(row.id)), moneyOf(row), "the row by its id");
      }
      const text = JSON.stringify(nameless);
      const personal = old.flatMap(({ id, attempt, key, fingerprint, userId, resource }) =>
        [id, attempt, key, fingerprint, userId, resource].filter((each) => each !== null),
      );
      desk.equal(
        personal.filter((each) => text.includes(each)),
        [],
        "what tells of the user",
      );
      desk.equal(new Set(nameless.flatMap(({ id, key }) => [id, key])).size, 4, "how many names");
      for (const { id } of old) desk.equal(await desk.ledger.find(id), null, "a row that moved");
    },
  ),

  erasing("moves no row of another user", async (desk, erase) => {
    const other = desk.newId();
    await desk.reach("charged", { id: other, changes: { ...another(desk), userId: desk.newId() } });
    await desk.reach("charged");
    await erase(await edge(desk));
    desk.equal((await desk.row(other)).status, "charged", "the other user's row");
  }),

  erasing(
    "moves no young and no open row: a repeat of their keys meets them",
    async (desk, erase) => {
      for (const state of ["sending", "unknown"] as const)
        await desk.reach(state, { id: `${desk.id}-${state}`, changes: another(desk) });
      await desk.reach("sending", { id: `${desk.id}-lost`, leaseMs: 0, changes: another(desk) });
      const madeBefore = await edge(desk);
      await desk.reach("charged");
      await desk.reach("declined", { id: `${desk.id}-declined`, changes: another(desk) });
      const before = (await desk.ledger.list({ userId: desk.userId })).map(({ id }) => id);

      desk.equal((await erase(madeBefore)).moved, 0, "how many moved");

      const after = (await desk.ledger.list({ userId: desk.userId })).map(({ id }) => id);
      desk.equal(after, before, "the rows");
      const answer = await desk.claim({ attempt: desk.newId() });
      desk.equal(answer.k === "done" && answer.row.status, "charged", "the answer to a repeat");
    },
  ),

  erasing(
    "replays a young key whose chain has an old row, before, during and after it forgets the user",
    async (desk, erase) => {
      const { first, shared, head } = await chainOf(desk);
      for (let n = 0; n < 3; n++)
        await desk.reach("charged", { id: `${desk.id}-${n}`, changes: another(desk) });
      const madeBefore = await edge(desk);
      await desk.reach("charged", { changes: { ...shared, head } });
      const young = { ...shared, head, attempt: desk.newId() };
      const replayed = async (when: string) => {
        desk.equal((await desk.row(first.id)).attempt, first.attempt, `the old row ${when}`);
        const answer = await desk.claim(young);
        desk.equal(answer.k === "done" && answer.row.status, "charged", `the answer ${when}`);
        const elsewhere = await desk.claim({ ...young, attempt: desk.newId() }, desk.newId());
        desk.equal(elsewhere.k, "mismatch", `the answer elsewhere ${when}`);
      };

      await replayed("before");
      let after: Awaited<ReturnType<Erase>>["next"] = null;
      do {
        const page: Parameters<Erase>[1] = {
          as: "nobody",
          madeBefore,
          limit: 1,
          ...(after && { after }),
        };
        after = (await desk.ledger.erase?.(desk.userId, page))?.next ?? null;
        await replayed("during");
      } while (after);
      desk.equal((await erase(madeBefore)).moved, 0, "how many moved at a second run");
      await replayed("after");
      desk.equal((await desk.ledger.list({ userId: desk.userId })).length, 2, "how many rows stay");
    },
  ),

  erasing("moves no old row of a resource that has an open row", async (desk, erase) => {
    const { first, shared, head } = await chainOf(desk);
    await desk.reach("unknown", { changes: { ...shared, head } });
    const { shared: free } = await chainOf(desk);
    // Not settled within the hour before, as far as the balance is concerned: nothing was charged.
    await desk.reach("declined", {
      id: `${desk.id}-free`,
      changes: { ...another(desk), ...free, fingerprint: desk.newId() },
    });
    desk.equal((await erase(await edge(desk))).moved, 1, "how many moved");
    desk.equal((await desk.row(first.id)).status, "charged", "the first row");
  }),

  erasing(
    "keeps the refusal of a displaced key as long as the row of its resource is young, and then moves both",
    async (desk, erase) => {
      const shared = { fingerprint: desk.newId(), resource: "report-42" };
      await desk.reach("declined", { changes: shared });
      const madeBefore = await edge(desk);
      await desk.reach("charged", { changes: { ...another(desk), ...shared } });
      const refusals = async () =>
        (await desk.ledger.list({ userId: desk.userId, key: desk.key })).map((row) => row.status);

      desk.equal((await erase(madeBefore)).moved, 0, "how many moved");
      desk.equal(await refusals(), ["declined"], "what is told of the displaced key");
      desk.equal((await erase(await edge(desk))).moved, 2, "how many moved later");
      desk.equal(await refusals(), [], "what is told of the displaced key later");
    },
  ),

  erasing(
    "keeps the refusal of a displaced key as long as the row of its resource is open, or the balance judges an open row by it",
    async (desk, erase) => {
      const shared = { fingerprint: desk.newId(), resource: "report-42" };
      await desk.reach("declined", { changes: shared });
      const next = { ...another(desk), ...shared };
      await desk.reach("sending", { changes: next });
      const refusals = async () =>
        (await desk.ledger.list({ userId: desk.userId, key: desk.key })).map((row) => row.status);

      desk.equal((await erase(await edge(desk))).moved, 0, "how many moved beside an open row");
      desk.equal(await refusals(), ["declined"], "what is told of the displaced key");

      await desk.settle("charged", { attempt: next.attempt });
      const other = desk.newId();
      await desk.reach("unknown", { id: other, changes: another(desk) });
      desk.equal((await erase(await edge(desk))).moved, 0, "how many moved beside evidence");
      desk.equal(await refusals(), ["declined"], "what is told of the displaced key then");

      await desk.ledger.resolve(other, { to: "declined", note: "not in the books" });
      desk.equal((await erase(await edge(desk))).moved, 3, "how many moved in the end");
    },
  ),

  erasing(
    "keeps the charges beside an open row, by which the balance judges it, until that row has ended",
    async (desk, erase) => {
      await desk.reach("unknown");
      const paid = { id: desk.newId(), ...another(desk) };
      await desk.reach("charged", { id: paid.id, changes: paid });
      const madeBefore = await edge(desk);

      desk.equal((await erase(madeBefore)).moved, 0, "how many moved");
      await desk.ledger.resolve(desk.id, { to: "declined", note: "not in the books" });
      desk.equal((await erase(madeBefore)).moved, 2, "how many moved once the row had ended");
    },
  ),

  erasing("takes no row for a claim whose chain has moved", async (desk, erase) => {
    const { shared, head } = await chainOf(desk);
    desk.equal((await desk.claim({ ...shared, head, leaseMs: 0 })).k, "mine", "the first answer");
    const madeBefore = await edge(desk);
    await erase(madeBefore);
    const next = desk.newId();
    const late = () => desk.claim({ ...another(desk), ...shared, head }, next);

    desk.equal(await late(), { k: "gone" }, "the answer to a claim that read the chain before");
    desk.equal(await desk.ledger.find(next), null, "the row");

    await desk.reach("charged", { id: head.id, changes: { ...another(desk), ...shared } });
    desk.equal(await late(), { k: "gone" }, "its answer once a new chain has begun");
    const fresh = { id: head.id, attempt: (await desk.row(head.id)).attempt };
    desk.equal(
      await desk.claim({ ...another(desk), ...shared, head: fresh }, next),
      { k: "mine" },
      "the answer to a claim of the new chain",
    );
  }),

  erasing(
    "either moves a chain or gives its next row to a claim, when both come at once",
    async (desk, erase) => {
      const rounds = Array.from({ length: 30 }, async () => {
        const { shared, head } = await chainOf(desk);
        return { shared, head, next: desk.newId() };
      });
      const chains = await Promise.all(rounds);
      const madeBefore = await edge(desk);

      const [claims] = await Promise.all([
        Promise.all(
          chains.map(({ shared, head, next }) =>
            desk.claim({ ...another(desk), ...shared, head }, next),
          ),
        ),
        erase(madeBefore, 7),
      ]);

      for (const [n, { head, next }] of chains.entries()) {
        const rows = [await desk.ledger.find(head.id), await desk.ledger.find(next)];
        const isWhole = rows.every((row) => row !== null);
        const isMoved = rows.every((row) => row === null);
        const answer = claims[n]?.k;
        desk.equal(
          answer === "mine" ? isWhole : isMoved,
          true,
          `that no chain is torn (${answer})`,
        );
      }
    },
  ),

  erasing(
    "looks at no more rows a call than asked for, and goes on where a run has broken off",
    async (desk, erase) => {
      for (let n = 0; n < 7; n++)
        await desk.reach("charged", { id: `${desk.id}-${n}`, changes: another(desk) });
      await desk.reach("unknown");
      const madeBefore = (await edge(desk)) + 1;
      await desk.ledger.resolve(desk.id, { to: "declined", note: "not in the books" });
      const broken = { as: desk.newId(), madeBefore, limit: 3 };

      desk.equal(
        (await desk.ledger.erase?.(desk.userId, broken))?.moved,
        3,
        "the first call's rows",
      );
      const { as, moved, calls } = await erase(madeBefore, 2);

      desk.equal([moved, Math.max(...calls)], [5, 2], "the rows of the second run");
      desk.equal(
        (await desk.ledger.list({ userId: broken.as })).length,
        3,
        "the first name's rows",
      );
      desk.equal((await desk.ledger.list({ userId: as })).length, 5, "the second name's rows");
      desk.equal(await desk.ledger.list({ userId: desk.userId }), [], "the user's rows");
    },
  ),
];
