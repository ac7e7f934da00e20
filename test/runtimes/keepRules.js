import { ledgerRules } from "ares-react/testing";

/**
 * Holds a ledger to every rule, one after the other, and tells how many it broke and how.
 *
 * @param {import("ares-react/server").Ledger} ledger
 */
export async function keepRules(ledger) {
  const broken = [];
  for (const { title, run } of ledgerRules) {
    try {
      await run(ledger);
    } catch (error) {
      broken.push(`${title}: ${error instanceof Error ? error.message : error}`);
    }
  }
  return { rules: ledgerRules.length, broken };
}
