import type { ChargeRow } from "./ledger";
import type { UseNotes } from "./uses";

/** One user's key, as one text. */
export function keyOf({ userId, key }: { userId: string; key: string }): string {
  return JSON.stringify([userId, key]);
}

/** One user's fingerprint, as one text. */
export function markOf({ userId, fingerprint }: { userId: string; fingerprint: string }): string {
  return JSON.stringify([userId, fingerprint]);
}

/** True for a row that may be forgotten: its retention and its lease have ended, and its outcome is known. */
export function isOver({ status, leaseUntil, retainUntil }: StoredRow, now: number): boolean {
  return retainUntil <= now && (status === "charged" || status === "declined" || (status === "claimed" && leaseUntil <= now));
}

/** A row as the memory ledger keeps it. */
export interface StoredRow extends Omit<ChargeRow, "leaseLeftMs" | "ageMs" | "settledAgoMs"> {
  leaseUntil: number;
  retainUntil: number;
  notes: UseNotes;
}

/** The row as callers see it: a `sending` row reads as `unknown` once its lease has ended. */
export function show({ leaseUntil, retainUntil: _, notes: __, ...row }: StoredRow, now: number): ChargeRow {
  return {
    ...row,
    status: row.status === "sending" && leaseUntil <= now ? "unknown" : row.status,
    outcome: { ...row.outcome },
    redeemedBy: [...row.redeemedBy],
    leaseLeftMs: leaseUntil - now,
    ageMs: now - row.createdAt,
    settledAgoMs: row.settledAt === null ? null : now - row.settledAt,
  };
}
