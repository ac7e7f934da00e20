import { need, type Prices } from "../../contract";
import type { Charged } from "../charge/intent";
import { REPLAYS, replayMs } from "../charge/work";
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

/** How many names a row may bear, so that a charge has this many uses. */
export function mostUses(uses: number, { redeemedBy }: ChargeRow): number {
  return redeemedBy.includes(REPLAYS) ? uses + 1 : uses;
}

/**
 * Counts a replay of `ares.charge`: `repeats` are answered within their time, and of a paid `resource` all.
 *
 * @throws {AresError} `used_up` afterwards; `charge_in_progress` while the ledger can't count
 */
export async function countReplay(
  { row, replayed, agoMs, resolved }: Charged,
  repeats: number,
  ledger: Ledger,
  prices: Prices,
): Promise<void> {
  if (!replayed) return;
  if (agoMs >= replayMs(row, prices)) throw usedUp(row, prices);
  if (row.resource !== null) return;

  // Of a charge that was confirmed later nobody may have heard, and this is the first answer. Or somebody has: so there are
  // never more than six answers.
  const left = resolved ? Math.min(repeats + 1, MOST_REPEATS) : repeats;
  if (left === 0) throw usedUp(row, prices);
  // The first replay is noted as a use, and the others as its repeats.
  const replay = { by: REPLAYS, uses: Number.MAX_SAFE_INTEGER, repeats: left - 1 };
  // The charge is paid, so a failing ledger must not answer "charged nothing". The same key is served later.
  const counted = await askLedger(
    () => ledger.redeem(row.id, replay),
    "charge_in_progress",
    askAgain(row, 1),
  );
  if (counted === "used") throw usedUp(row, prices);
  if (counted !== "ok" && counted !== "already_by_me") throw inProgress(row);
}
