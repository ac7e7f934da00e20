/** The most that a user's charges of the last minute and of the last day may add up to, in whole hundredths of a credit. */
export interface SpendLimits {
  minute?: number;
  day?: number;
}

/** The answer of a ledger that is asked to begin a charge within spending limits. */
export type BeginWithin =
  /** As `begin`'s `true`: this attempt may send. */
  | { k: "yes" }
  /** As `begin`'s `false`. */
  | { k: "no" }
  /** The charge would pass a limit. The claim is given up; `leftMs` tells when the window has room again, at the latest. */
  | { k: "over"; leftMs: number };

/** The milliseconds of a window. A charge counts from its claim on, on the store's clock. */
export const windowMs = { minute: 60_000, day: 24 * 60 * 60_000 } as const;

const windows = ["minute", "day"] as const;

/** True for a charge that counts as spent: ARES took the credits, or may have. */
export function counts(status: string): boolean {
  return status === "sending" || status === "unknown" || status === "charged";
}

/** How long until both windows have room for so many hundredths; 0: there is room now. `charges` are those that count, oldest first. */
export function untilRoom(
  charges: readonly { createdAt: number; hundredths: number }[],
  now: number,
  most: SpendLimits,
  hundredths: number,
): number {
  const waits = windows.map((window) => {
    const ms = windowMs[window];
    const counted = charges.filter(({ createdAt }) => createdAt > now - ms);
    const sum = counted.reduce((total, each) => total + each.hundredths, 0);
    let excess = sum + hundredths - (most[window] ?? Number.POSITIVE_INFINITY);
    if (excess <= 0) return 0;
    for (const each of counted) {
      excess -= each.hundredths;
      if (excess <= 0) return each.createdAt + ms - now;
    }
    return ms;
  });
  return Math.max(...waits);
}
