import { listedPrice, need, type Prices } from "../../contract";
import type { Charged } from "../charge/charge";
import { askLedger } from "../ledger/askLedger";
import type { ChargeRow, Ledger } from "../ledger/ledger";
import { askAgain, inProgress } from "../refusals";
import { usedUp } from "./unpaid";

/** Lost answers need a few repeats, and one charge pays for no more work. */
const MOST_REPEATS = 5;

/** How often finished work may be asked for again. @throws {AresError} `invalid_request` for a number that can't work. */
export function repeatsOf({ repeats = 1 }: { repeats?: number | undefined }): number {
  need(
    Number.isInteger(repeats) && repeats >= 0 && repeats <= MOST_REPEATS,
    `repeats is ${repeats}. Use a whole number from 0 to ${MOST_REPEATS}.`,
  );
  return repeats;
}

/** Under this name the ledger counts the replays of `ares.charge`. They are no use of the charge. */
const REPLAYS = "ares.charge";

/** How many names a row may bear, so that a charge has this many uses. */
export function marksFor(uses: number, { redeemedBy }: ChargeRow): number {
  return redeemedBy.includes(REPLAYS) ? uses + 1 : uses;
}

/**
 * Counts one replay of a charge, of which `repeats` are answered.
 *
 * @throws {AresError} `used_up` once they are used up; `charge_in_progress` while the ledger can't count
 */
export async function countReplay(
  row: Charged["row"],
  repeats: number,
  ledger: Ledger,
  prices: Prices,
): Promise<void> {
  if (repeats === 0) throw usedUp(row, prices);
  // The first replay is noted as a use, and the others as its repeats.
  const replay = { by: REPLAYS, uses: Number.MAX_SAFE_INTEGER, repeats: repeats - 1 };
  // The charge is paid, so a failing ledger must not answer "charged nothing". The same key is served later.
  const counted = await askLedger(
    () => ledger.redeem(row.id, replay),
    "charge_in_progress",
    askAgain(row, 1),
  );
  if (counted === "used") throw usedUp(row, prices);
  if (counted !== "ok" && counted !== "already_by_me") throw inProgress(row);
}

/**
 * How long the request of a charge may be repeated, in milliseconds: ten minutes, or as long as the `resource` is paid.
 * Lost answers need repeats. Without an end one charge would pay for work for ever.
 */
export function repeatsMs({ usage, resource }: Charged["row"], prices: Prices): number {
  const paidMs =
    resource === null ? 0 : (listedPrice(prices, usage)?.keepMs ?? Number.POSITIVE_INFINITY);
  return Math.max(10 * 60_000, paidMs);
}
