import type { ChargeRow } from "./ledger";

/** A charge that nobody has confirmed and that ARES may still have taken, or take: a claim too, while its worker holds it. */
export function isOpen({ status, leaseLeftMs }: ChargeRow): boolean {
  return status === "sending" || status === "unknown" || (status === "claimed" && leaseLeftMs > 0);
}
