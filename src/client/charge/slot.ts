import type { ChargeState, ChargeTarget } from "../chargeState";
import type { Connection } from "../connection";
import type { PendingKey, PendingKeys } from "../pendingKeys";

/** One intent to charge on this page, shared by everybody who shows it. */
export interface Slot extends ChargeTarget {
  session: Session;
  state: ChargeState;
  /** Holds an unlock without a resource for as long as the page lives. */
  keep?: boolean;
  /** The listeners of each handle that holds it, and whether what is paid is seen there at once. */
  holders: Map<ReadonlySet<() => void>, boolean>;
  /** Present from the minting of the key until its outcome is known and shown. */
  pending?: PendingKey | undefined;
  /** A press on its way, which later presses join. */
  run?: Promise<ChargeState> | undefined;
  /** The key whose POST has left and was not answered. */
  posting?: PendingKey | undefined;
  /** Changes with everything that makes an older read worthless: a new state, a new key, word of another tab. */
  version?: object;
  /** Names the loop that looks at it; an older loop ends. */
  turn?: object;
  wake?: () => void;
  /** When the last holder left. */
  leftAt: number;
}

/** What the charges of one user on this page share. */
export interface Session extends Connection {
  keys: PendingKeys;
  /** The keys that this page has shown as paid: whatever is pressed here afterwards is another intent. */
  spent: Set<string>;
  now: () => number;
  mint: () => string;
  /** How long a press waits for the answer to its POST; a later answer still counts. */
  timeoutMs: number;
  /** Resolves when no other tab of this user has its turn for the same target. */
  ourTurn: (target: string) => Promise<void>;
  /** False when nothing may leave for this user any more. */
  live: boolean;
  /** The balance as it was last heard of. */
  balance: number | undefined;
  /** Takes the balance after a charge; undefined when it has to be read again. */
  onBalance: (balance: number | undefined) => void;
  /** Tells other tabs that the outcome of a key is known. */
  onSettled: (pending: PendingKey) => void;
}
