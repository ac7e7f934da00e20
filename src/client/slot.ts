import type { ChargeState } from "./chargeState";
import type { PendingKey } from "./pendingKeys";

/** What a charge is for. Without a `resource` every gate is an intent of its own. */
export interface ChargeTarget {
  usage: string;
  resource?: string | undefined;
  /** Keeps an unlock without a resource for as long as the page lives, for a charge that no press stands behind. */
  keep?: boolean | undefined;
}

/** One intent to charge on this page, shared by everybody who shows it. */
export interface Slot extends ChargeTarget {
  state: ChargeState;
  /** The listeners of everybody who shows it, by their handles. */
  holders: Set<ReadonlySet<() => void>>;
  /** Present from the minting of the key until its outcome is known and shown. */
  pending?: PendingKey | undefined;
  /** A press on its way, which later presses join. */
  run?: Promise<ChargeState> | undefined;
  /** True while a POST has left and was not answered. */
  posting?: boolean;
  /** Names the loop that looks at it; an older loop ends. */
  turn?: object | undefined;
  wake?: () => void;
  /** Changes with every word of another tab about this charge; what was read before it is old. */
  heard?: object;
  /** When the last holder left. */
  leftAt?: number;
}

export const IDLE: ChargeState = { status: "idle" };
