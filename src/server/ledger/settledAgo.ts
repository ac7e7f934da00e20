import type { ChargeRow } from "./ledger";

/** How long ago a row came to its end, in milliseconds; for a sender that was lost, since it was given up. */
export function settledAgo({ settledAgoMs, leaseLeftMs }: ChargeRow): number {
  return settledAgoMs ?? -leaseLeftMs;
}
