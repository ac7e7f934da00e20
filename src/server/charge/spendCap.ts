import { isCredits, need, toHundredths } from "../../contract";
import type { ChargeRow, Ledger } from "../ledger/ledger";
import { refuse } from "../refusals";

/** The most credits that one user may spend in this app, on all servers that share the ledger. */
export interface SpendCap {
  perMinute?: number;
  perDay?: number;
}

/** The ledger's `begin`, under the cap. Its refusal of a charge that would pass the cap comes back as a value. */
export type Begin = (
  row: Pick<ChargeRow, "id" | "attempt" | "hundredths">,
  leaseMs: number,
) => Promise<boolean | { overMs: number }>;

/**
 * Counts each charge when it begins, and refuses what would pass the cap. Open and unconfirmed charges count as spent.
 *
 * The ledger counts and refuses in one step, so requests at the same instant can't pass the cap together.
 *
 * @throws {AresError} `invalid_request` at start-up when the cap is not an amount of credits, or the ledger can't count.
 */
export function createBegin(cap: SpendCap | undefined, ledger: Ledger): Begin {
  const { perMinute, perDay } = cap ?? {};
  const most = {
    ...(perMinute !== undefined && { minute: hundredthsOf(perMinute) }),
    ...(perDay !== undefined && { day: hundredthsOf(perDay) }),
  };
  const plain: Begin = ({ id, attempt }, leaseMs) => ledger.begin(id, { attempt, leaseMs });
  if (Object.keys(most).length === 0) return plain;
  need(
    ledger.beginWithin,
    "The ledger has no beginWithin(), and spendCap needs it to count. Write it as Ledger describes it, or remove spendCap.",
  );

  return async (row, leaseMs) => {
    if (row.hundredths === 0) return plain(row, leaseMs);
    const begun = await ledger.beginWithin?.(row.id, { attempt: row.attempt, leaseMs, most });
    return begun?.k === "over" ? { overMs: begun.leftMs } : begun?.k === "yes";
  };
}

/** The refusal of a charge that would pass the cap. */
export function overCap(overMs: number) {
  return refuse(
    "rate_limited",
    { retryAfterSeconds: Math.max(1, Math.ceil(overMs / 1000)) },
    { message: TOO_MUCH },
  );
}

const TOO_MUCH =
  "This charge would exceed the spending limit. Nothing was charged. Try again later.";

function hundredthsOf(credits: number): number {
  need(
    isCredits(credits),
    `${credits} in spendCap is no amount of credits. Use a number of 0 or more.`,
  );
  return toHundredths(credits);
}
