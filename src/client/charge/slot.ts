import type { LookUp } from "../../contract";
import type { Answer } from "../answer";
import type { ChargeState, ChargeTarget } from "../chargeState";
import type { Connection } from "../connection";
import type { PendingKey, PendingKeys } from "../pendingKeys";
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
  mark: string | undefined;
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

/** The parts that all charges of one user on this page share. */
export interface Session extends Connection {
  /** Asks one question by GET, together with the others of this tick, unless it is no longer wanted then. */
  lookUp: (asked: LookUp, isWanted: () => boolean) => Promise<Answer>;
  keys: PendingKeys;
  /** The keys whose paid charge was delivered on this page. A later press is another intent. */
  delivered: Set<string>;
  now: () => number;
  mint: () => string;
  /** How long a press waits for the answer to its POST; a later answer still counts. */
  timeoutMs: number;
  /** Runs `work` while no other tab of this user stores a key for the same target. */
  withTabLock: (target: string, work: () => void) => void;
  /** False when nothing may leave for this user any more. */
  live: boolean;
  /** True once an answer came from this kit's handler. A POST's answer without its mark is then somebody else's, such as a gateway's. */
  speaksContract: boolean;
  /** The server's mark of the user of this page, once an answer has told it. */
  owner: string | undefined;
  /**
   * Waits for the endpoint's first answer, and asks for it where nothing has: only then the page knows whose key it mints, and
   * whether an answer without the handler's mark is somebody else's. Undefined once the answer is there. @throws {AresError}
   */
  firstAnswer: () => Promise<void> | undefined;
  /** Tells that the server answers for another user than this page shows. */
  onOtherUser: () => void;
  /** Tells an outcome that is new on this page: charged here, refused, or unknown. */
  onOutcome: (target: ChargeTarget, state: ChargeState) => unknown;
  /** The last known balance. */
  balance: number | undefined;
  /** Takes the balance after a charge; undefined when it has to be read again. */
  onBalance: (balance: number | undefined) => void;
  /** Tells other tabs that the outcome of a key is known. */
  onSettled: (pending: PendingKey) => void;
}
