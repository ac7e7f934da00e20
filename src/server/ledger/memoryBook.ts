import type { ChargeFilter, ChargeRow } from "./ledger";
import { createMemoryIndex, firstOf } from "./memoryIndex";
import { isOver, keyOf, markOf, type StoredRow, show } from "./memoryRow";
import { createMemorySpending } from "./memorySpending";
import { newestFirst, placeOf } from "./rows";
import type { Bucket } from "./spending";

/** The rows of a ledger in memory, with every way to find them. */
export interface MemoryBook {
  /** The row, unless it may be forgotten. */
  kept(id: string): StoredRow | undefined;
  /** The row, though its retention may have ended. */
  stored(id: string): StoredRow | undefined;
  /** The id of the row in which a user's key stands. */
  holder(of: Pick<StoredRow, "userId" | "key">): string | undefined;
  /** Puts a row in the place of the row with its id. */
  put(row: StoredRow): void;
  /** Changes a row's status, and counts what the user spends. */
  move(row: StoredRow, status: StoredRow["status"]): void;
  buckets(userId: string): readonly Bucket[];
  /** The newest row with a resource that has this fingerprint. */
  newest(of: Pick<StoredRow, "userId" | "fingerprint">): StoredRow | undefined;
  list(filter: ChargeFilter): ChargeRow[];
  /** Removes rows whose retention has ended, whenever the book has doubled. */
  sweep(): void;
}

export function createMemoryBook(now: () => number): MemoryBook {
  const rows = new Map<string, StoredRow>();
  /** The row of each user's key. */
  const byKey = new Map<string, string>();
  /** The newest row of each user's fingerprint, among rows with a resource. */
  const byResource = new Map<string, StoredRow>();
  const index = createMemoryIndex();
  const spending = createMemorySpending(now);
  let sweepAt = 1024;

  function forget(row: StoredRow) {
    rows.delete(row.id);
    index.remove(row);
    byKey.delete(keyOf(row));
    if (byResource.get(markOf(row)) === row) byResource.delete(markOf(row));
  }

  return {
    kept(id) {
      const row = rows.get(id);
      return row && !isOver(row, now()) ? row : undefined;
    },
    stored: (id) => rows.get(id),
    holder: (of) => byKey.get(keyOf(of)),
    put(row) {
      const before = rows.get(row.id);
      if (before) forget(before);
      byKey.set(keyOf(row), row.id);
      rows.set(row.id, row);
      index.add(row);
      if (row.resource !== null) byResource.set(markOf(row), row);
    },
    move(row, status) {
      spending.move(row, status);
      index.move(row, status);
    },
    buckets: spending.buckets,
    newest: (of) => byResource.get(markOf(of)),
    list({ status, userId, key, before, limit = 100, maxAgeMs = Number.POSITIVE_INFINITY }) {
      const place = placeOf(before);
      const fits = (row: StoredRow) =>
        !isOver(row, now()) &&
        newestFirst(place, row) < 0 &&
        row.createdAt >= now() - maxAgeMs &&
        (key === undefined || row.key === key) &&
        (status === undefined || show(row, now()).status === status);
      // A user's key has one row.
      const byUsersKey = userId !== undefined && key !== undefined;
      const holder = byUsersKey ? rows.get(byKey.get(keyOf({ userId, key })) ?? "") : undefined;
      const shelves = byUsersKey ? [holder ? [holder] : []] : index.after({ userId, status }, place);
      return shelves
        .flatMap((shelf) => firstOf(shelf, fits, limit))
        .sort(newestFirst)
        .slice(0, limit)
        .map((row) => show(row, now()));
    },
    sweep() {
      if (rows.size < sweepAt) return;
      for (const row of [...rows.values()]) if (isOver(row, now())) forget(row);
      sweepAt = Math.max(1024, rows.size * 2);
    },
  };
}
