import type { ChargeFilter } from "./ledger";

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
