import { ledgerRules } from "ares-react/testing";

/**
 * Checks a ledger against every rule, one after the other. Returns the number of rules, and each broken rule with its
 * reason.
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
