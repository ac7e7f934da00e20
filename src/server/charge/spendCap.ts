import { isCredits, need, toHundredths } from "../../contract";
import { rowsWithin } from "../ledger/askLedger";
import type { Ledger } from "../ledger/ledger";
import { isOpen } from "../ledger/rows";
import { refuse } from "../refusals";

/** The most credits that one user may spend in this app, on all servers that share the ledger. */
export interface SpendCap {
  perMinute?: number;
  perDay?: number;
}

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/**
 * Refuses a charge that would pass the cap, before a row is claimed. Open and unconfirmed charges count as spent.
 *
 * Requests at the same instant may pass the cap together: the cap stops a runaway, not a race.
 *
 * @throws {AresError} `invalid_request` at start-up when the cap is not an amount of credits.
 */
export function createSpendCap(cap: SpendCap | undefined, ledger: Ledger): (userId: string, hundredths: number) => Promise<void> {
  const limits = [
    { ms: MINUTE_MS, credits: cap?.perMinute },
    { ms: DAY_MS, credits: cap?.perDay },
  ].flatMap(({ ms, credits }) => (credits === undefined ? [] : [{ ms, most: hundredthsOf(credits) }]));
  if (limits.length === 0) return async () => {};
  const widest = Math.max(...limits.map(({ ms }) => ms));

  return async (userId, hundredths) => {
    const spent = (await rowsWithin(ledger, { userId }, widest)).filter((row) => row.status === "charged" || isOpen(row));
    for (const { ms, most } of limits) {
      const recent = spent.filter(({ ageMs }) => ageMs < ms);
      if (recent.reduce((sum, each) => sum + each.hundredths, hundredths) <= most) continue;
      const oldest = Math.max(0, ...recent.map(({ ageMs }) => ageMs));
      throw refuse("rate_limited", { retryAfterSeconds: Math.max(1, Math.ceil((ms - oldest) / 1000)) }, { message: TOO_MUCH });
    }
  };
}

const TOO_MUCH = "This charge would exceed the spending limit. Nothing was charged. Try again later.";

function hundredthsOf(credits: number): number {
  need(isCredits(credits), `${credits} in spendCap is no amount of credits. Use a number of 0 or more.`);
  return toHundredths(credits);
}
