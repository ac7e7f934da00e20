import type { ChargeState, ChargeTarget } from "../chargeState";
import type { Connection } from "../connection";
import type { PendingKey, PendingKeys } from "../pendingKeys";
import type { Charge } from "./states";

/** One intent to charge on this page, shared by every handle that holds it. */
export interface Slot extends ChargeTarget {
  charge: Charge;
  /** What the page shows of `charge`: another object only when it says something else. */
  state: ChargeState;
  /** The listeners of each handle that holds the slot. `true`: to show the state counts as delivery. `false`: its caller says when. */
  holders: Map<ReadonlySet<() => void>, boolean>;
  /** A paid slot stays while this is above 0, also where nobody holds it: for the life of the page, or a moment for each holder that left. */
  stays: number;
  /** Who waits for the charge to get on. */
  waiting: Set<() => void>;
  /** The headers of the POST to come. */
  authorized?: Headers;
}

/** What the charges of one user on this page share. */
export interface Session extends Connection {
  keys: PendingKeys;
  /** The keys whose paid charge was delivered on this page: whatever is pressed here afterwards is another intent. */
  delivered: Set<string>;
  now: () => number;
  mint: () => string;
  /** How long a press waits for the answer to its POST; a later answer still counts. */
  timeoutMs: number;
  /** Runs `work` while no other tab of this user stores a key for the same target. */
  withTabLock: (target: string, work: () => void) => void;
  /** False when nothing may leave for this user any more. */
  live: boolean;
  /** The balance as it was last heard of. */
  balance: number | undefined;
  /** Takes the balance after a charge; undefined when it has to be read again. */
  onBalance: (balance: number | undefined) => void;
  /** Tells other tabs that the outcome of a key is known. */
  onSettled: (pending: PendingKey) => void;
}
