import { type Charge, listedPrice, maxKeyAgeMs, type Prices } from "../../contract";
import type { ChargeRow } from "../ledger/ledger";
import type { UseState } from "../ledger/redemption";
import { msSinceSettled } from "../ledger/rows";

/** How long work that ended may be asked for again. Without an end one charge would pay for work for ever. */
const REPEAT_MS = 10 * 60_000;
/** How long `ares.charge` replays a charge. It does not see whether the work ended, so as long as a key lives. */
const REPLAY_MS = maxKeyAgeMs;

/** Under this name the ledger counts the replays of `ares.charge`. They are no use of the charge. */
export const REPLAYS = "ares.charge";

type Paid = Pick<ChargeRow, "usage" | "resource">;

/** How long the request of a charge may be repeated, in milliseconds: ten minutes, or as long as the `resource` is paid. */
export function repeatsMs({ usage, resource }: Paid, prices: Prices): number {
  if (resource === null) return REPEAT_MS;
  const { keepMs = Number.POSITIVE_INFINITY } = listedPrice(prices, usage) ?? {};
  return Math.max(REPEAT_MS, keepMs);
}

/** How long `ares.charge` replays a charge, in milliseconds: a day, or as long as the `resource` is paid. */
export function replayMs(row: Paid, prices: Prices): number {
  return row.resource === null ? REPLAY_MS : repeatsMs(row, prices);
}

/**
 * What the next request of a charge's own key meets: its work is served (`none`), runs, or has ended and is repeated so often.
 * Nothing where the ledger tells no `uses`.
 */
export function workOf(
  row: ChargeRow,
  prices: Prices,
): Pick<Charge, "work" | "repeatsLeft" | "servedUntil"> {
  const { status, resource, uses } = row;
  if (status !== "charged") return {};
  const isRepeated = msSinceSettled(row) < repeatsMs(row, prices);
  // A resource is served as often as it is asked for.
  if (resource !== null) return isRepeated ? { work: "none" } : { work: "ended", repeatsLeft: 0 };
  if (!uses) return {};
  return workOfUses(row, uses, isRepeated);
}

function workOfUses(
  row: ChargeRow,
  uses: readonly UseState[],
  isRepeated: boolean,
): Pick<Charge, "work" | "repeatsLeft" | "servedUntil"> {
  const counted = uses.find(({ by }) => by === REPLAYS);
  const replaysLeft = counted ? counted.repeatsLeft : row.outcome.repeats;
  if (replaysLeft !== undefined)
    return {
      work: "ended",
      repeatsLeft: msSinceSettled(row) < REPLAY_MS ? replaysLeft : 0,
      servedUntil: (row.settledAt ?? row.createdAt) + REPLAY_MS,
    };

  if (uses.some(({ work }) => work === "running")) return { work: "running" };
  if (uses.every(({ work }) => work === "unfinished")) return { work: "none" };
  const left = uses.map(({ repeatsLeft = 0 }) => repeatsLeft);
  return { work: "ended", repeatsLeft: isRepeated ? Math.max(...left) : 0 };
}
