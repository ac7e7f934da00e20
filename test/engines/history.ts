import type { Operation } from "./customer";

/**
 * Looks for a history that only two charges can explain, from the answers alone: it knows neither ARES's book nor
 * the ledger. Each request took effect, if at all, at one instant between its beginning and its end, and one that
 * was not answered (or not clearly) may have taken effect at any time after it began.
 *
 * The question is whether one charge, at one instant, explains everything that was said:
 * - two answers that say "this request charged" need two charges;
 * - "charged" needs the charge before that answer ended; "not charged so far" needs it after that request began;
 * - some request that did not itself say "not charged" must have begun before the charge.
 */
export function needsTwoCharges(operations: readonly Operation[]): boolean {
  const charged = operations.filter(({ said }) => said === "charged");
  if (charged.length === 0) return false;
  if (charged.filter(({ fresh }) => fresh).length > 1) return true;
  if (operations.some(({ said }) => said === "declined")) return true;

  const causes = operations.filter(({ does, said }) => does === "charge" && said !== "not_charged");
  const earliest = Math.max(
    Math.min(...causes.map(({ from }) => from)),
    ...operations.filter(({ said }) => said === "not_charged").map(({ from }) => from),
    ...charged.filter(({ fresh }) => fresh).map(({ from }) => from),
  );
  const latest = Math.min(...charged.map(({ to }) => to));
  return earliest > latest;
}
