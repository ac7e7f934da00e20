import { need } from "../../contract";
import type { ClaimLimit } from "../ledger/ledger";
import { refuse, secondsOf } from "../refusals";

/** What one user may ask for in a window. Each process counts for itself, but for `chargesOnAllServers`. */
export interface RateLimit {
  /** Charges per window. @default 60 */
  charges?: number;
  /** Reads of the balance or of a charge per window. @default 600 */
  reads?: number;
  /**
   * New charges per window on all servers that share the ledger, which counts them. It must have `claimWithin`, as the kit's ledgers
   * do. A repeat of a key, and what is paid, is no new charge. @default no limit
   */
  chargesOnAllServers?: number;
  /** In milliseconds. With `chargesOnAllServers` a day at most. @default 60000 */
  windowMs?: number;
}

const WINDOW_MS = 60_000;

/** The ledger keeps the row of a charge for longer, whatever became of it. */
const LONGEST_IN_LEDGER_MS = 24 * 60 * 60_000;

/**
 * The part of the limit that the ledger holds.
 *
 * @throws {AresError} `invalid_request` at start-up, when the ledger could not count so.
 */
export function limitOnAllServers(limit: RateLimit | false): ClaimLimit | undefined {
  if (limit === false || limit.chargesOnAllServers === undefined) return undefined;
  const { chargesOnAllServers: rows, windowMs = WINDOW_MS } = limit;
  need(
    Number.isSafeInteger(rows) && rows > 0,
    `chargesOnAllServers in rateLimit is ${rows}. Use a whole number above 0, or leave it out.`,
  );
  need(
    windowMs <= LONGEST_IN_LEDGER_MS,
    `windowMs in rateLimit is ${windowMs}. With chargesOnAllServers use a day at most: the ledger does not keep every charge for longer.`,
  );
  return { rows, windowMs };
}

/** The most windows that are kept. Beyond that the oldest is forgotten. */
const MAX_USERS = 10_000;

/**
 * Counts a request, and returns what takes its count back. Throws `rate_limited` with the seconds until the next window
 * when the user asks too often.
 */
export type CountRequest = (kind: "charges" | "reads", userId: string) => () => void;

/** Counts in fixed windows per user. */
export function createRateLimit(limit: RateLimit | false, now: () => number): CountRequest {
  if (limit === false) return () => () => {};
  const allowed = { charges: limit.charges ?? 60, reads: limit.reads ?? 600 };
  const { windowMs = WINDOW_MS } = limit;
  for (const [name, value] of Object.entries({ ...allowed, windowMs })) {
    need(value > 0, `${name} in rateLimit is ${value}. Use a number above 0, or rateLimit: false.`);
  }
  const windows = new Map<string, { endsAt: number; count: number }>();

  return (kind, userId) => {
    const name = `${kind} ${userId}`;
    let window = windows.get(name);
    // A clock that was set back must not keep a window open for longer than its length.
    if (!window || window.endsAt <= now() || window.endsAt > now() + windowMs) {
      window = { endsAt: now() + windowMs, count: 0 };
      windows.delete(name);
      windows.set(name, window);
      const oldest = windows.keys().next();
      if (windows.size > MAX_USERS && !oldest.done) windows.delete(oldest.value);
    }
    const counted = window;
    counted.count += 1;
    if (counted.count > allowed[kind]) {
      throw refuse("rate_limited", { retryAfterSeconds: secondsOf(counted.endsAt - now()) });
    }
    return () => {
      counted.count -= 1;
    };
  };
}
