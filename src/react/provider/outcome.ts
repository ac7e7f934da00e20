import type { ChargeState, ChargeTarget, Receipt } from "../../client";
import type { AresError } from "../../contract";

/**
 * Run once for each outcome, on the page that pressed. After a reload they run on the page that adopted the charge. A
 * resource that was paid before is no outcome.
 */
export interface OutcomeListeners {
  onCharged?: ((receipt: Receipt) => void) | undefined;
  /** Provably not charged. */
  onRefused?: ((error: AresError, target: ChargeTarget) => void) | undefined;
  /** May or may not have been charged. `onCharged` or `onRefused` may follow. */
  onUnknown?: ((error: AresError, target: ChargeTarget) => void) | undefined;
}

export function tellOutcome(
  listeners: OutcomeListeners,
  target: ChargeTarget,
  state: ChargeState,
): void {
  if (state.status === "charged") listeners.onCharged?.(state.receipt);
  else if (state.status === "not_charged") listeners.onRefused?.(state.error, target);
  else if (state.status === "unknown") listeners.onUnknown?.(state.error, target);
}
