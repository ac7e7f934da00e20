import type { ChargeStatus } from "../../contract";
import type { ChargeFilter, ChargeRow } from "./ledger";
/** True while a charge is unsettled: ARES may have taken credits or may still take them. A claim counts while its lease lasts. */
export function isUnsettled({ status, leaseLeftMs }: ChargeRow): boolean {
  return status === "sending" || status === "unknown" || (status === "claimed" && leaseLeftMs > 0);
}

/** True for a row that is no proof of a charge: such a row leaves early. */
export function provesNoCharge(status: ChargeStatus): boolean {
  return status === "claimed" || status === "declined";
}

/** The row that counts of a key's rows. Two claims of one key at the same instant can leave a second row: it stays a claim. */
export function rowOfKey(rows: readonly ChargeRow[]): ChargeRow | null {
  return rows.find(({ status }) => status !== "claimed") ?? rows[0] ?? null;
}

/** Milliseconds since a row was settled. For a lost sender: since its lease ended. */
export function msSinceSettled({ settledAgoMs, leaseLeftMs }: ChargeRow): number {
  return settledAgoMs ?? -leaseLeftMs;
}

/** A place in the order of every list. */
type Cursor = Exclude<ChargeFilter["before"], number | undefined>;

/** Newest first, within one millisecond by descending id. Every row has its own place, so no page skips a row. */
export function newestFirst(a: Cursor, b: Cursor): number {
  if (a.createdAt !== b.createdAt) return b.createdAt - a.createdAt;
  if (a.id === b.id) return 0;
  return a.id < b.id ? 1 : -1;
}

/** The place before the first row of a page. A time alone leaves out all rows of that millisecond. */
export function cursorOf(before: ChargeFilter["before"] = Number.POSITIVE_INFINITY): Cursor {
  return typeof before === "number" ? { createdAt: before, id: "" } : before;
}
