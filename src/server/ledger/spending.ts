/** What a user's charges of the last minute and of the last day add up to, in whole hundredths. */
export interface Spending {
  minute: number;
  day: number;
}

/** The most that a user's charges may add up to, in whole hundredths of a credit. */
export type SpendLimits = Partial<Spending>;

export type BeginWithin =
  /** As `begin`'s `true`: this attempt may send. */
  | { k: "yes" }
  /** As `begin`'s `false`. */
  | { k: "no" }
  /** The charge would pass a limit. The claim is given up; `leftMs` tells when the window has room again, at the latest. */
  | { k: "over"; leftMs: number };

/** The milliseconds of a bucket. A window is 60 buckets and the one under way, so a sum errs by one bucket, to the refusal. */
export const bucketMs: Spending = { minute: 1_000, day: 24 * 60_000 };

const BUCKETS = 60;
const windows = ["minute", "day"] as const;

/** The hundredths that one user's charges of one bucket add up to. */
export interface Bucket {
  width: number;
  bucket: number;
  hundredths: number;
}

/** True for a charge that counts as spent: ARES took the credits, or may have. */
export function counts(status: string): boolean {
  return status === "sending" || status === "unknown" || status === "charged";
}

/** The first bucket that still counts. A charge counts from its claim on, on the store's clock. */
export function firstBucket(width: number, now: number): number {
  return Math.floor(now / width) - BUCKETS;
}

/** The sums of both windows. */
export function spendingOf(buckets: readonly Bucket[], now: number): Spending {
  const sum = (width: number) =>
    buckets
      .filter((each) => each.width === width && each.bucket >= firstBucket(width, now))
      .reduce((total, { hundredths }) => total + hundredths, 0);
  return { minute: sum(bucketMs.minute), day: sum(bucketMs.day) };
}

/** How long until the windows have room for so many hundredths; 0: there is room now. */
export function untilRoom(
  buckets: readonly Bucket[],
  now: number,
  most: SpendLimits,
  hundredths: number,
): number {
  const waits = windows.map((window) => {
    const width = bucketMs[window];
    const counted = buckets
      .filter((each) => each.width === width && each.bucket >= firstBucket(width, now))
      .sort((a, b) => a.bucket - b.bucket);
    let excess =
      spendingOf(counted, now)[window] + hundredths - (most[window] ?? Number.POSITIVE_INFINITY);
    for (const each of excess > 0 ? counted : []) {
      excess -= each.hundredths;
      if (excess <= 0) return (each.bucket + 1 + BUCKETS) * width - now;
    }
    return excess > 0 ? width * BUCKETS : 0;
  });
  return Math.max(...waits);
}
