import type { ChargeState, Receipt } from "../chargeState";

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
