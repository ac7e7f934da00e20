import type { StoredRow } from "./memoryRow";
import { newestFirst } from "./rows";

type Place = Pick<StoredRow, "createdAt" | "id">;
type Shelf = { [F in "userId" | "status"]?: StoredRow[F] | undefined };

/** The rows of the ledger in memory, in order of their age: all, by user, by stored status, and by both. */
export interface MemoryIndex {
  add(row: StoredRow): void;
  remove(row: StoredRow): void;
  /** Gives a row another status. Only the shelves by status change. */
  move(row: StoredRow, status: StoredRow["status"]): void;
  /** The rows that may be asked for and follow a place, newest first. A lost sender stands among the senders, and reads as `unknown`. */
  after(asked: Shelf, place: Place): Generator<StoredRow>[];
}

export function createMemoryIndex(): MemoryIndex {
  const shelves = new Map<string, StoredRow[]>();
  /** No status holds a space, so no two shelves share a name. */
  const nameOf = ({ userId, status = "" }: { userId?: string | undefined; status?: string | undefined }) =>
    userId === undefined ? status : `${status} ${userId}`;
  const byAge = ({ userId }: StoredRow) => [nameOf({}), nameOf({ userId })];
  const byStatus = ({ userId, status }: StoredRow) => [status, nameOf({ userId, status })];

  function put(row: StoredRow, names: readonly string[]) {
    for (const name of names) {
      const shelf = shelves.get(name) ?? [];
      shelves.set(name, shelf);
      shelf.splice(olderThan(shelf, row), 0, row);
    }
  }

  function take(row: StoredRow, names: readonly string[]) {
    for (const name of names) {
      const shelf = shelves.get(name) ?? [];
      const at = olderThan(shelf, row);
      if (shelf[at] === row) shelf.splice(at, 1);
      if (shelf.length === 0) shelves.delete(name);
    }
  }

  return {
    add: (row) => put(row, [...byAge(row), ...byStatus(row)]),
    remove: (row) => take(row, [...byAge(row), ...byStatus(row)]),
    move(row, status) {
      take(row, byStatus(row));
      row.status = status;
      put(row, byStatus(row));
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
