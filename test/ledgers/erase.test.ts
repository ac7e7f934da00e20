import { expect, test } from "vitest";
import { type ChargeRow, type Ledger, memoryLedger } from "../../src/server";
import { eraseRules } from "../../src/testing/ledgerRules/erase";

type Erase = NonNullable<Ledger["erase"]>;
type Step = Parameters<Erase>[1];

/** A memory whose rows a mutant may change behind the ledger's back. */
function mutable() {
  const ledger = memoryLedger();
  const erase = (userId: string, step: Step) => ledger.erase?.(userId, step) ?? Promise.reject();
  return { ledger, erase };
}

/** The user's rows, oldest first. */
const rowsOf = async (ledger: Ledger, userId: string) =>
  (await ledger.list({ userId, limit: 1_000 })).toReversed();

/** Lists the rows that have moved otherwise than they are. */
function changesMoved(
  { ledger, erase }: ReturnType<typeof mutable>,
  change: (row: ChargeRow) => ChargeRow,
): Partial<Ledger> {
  const names = new Set<string>();
  return {
    async erase(userId, step) {
      names.add(step.as);
      return erase(userId, step);
    },
    list: async (filter) =>
      (await ledger.list(filter)).map((row) => (names.has(row.userId) ? change(row) : row)),
  };
}

/** Ledgers with one law of erasure broken. Each of them must break a rule, or the rules prove nothing. */
const mutants: Record<string, (of: ReturnType<typeof mutable>) => Partial<Ledger>> = {
  "moves young rows too": ({ erase }) => ({
    erase: (userId, step) => erase(userId, { ...step, madeBefore: Number.MAX_SAFE_INTEGER }),
  }),
  "moves nothing": () => ({ erase: async () => ({ moved: 0, next: null }) }),
  "moves the rows of everybody": ({ ledger, erase }) => ({
    async erase(userId, step) {
      const users = new Set((await ledger.list({ limit: 10_000 })).map((row) => row.userId));
      for (const other of users)
        if (other !== userId) await erase(other, { ...step, after: undefined, limit: 10_000 });
      return erase(userId, step);
    },
  }),
  "ends open rows": ({ ledger, erase }) => ({
    async erase(userId, step) {
      for (const { id, status } of await rowsOf(ledger, userId))
        if (status === "unknown") await ledger.resolve(id, { to: "declined", note: "" });
      return erase(userId, step);
    },
  }),
  "hides the old rows of a chain that stays": ({ ledger, erase }) => {
    const gone = new Set<string>();
    return {
      async erase(userId, step) {
        for (const { id, createdAt } of await rowsOf(ledger, userId))
          if (createdAt < step.madeBefore) gone.add(id);
        return erase(userId, step);
      },
      find: async (id) => (gone.has(id) ? null : ledger.find(id)),
    };
  },
  "looks at every row at once": ({ erase }) => ({
    erase: (userId, step) => erase(userId, { ...step, limit: 10_000 }),
  }),
  "begins each call anew": ({ erase }) => ({
    erase: (userId, step) => erase(userId, { ...step, after: undefined }),
  }),
  "takes one name for all runs": ({ erase }) => ({
    erase: (userId, step) => erase(userId, { ...step, as: "nobody" }),
  }),
  "takes a row for every claim of a chain": ({ ledger }) => ({
    claim: (id, { head: _, ...claim }) => ledger.claim(id, claim),
  }),
  "takes any first row for the chain's": ({ ledger }) => ({
    async claim(id, { head, ...claim }) {
      const row = head && (await ledger.find(head.id));
      return ledger.claim(id, { ...claim, head: row ?? head });
    },
  }),
  "forgets the refusals of displaced keys": ({ ledger, erase }) => {
    let isErased = false;
    return {
      async erase(userId, step) {
        isErased = true;
        return erase(userId, step);
      },
      list: async (filter) => (isErased && filter.key !== undefined ? [] : ledger.list(filter)),
    };
  },
  "keeps the notes": (of) =>
    changesMoved(of, (row) => ({ ...row, outcome: { ...row.outcome, note: "n" } })),
  "rounds the times": (of) =>
    changesMoved(of, (row) => ({ ...row, createdAt: row.createdAt - (row.createdAt % 1_000) })),
};

/** The titles of the rules that a ledger breaks. A page that never ends is stopped. */
async function brokenBy(ledger: Ledger): Promise<string[]> {
  const broken: string[] = [];
  for (const { title, run } of eraseRules) {
    let calls = 0;
    const stopped: Ledger = {
      ...ledger,
      ...(ledger.erase && {
        erase(userId: string, step: Step) {
          calls += 1;
          if (calls > 200) throw new Error("The pages never end.");
          return ledger.erase?.(userId, step) ?? Promise.reject();
        },
      }),
    };
    await run(stopped).catch(() => broken.push(title));
  }
  return broken;
}

test.each(Object.entries(mutants))("the rules notice a ledger that %s", async (_, mutate) => {
  const of = mutable();

  expect(await brokenBy({ ...of.ledger, ...mutate(of) })).not.toEqual([]);
});

test("the rules pass a ledger without a fault, and ask none that can't forget", async () => {
  const { erase: _, ...forgetful } = memoryLedger();

  expect(await brokenBy(memoryLedger())).toEqual([]);
  expect(await brokenBy(forgetful)).toEqual([]);
});
