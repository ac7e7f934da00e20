import { expect, test } from "vitest";
import { type Ledger, memoryLedger } from "../../src/server";
import { agreesWithModel } from "./ledgerModel";

test("the reference ledger agrees with the model over 2,000 schedules", () =>
  agreesWithModel(memoryLedger, 2_000));

/** A ledger with one law broken: the model must notice, or it proves nothing. */
const mutants: Record<string, (ledger: Ledger) => Partial<Ledger>> = {
  "lets anybody begin": (ledger) => ({
    begin: async (id, begin) =>
      ledger.begin(id, { ...begin, attempt: (await ledger.find(id))?.attempt ?? begin.attempt }),
  }),
  "lets anybody settle": (ledger) => ({
    settle: async (id, settlement) =>
      ledger.settle(id, {
        ...settlement,
        attempt: (await ledger.find(id))?.attempt ?? settlement.attempt,
      }),
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

  await expect(agreesWithModel(mutant, 2_000)).rejects.toThrow();
});
