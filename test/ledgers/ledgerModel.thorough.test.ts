import { expect, test } from "vitest";
import { type Ledger, memoryLedger } from "../../src/server";
import { agreesWithModel } from "./ledgerModel";

test("the reference ledger agrees with the model over 2,000 schedules", () =>
  agreesWithModel(memoryLedger, 2_000));

type Within = NonNullable<Ledger["beginWithin"]>;

async function within(ledger: Ledger, ...[id, begin]: Parameters<Within>): ReturnType<Within> {
  return (await ledger.beginWithin?.(id, begin)) ?? { k: "no" };
}

type ClaimWithin = NonNullable<Ledger["claimWithin"]>;

async function claimWithin(
  ledger: Ledger,
  ...[id, claim]: Parameters<ClaimWithin>
): ReturnType<ClaimWithin> {
  return (await ledger.claimWithin?.(id, claim)) ?? ledger.claim(id, claim);
}

const oneMore = ({ day = 0 }: { day?: number }) => ({ day: day + 1 });

/** A ledger with one law broken: the model must notice, or it proves nothing. */
const mutants: Record<string, (ledger: Ledger) => Partial<Ledger>> = {
  "lets anybody begin": (ledger) => ({
    begin: async (id, begin) =>
      ledger.begin(id, { ...begin, attempt: (await ledger.find(id))?.attempt ?? begin.attempt }),
  }),
  "lets every charge pass a limit": (ledger) => ({
    beginWithin: (id, { most: _, ...begin }) => within(ledger, id, { ...begin, most: {} }),
  }),
  "lets one charge too many pass a limit": (ledger) => ({
    beginWithin: (id, begin) => within(ledger, id, { ...begin, most: oneMore(begin.most) }),
  }),
  "gives nothing back": (ledger) => {
    const begun = new Set<string>();
    return {
      beginWithin: async (id, begin) => {
        const isFull = begun.size >= (begin.most.day ?? 0);
        const answer = await within(ledger, id, isFull ? { ...begin, most: { day: 0 } } : begin);
        if (answer.k === "yes") begun.add(`${id} ${begin.attempt}`);
        return answer;
      },
    };
  },
  "counts no unconfirmed charge": (ledger) => ({
    beginWithin: async (id, begin) => {
      const userId = (await ledger.find(id))?.userId ?? "";
      const unknown = (await ledger.list({ userId, status: "unknown" })).length;
      return within(ledger, id, { ...begin, most: { day: (begin.most.day ?? 0) + unknown } });
    },
  }),
  "forgets a charge that was corrected": (ledger) => {
    let corrected = 0;
    return {
      resolve: async (id, resolution) => {
        const isCorrected = await ledger.resolve(id, resolution);
        if (isCorrected && resolution.attempt !== undefined) corrected += 1;
        return isCorrected;
      },
      beginWithin: (id, begin) =>
        within(ledger, id, { ...begin, most: { day: (begin.most.day ?? 0) + corrected } }),
    };
  },
  "keeps the claim of a charge over a limit": (ledger) => ({
    beginWithin: async (id, begin) => {
      const row = await ledger.find(id);
      const rows = await ledger.list({ userId: row?.userId ?? "" });
      const counted = rows.filter(({ status }) => status !== "claimed" && status !== "declined");
      const isOver =
        row?.status === "claimed" &&
        row.attempt === begin.attempt &&
        counted.length >= (begin.most.day ?? 0);
      return isOver ? { k: "over", leftMs: 1 } : within(ledger, id, begin);
    },
  }),
  "limits a sender that renews its lease": (ledger) => ({
    beginWithin: async (id, begin) =>
      (await ledger.find(id))?.status === "sending" && begin.most.day === 0
        ? { k: "over", leftMs: 1 }
        : within(ledger, id, begin),
  }),
  "lets anybody settle": (ledger) => ({
    settle: async (id, settlement) =>
      ledger.settle(id, {
        ...settlement,
        attempt: (await ledger.find(id))?.attempt ?? settlement.attempt,
      }),
  }),
  "lets every claim pass the limit on rows": (ledger) => ({
    claimWithin: (id, { most: _, ...claim }) => ledger.claim(id, claim),
  }),
  "adds one row too many": (ledger) => ({
    claimWithin: (id, { most, ...claim }) =>
      claimWithin(ledger, id, { ...claim, most: { ...most, rows: most.rows + 1 } }),
  }),
  "counts no row that was declined": (ledger) => ({
    claimWithin: async (id, { most, ...claim }) => {
      const declined = await ledger.list({ userId: claim.userId, status: "declined" });
      const rows = most.rows + declined.length;
      return claimWithin(ledger, id, { ...claim, most: { ...most, rows } });
    },
  }),
  "stops a claim that takes over another one": (ledger) => ({
    claimWithin: async (id, { most, ...claim }) => {
      const full = (await ledger.list({ userId: claim.userId })).length >= most.rows;
      const row = await ledger.find(id);
      const takesOver = row?.status === "claimed" && row.leaseLeftMs <= 0;
      return full && takesOver
        ? { k: "over", leftMs: 1 }
        : claimWithin(ledger, id, { ...claim, most });
    },
  }),
  "lets another key take a declined row at any time": (ledger) => ({
    claimWithin: async (id, { most, ...claim }) =>
      (await ledger.find(id))?.status === "declined"
        ? ledger.claim(id, claim)
        : claimWithin(ledger, id, { ...claim, most }),
  }),
  "answers every claim of an ended sender with mine": (ledger) => ({
    claim: async (id, claim) => {
      const answer = await ledger.claim(id, claim);
      return answer.k === "done" && answer.row.status === "unknown" ? { k: "mine" } : answer;
    },
  }),
  "redeems without end": (ledger) => ({
    redeem: (id, redemption) => ledger.redeem(id, { ...redemption, uses: 99 }),
  }),
  "lets another run in while a lease lives": (ledger) => ({
    redeem: (id, { leaseMs: _, ...asked }) => ledger.redeem(id, asked),
  }),
  "compares no body": (ledger) => ({
    redeem: (id, { body: _, ...asked }) => ledger.redeem(id, asked),
  }),
  "repeats without end": (ledger) => ({
    redeem: (id, { repeats: _, ...asked }) => ledger.redeem(id, asked),
  }),
  "gives uses back without end": (ledger) => ({
    redeem: (id, { releases: _, ...asked }) => ledger.redeem(id, asked),
  }),
  "lets anybody give a use back": (ledger) => ({
    redeem: (id, { attempt, ...asked }) =>
      ledger.redeem(id, { ...asked, ...(attempt !== undefined && !asked.release && { attempt }) }),
  }),
  "hears no end of work": (ledger) => ({
    redeem: async (id, asked) =>
      asked.work === "ended" && !asked.release ? "ok" : ledger.redeem(id, asked),
  }),
  "lets work that has ended go on": (ledger) => ({
    redeem: (id, { work, ...asked }) =>
      ledger.redeem(id, { ...asked, ...(work === "ended" && { work }) }),
  }),
  "resolves what is charged": (ledger) => ({
    resolve: async (id, resolution) =>
      (await ledger.resolve(id, resolution)) || (await ledger.find(id))?.status === "charged",
  }),
  "loses the outcome": (ledger) => ({
    settle: (id, settlement) => ledger.settle(id, { ...settlement, outcome: {} }),
  }),
};

test.each(Object.entries(mutants))("the model notices a ledger that %s", async (_, mutate) => {
  const mutant = () => {
    const ledger = memoryLedger();
    return { ...ledger, ...mutate(ledger) };
  };

  // It ends with the first schedule that tells. The rarest needs some hundred.
  await expect(agreesWithModel(mutant, 10_000)).rejects.toThrow();
});
