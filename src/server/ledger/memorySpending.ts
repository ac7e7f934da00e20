import type { StoredRow } from "./memoryRow";
import { type Bucket, bucketMs, counts, firstBucket } from "./spending";

/** What each user spends, as the ledger in memory counts. */
export interface MemorySpending {
  /** Counts the change of a row's status, before the change. */
  move(row: StoredRow, status: StoredRow["status"]): void;
  buckets(userId: string): readonly Bucket[];
}

export function createMemorySpending(now: () => number): MemorySpending {
  const users = new Map<string, Bucket[]>();

  return {
    move({ userId, createdAt, hundredths, ...row }, status) {
      if (counts(status) === counts(row.status)) return;
      const kept = (users.get(userId) ?? []).filter(({ width, bucket }) => bucket >= firstBucket(width, now()));
      for (const width of [bucketMs.minute, bucketMs.day]) {
        const bucket = Math.floor(createdAt / width);
        const each = kept.find((other) => other.width === width && other.bucket === bucket) ?? { width, bucket, hundredths: 0 };
        if (!kept.includes(each)) kept.push(each);
        each.hundredths += counts(status) ? hundredths : -hundredths;
      }
      users.set(userId, kept);
    },
    buckets: (userId) => users.get(userId) ?? [],
  };
}
