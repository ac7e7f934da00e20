import type { ChargeState, ChargeTarget } from "../chargeState";
import type { CallState } from "./callState";
import type { PaidCall } from "./paidCall";
import type { CallRules, Charge } from "./states";

/** A handle, as its slot sees it. */
export interface Holder {
  listeners: ReadonlySet<() => void>;
  /** True: showing the state delivers. False: the caller delivers. */
  shows: boolean;
  tell: (outcome: ChargeState) => void;
}

/** One intent to charge on this page, shared by every handle that holds it. */
export interface Slot extends ChargeTarget {
  /** Stands for the input in storage and in other tabs. */
  inputDigest: string | undefined;
  charge: Charge;
  /** The public state of `charge`. A new object only when the content changes. */
  state: ChargeState;
  /** The handles that hold the slot. */
  holders: Set<Holder>;
  /** The handle that pressed last. */
  presser?: Holder;
  /** A paid slot without holders stays while this is above 0: for the life of the page, or a moment per former holder. */
  stays: number;
  /** Callbacks that wait for the next step. */
  waiting: Set<() => void>;
  /** False when the browser could not store the key. */
  stored?: boolean | undefined;
  /** When the next read is due. */
  nextAt?: number | undefined;
  /** What differs for a paid call. */
  rules?: CallRules | undefined;
  /** The public state of a paid call. */
  callState?: CallState | undefined;
  /** The app's own call that was pressed last, on the slot of a call. */
  paidCall?: PaidCall;
  /** The headers of the POST to come. */
  authorized?: Headers;
}
