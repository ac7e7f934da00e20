import type { ChargeState, Receipt } from "../chargeState";
import type { Charge } from "./states";

/** Where a paid call stands. */
export type CallState =
  | { status: "idle" }
  | { status: "running" }
  /** `receipt`: undefined when no charge was found under the call's key. */
  | { status: "done"; receipt: Receipt | undefined }
  /** The call gave no result. The next run repeats its key; once it is `paid`, that pays nothing more. */
  | { status: "failed"; error: unknown; paid: boolean }
  /** Provably not charged now. With `used_up` the call was paid and served before. */
  | ({ status: "refused" } & Omit<Extract<ChargeState, { status: "not_charged" }>, "status">)
  | Extract<ChargeState, { status: "unknown" }>;

export const IDLE_CALL: CallState = { status: "idle" };

/** The public state of a paid call, from its charge and from what a gate would show of it. */
export function viewOfCall(charge: Charge, state: ChargeState): CallState {
  if (charge.status === "failed") {
    const { error, paid } = charge;
    return { status: "failed", error, paid };
  }
  if (charge.status === "served") return { status: "done", receipt: undefined };
  switch (state.status) {
    case "idle":
      return { status: "idle" };
    case "charging":
      return { status: "running" };
    case "charged":
      return { status: "done", receipt: state.receipt };
    case "not_charged":
      return { ...state, status: "refused" };
    case "unknown":
      return state;
  }
}
