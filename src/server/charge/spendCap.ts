import { isCredits, need, toHundredths } from "../../contract";
import type { ChargeRow, Ledger } from "../ledger/ledger";
import type { BeginWithin } from "../ledger/spending";
import { refuse, secondsOf } from "../refusals";

/** The most credits that one user may spend in this app, on all servers that share the ledger. */
export interface SpendCap {
  perMinute?: number;
  perDay?: number;
}

/** The ledger's `begin`, under the cap. */
export type Begin = (
  row: Pick<ChargeRow, "id" | "attempt" | "hundredths">,
  leaseMs: number,
) => Promise<BeginWithin>;

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
  const plain: Begin = async ({ id, attempt }, leaseMs) =>
    (await ledger.begin(id, { attempt, leaseMs })) ? { k: "yes" } : { k: "no" };
  if (Object.keys(most).length === 0) return plain;
  const { beginWithin } = ledger;
  need(
    beginWithin,
    "The ledger has no beginWithin(), and spendCap needs it to count. Write it as Ledger describes it, or remove spendCap.",
  );

  return async (row, leaseMs) => {
    if (row.hundredths === 0) return plain(row, leaseMs);
    return beginWithin.call(ledger, row.id, { attempt: row.attempt, leaseMs, most });
  };
}

/** The refusal of a charge that would pass the cap. */
export function overCap(leftMs: number) {
  return refuse("rate_limited", { retryAfterSeconds: secondsOf(leftMs) }, { message: TOO_MUCH });
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
