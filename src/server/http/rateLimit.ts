import { need } from "../../contract";
import { refuse } from "../refusals";

/** Requests one user may make in a window, in this process. */
export interface RateLimit {
  /** Charges per window. @default 60 */
  charges?: number;
  /** Reads of the balance or of a charge per window. @default 600 */
  reads?: number;
  /** In milliseconds. @default 60000 */
  windowMs?: number;
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
  const windowMs = limit.windowMs ?? 60_000;
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
      throw refuse("rate_limited", {
        retryAfterSeconds: Math.max(1, Math.ceil((counted.endsAt - now()) / 1000)),
      });
    }
    return () => {
      counted.count -= 1;
    };
  };
}
