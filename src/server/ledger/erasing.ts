/** How the rows of a user move under another name. */
export interface Erasure {
  /** The name that stands in the place of the user's id. Make it at random for each run, and keep it nowhere. */
  as: string;
  /** Only rows that were made before this moment move: milliseconds since 1970, on the store's clock. */
  madeBefore: number;
  /** Where the call before has ended: its `next`. */
  after?: ErasedUpTo | undefined;
  /** The most rows that one call looks at. @default 100 */
  limit?: number;
}

/** A place among a user's rows, oldest first. */
export interface ErasedUpTo {
  createdAt: number;
  id: string;
}

/** How far one call to erase a user has come. */
export interface Erased {
  /** How many rows this call has moved. */
  moved: number;
  /** Where the next call goes on; null: every old row was looked at. */
  next: ErasedUpTo | null;
}

/** A row, as far as it says whether it may move. */
interface Erasable {
  status: string;
  resource: string | null;
  fingerprint: string;
  createdAt: number;
  settledAt: number | null;
  leaseUntil: number;
}

/** A charge that was settled less than this before another one was made may or may not be in the balance from before the other. */
export const evidenceMs = 60 * 60_000;

/**
 * Tells which of a user's rows may move. A row stays while one of these holds:
 *
 * 1. it is young: its key may be sent again, and must meet the row
 * 2. it is open: `sending`, `unknown`, or a claim whose lease lives
 * 3. it was charged after an open row was made, or shortly before: the balance judges the open row by both
 * 4. another row of its resource stays: a chain without its first row would be paid for again
 */
export function mayMove(
  rows: readonly Erasable[],
  now: number,
  madeBefore: number,
): (row: Erasable) => boolean {
  const isOpen = ({ status, leaseUntil }: Erasable) =>
    status === "sending" || status === "unknown" || (status === "claimed" && leaseUntil > now);
  const firstOpen = Math.min(...rows.filter(isOpen).map(({ createdAt }) => createdAt));

  function stays(row: Erasable): boolean {
    const isYoung = row.createdAt >= madeBefore;
    const isEvidence = row.status === "charged" && (row.settledAt ?? 0) > firstOpen - evidenceMs;
    return isYoung || isOpen(row) || isEvidence;
  }

  const ofResources = rows.filter(({ resource }) => resource !== null);
  const staying = new Set(ofResources.filter(stays).map(({ fingerprint }) => fingerprint));
  return (row) => !stays(row) && (row.resource === null || !staying.has(row.fingerprint));
}
