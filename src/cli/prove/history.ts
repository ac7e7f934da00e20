import type { Operation } from "./customer";

/**
 * Looks for a history that only two charges can explain. The checker knows the answers alone, neither ARES's book nor
 * the ledger. A request that took effect did so at one instant between its beginning and its end. A request without a
 * clear answer may have taken effect at any time after its beginning.
 *
 * The question: does one charge, at one instant, explain all answers?
 * - Two answers that say "this request charged" need two charges.
 * - "charged" needs the charge before the answer's end. "not charged so far" needs the charge after the request's
 * beginning.
 * - Some request that did not itself say "not charged" must have begun before the charge.
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
