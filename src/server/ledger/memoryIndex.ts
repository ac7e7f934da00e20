import type { StoredRow } from "./memoryRow";
import { newestFirst } from "./rows";

type Place = Pick<StoredRow, "createdAt" | "id">;
type Shelf = { [F in "userId" | "status"]?: StoredRow[F] | undefined };

/** The rows of the ledger in memory, in order of their age: all, by user, by stored status, and by both. */
export interface MemoryIndex {
  add(row: StoredRow): void;
  remove(row: StoredRow): void;
  /** The rows that may be asked for and follow a place, newest first. A lost sender stands among the senders, and reads as `unknown`. */
  after(asked: Shelf, place: Place): Generator<StoredRow>[];
}

export function createMemoryIndex(): MemoryIndex {
  const shelves = new Map<string, StoredRow[]>();
  const nameOf = ({ userId, status }: Shelf) => JSON.stringify([userId ?? null, status ?? null]);
  const namesOf = ({ userId, status }: StoredRow) => [{}, { userId }, { status }, { userId, status }].map(nameOf);

  return {
    add(row) {
      for (const name of namesOf(row)) {
        const shelf = shelves.get(name) ?? [];
        shelves.set(name, shelf);
        shelf.splice(olderThan(shelf, row), 0, row);
      }
    },
    remove(row) {
      for (const name of namesOf(row)) {
        const shelf = shelves.get(name) ?? [];
        const at = olderThan(shelf, row);
        if (shelf[at] === row) shelf.splice(at, 1);
        if (shelf.length === 0) shelves.delete(name);
      }
    },
    after({ userId, status }, place) {
      const stored: Shelf["status"][] = status === "unknown" ? ["unknown", "sending"] : [status];
      return stored.map((status) => backwards(shelves.get(nameOf({ userId, status })) ?? [], place));
    },
  };
}

/** How many rows of a shelf are older than a place. The oldest row stands first, because a new row then moves no other. */
function olderThan(shelf: readonly StoredRow[], place: Place): number {
  let [from, to] = [0, shelf.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    const row = shelf[middle];
    if (row && newestFirst(place, row) < 0) from = middle + 1;
    else to = middle;
  }
  return from;
}

function* backwards(shelf: readonly StoredRow[], place: Place): Generator<StoredRow> {
  for (let at = olderThan(shelf, place) - 1; at >= 0; at--) {
    const row = shelf[at];
    if (row) yield row;
  }
}

/** The first rows that fit, at most `limit`. */
export function firstOf(rows: Iterable<StoredRow>, fits: (row: StoredRow) => boolean, limit: number): StoredRow[] {
  const found: StoredRow[] = [];
  if (limit <= 0) return found;
  for (const row of rows) {
    if (fits(row) && found.push(row) >= limit) break;
  }
  return found;
}
