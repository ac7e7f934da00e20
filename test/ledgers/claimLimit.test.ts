import { expect, test } from "vitest";
import { type Ledger, memoryLedger } from "../../src/server";
import { claimLimitRules } from "../../src/testing/ledgerRules/claimLimit";

type ClaimWithin = NonNullable<Ledger["claimWithin"]>;
type Limited = Ledger & { claimWithin: ClaimWithin };

function limited(): Limited {
  const ledger = memoryLedger();
  const claimWithin: ClaimWithin = (id, claim) =>
    ledger.claimWithin?.(id, claim) ?? Promise.reject();
  return { ...ledger, claimWithin };
}

const over = { k: "over", leftMs: 1 } as const;

/** The rows of a user, those of the last window alone. */
const rowsOf = (ledger: Ledger, userId: string, maxAgeMs: number) =>
  ledger.list({ userId, maxAgeMs, limit: 1_000 });

/** Ledgers with one law of the limit broken. Each of them must break a rule, or the rules prove nothing. */
const mutants: Record<string, (ledger: Limited) => ClaimWithin> = {
  "limits nothing":
    (ledger) =>
    (id, { most: _, ...claim }) =>
      ledger.claim(id, claim),
  "adds one row too many": (ledger) => (id, claim) =>
    ledger.claimWithin(id, { ...claim, most: { ...claim.most, rows: claim.most.rows + 1 } }),
  "adds one row too few": (ledger) => async (id, claim) => {
    const rows = await rowsOf(ledger, claim.userId, claim.most.windowMs);
    return rows.length + 1 >= claim.most.rows ? over : ledger.claimWithin(id, claim);
  },
  "looks at the limit before the row": (ledger) => async (id, claim) => {
    const rows = await rowsOf(ledger, claim.userId, claim.most.windowMs);
    return rows.length >= claim.most.rows ? over : ledger.claimWithin(id, claim);
  },
  "counts what was charged alone": (ledger) => async (id, claim) => {
    const rows = await rowsOf(ledger, claim.userId, claim.most.windowMs);
    const charged = rows.filter(({ status }) => status === "charged").length;
    const more = rows.length - charged;
    return ledger.claimWithin(id, {
      ...claim,
      most: { ...claim.most, rows: claim.most.rows + more },
    });
  },
  "keeps the claim that it refused": (ledger) => async (id, claim) => {
    const answer = await ledger.claimWithin(id, claim);
    const { most: _, ...plain } = claim;
    if (answer.k === "over") await ledger.claim(id, plain);
    return answer;
  },
  "has no room again": (ledger) => (id, claim) =>
    ledger.claimWithin(id, { ...claim, most: { ...claim.most, windowMs: 1e12 } }),
  "counts the rows of everybody": (ledger) => async (id, claim) => {
    const own = await rowsOf(ledger, claim.userId, claim.most.windowMs);
    const all = await ledger.list({ maxAgeMs: claim.most.windowMs, limit: 1_000 });
    const rows = claim.most.rows - all.length + own.length;
    return rows < 1 ? over : ledger.claimWithin(id, { ...claim, most: { ...claim.most, rows } });
  },
  "tells no time": (ledger) => async (id, claim) => {
    const answer = await ledger.claimWithin(id, claim);
    return answer.k === "over" ? { k: "over", leftMs: 0 } : answer;
  },
  "calls an old key over": (ledger) => async (id, claim) => {
    const answer = await ledger.claimWithin(id, claim);
    return answer.k === "reset" ? over : answer;
  },
  "lets another key take a declined row at any time":
    (ledger) =>
    async (id, { most, ...claim }) =>
      (await ledger.find(id))?.status === "declined"
        ? ledger.claim(id, claim)
        : ledger.claimWithin(id, { ...claim, most }),
};

/** The titles of the rules that a ledger breaks. */
async function brokenBy(ledger: Ledger): Promise<string[]> {
  const broken: string[] = [];
  for (const { title, run } of claimLimitRules) await run(ledger).catch(() => broken.push(title));
  return broken;
}

test.each(Object.entries(mutants))("the rules notice a ledger that %s", async (_, mutate) => {
  const ledger = limited();

  expect(await brokenBy({ ...ledger, claimWithin: mutate(ledger) })).not.toEqual([]);
});

test("the rules pass a ledger without a fault, and ask none that can't count", async () => {
  const { claimWithin: _, ...unlimited } = limited();

  expect(await brokenBy(limited())).toEqual([]);
  expect(await brokenBy(unlimited)).toEqual([]);
});
