import type { ChargeFilter, ChargeRow } from "./ledger";
/** A charge that nobody has confirmed and that ARES may still have taken, or take: a claim too, while its worker holds it. */
export function isOpen({ status, leaseLeftMs }: ChargeRow): boolean {
  return status === "sending" || status === "unknown" || (status === "claimed" && leaseLeftMs > 0);
}

/** How long ago a row came to its end, in milliseconds; for a sender that was lost, since it was given up. */
export function msSinceSettled({ settledAgoMs, leaseLeftMs }: ChargeRow): number {
  return settledAgoMs ?? -leaseLeftMs;
}

/** A place in the order of every list. */
type Place = Exclude<ChargeFilter["before"], number | undefined>;

/** Newest first, and within one millisecond by descending id: every row has a place of its own, so pages can be turned exactly. */
export function newestFirst(a: Place, b: Place): number {
  return b.createdAt - a.createdAt || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0);
}

/** The place that a list begins behind. No row lies at a time with an empty id, so a time alone leaves out all of its rows. */
export function placeOf(before: ChargeFilter["before"] = Number.POSITIVE_INFINITY): Place {
  return typeof before === "number" ? { createdAt: before, id: "" } : before;
}
