import type { AresError } from "../../contract";
import { type Answer, aresError } from "../answer";
import type { ChargeState, ChargeTarget, Receipt } from "../chargeState";
import type { PendingKey } from "../pendingKeys";
import type { CallState } from "./callState";

/** The state of one charge on this page. `run.ts` runs the effects of each entered state. */
export type Charge = Carried & Phase;

/** The members that a charge carries from state to state. */
export interface Carried {
  /** Rises with each step. A turn, token, timer or read of an older step is ignored. */
  step: number;
  /** The key, from minting until its outcome is known and delivered. The runner stores it before it acts on the state. */
  pending?: PendingKey | undefined;
  /** The key whose POST has left, and was neither answered nor broken off. */
  out?: string | undefined;
  /** How many reads of a watched key were answered. */
  looks?: number | undefined;
  /** True while the read that this step asked for is out. */
  reading?: boolean | undefined;
  /** Of a call: none of the key's requests is on its way, and none has taken anything. */
  untouched?: boolean | undefined;
  /** What became of the app's own call on this page, until a look has told what it means. */
  told?: Told | undefined;
  /** The state is from the server's snapshot, and no read has confirmed it: when it was taken, and until when it holds. */
  unchecked?: { at: number; until: number };
}

export type Phase =
  /** May hold a key that was provably not charged. `usedUp`: a paid charge was given up here. `unread`: asking ended without an answer. */
  | { status: "idle"; usedUp?: true | undefined; unread?: AresError }
  /** A gate is new, and whether its resource is already paid is read, at growing distances while the read is refused (`unread`). */
  | { status: "asking"; wait: number; waited: number; unread?: AresError; usedUp?: undefined }
  /** Waits `wait` milliseconds, then until no other tab stores a key for the same target. `second`: a new ledger refused the first key. */
  | { status: "queued"; credits: number | undefined; wait: number; second: boolean }
  /** The key is stored. Waits for the session token. */
  | { status: "stored"; pending: PendingKey }
  /** The one POST has left. `again`: this key had been sent before. */
  | { status: "posted"; pending: PendingKey; again: boolean }
  /**
   * Reads at growing distances, for a minute. With a `doubt` the user is told that the outcome is unknown.
   * `waited` and `readMs` are the minute so far: the full waits online, and the time that reads took.
   */
  | {
      status: "watching";
      wait: number;
      waited: number;
      readMs: number;
      doubt?: Doubt | undefined;
      credits: number | undefined;
    }
  /** A minute of reads told nothing, or the endpoint can't tell. */
  | { status: "unknown"; doubt: Doubt }
  /** Nothing but `reset` leads out of it, and while `unchecked` the first read. */
  | { status: "charged"; receipt: Receipt }
  /** Provably not charged. The next press sends a kept key again. */
  | {
      status: "refused";
      error: AresError;
      at: number;
      credits?: number | undefined;
      before?: number | undefined;
    }
  /** A call failed. The next press sends its key again, which pays nothing more once it is `paid`. */
  | { status: "failed"; error: unknown; paid: boolean }
  /** A call gave its result, and no charge was found under its key. */
  | { status: "served" };

/** What became of a call of the app's own. Only a look at the key tells what it means for the money. */
export type Told =
  /** An answer of `withCharge` was read to its end: no look is needed. */
  | { as: "served" }
  | { as: "value" }
  /** A 2xx that does not say where it comes from: the page of a gateway may answer 200. */
  | { as: "answer"; error: AresError }
  /** A refusal by a code of the table. */
  | { as: "refusal"; error: AresError }
  /** Every other end. */
  | { as: "failure"; error: unknown }
  /** A framework navigates, such as by `redirect`. */
  | { as: "navigation" };

export interface Doubt {
  /** False when the endpoint can't tell the state of a charge. */
  readable: boolean;
  /** The id of the charge in the app's ledger, as it was told. */
  id?: string | undefined;
  /** The balance after the charge, as it was read. */
  after?: number | undefined;
}

/** The events of a charge. */
export interface Events {
  /** A gate shows a slot that had no holder. `orphan`: a key in storage whose tab or page is gone. */
  shown: { orphan: PendingKey | undefined };
  press: { credits: number | undefined; online: boolean };
  /** No other tab stores a key now. `fresh` is the key to store when there is neither a kept nor an orphaned one. `error`: the endpoint's first answer did not come, so nothing may be sent. */
  turn: { orphan: PendingKey | undefined; fresh: PendingKey; error?: AresError | undefined };
  token: { error: AresError | undefined };
  /** The POST of `pending` was answered, perhaps long after its press gave up. `delivered`: this page showed the key's charge before. `shownElsewhere`: another tab did. */
  answer: {
    pending: PendingKey;
    again: boolean;
    delivered: boolean;
    shownElsewhere: boolean;
    answer: Answer;
  };
  /** The POST of `pending` broke off: no answer will come. */
  broken: { pending: PendingKey };
  /** The app's own call under `pending` has ended. */
  ended: { pending: PendingKey; told: Told };
  /** The press stops waiting. The answer may still come. */
  late: object;
  /** The wait between two reads is over. */
  due: { online: boolean };
  /** The answer to a read, asked for at `asked`. `sentAt`: when any tab last sent the key. `rowless`: the resource itself has no open row. */
  read: {
    answer: Answer | undefined;
    rowless: boolean;
    asked: number;
    sentAt: number;
    shownElsewhere: boolean;
  };
  /** The key that this charge adopted is another user's. */
  foreign: object;
  /** The page came back, or is online again. `old`: out of the browser's memory, so what a snapshot told is old. */
  woken: { old?: boolean | undefined };
  /** The user asks now, or another tab knows the outcome. */
  check: object;
  reset: object;
  /** The paid charge is on screen, or its caller has the receipt. A later press is another intent. */
  delivered: object;
}

/** An event. `step` names the step that asked for it; after another step the event is ignored. */
export type Event<T extends keyof Events = keyof Events> = {
  [K in T]: { type: K; step?: number } & Events[K];
}[T];

/** The target and the time of a step. `now` is this machine's clock, in milliseconds. */
export interface Facts extends ChargeTarget {
  now: number;
  /** Where the charge is of a paid call: what its machine decides otherwise. */
  rules?: CallRules | undefined;
}

/** What differs for a paid call. `useAresAction` brings the rules, so that a page of gates does not carry them. */
export interface CallRules {
  press: (charge: Charge, event: Event<"press">, facts: Facts) => Charge;
  turn: (charge: Charge, event: Event<"turn">, facts: Facts) => Charge;
  end: (charge: Charge, event: Event<"ended">, facts: Facts) => Charge;
  look: (charge: Charge, event: Event<"read">, facts: Facts) => Charge;
  /** True while a call of this page has not ended, or waits for the look at what it means. */
  isUnderWay: (charge: Charge) => boolean;
  /** The key that the app hands on, and with it whose charge was agreed to, and at which price. */
  keyFor: (key: string, owner: string | undefined, credits: number | undefined) => string;
  view: (charge: Charge, state: ChargeState) => CallState;
}

/** The public state of a charge. */
export function view(charge: Charge, seen: Seen = {}): ChargeState {
  switch (charge.status) {
    case "idle":
    case "asking": {
      const { status, unread, usedUp } = charge;
      return { status: "idle", asking: status === "asking" || undefined, unread, usedUp };
    }
    case "charged":
      return { status: "charged", receipt: charge.receipt };
    // No gate, and no hook but useAresAction, holds the charge of a call, which `CallRules.view` shows.
    case "failed":
    case "served":
      return { status: "idle" };
    case "refused":
      return viewOfRefused(charge);
    case "queued":
    case "stored":
    case "posted":
    case "watching":
    case "unknown": {
      const doubt = doubtOf(charge);
      return doubt ? viewOfDoubt(charge, doubt, seen) : viewOfCharging(charge, seen);
    }
  }
}

function viewOfRefused(charge: Charge & { status: "refused" }): ChargeState {
  const { error, at, before } = charge;
  const seconds = error.details.retryAfterSeconds;
  const retryAt = seconds && at + seconds * 1000;
  return { status: "not_charged", error, at, retryAt, credits: shownCredits(charge), before };
}

function viewOfCharging(charge: Charge, { stored }: Seen): ChargeState {
  const isUnstored = stored === false;
  return {
    status: "charging",
    credits: shownCredits(charge),
    stored: isUnstored ? false : undefined,
  };
}

function viewOfDoubt(charge: Charge, { readable, after, id }: Doubt, seen: Seen): ChargeState {
  const { pending } = charge;
  const evidence = {
    before: pending?.before,
    after,
    credits: shownCredits(charge) ?? (pending?.credits || undefined),
    id,
    sentAt: pending?.sent ? pending.at : undefined,
    looks: charge.looks ?? 0,
    stored: seen.stored,
    nextAt: seen.nextAt,
  };
  return {
    status: "unknown",
    error: aresError("outcome_unknown", undefined, false),
    checking: charge.status === "watching",
    readable,
    resource: seen.resource,
    evidence,
  };
}

/** The credits of a press, for people. A press without a known price agrees to 0 credits, which no charge costs. */
function shownCredits(charge: Charge): number | undefined {
  return agreed(charge) || undefined;
}

/** Why the outcome of a charge is unknown to the page. */
export function doubtOf(charge: Charge): Doubt | undefined {
  return "doubt" in charge ? charge.doubt : undefined;
}

/** What the runner knows of a charge: what it pays for, whether its key is in storage, and when the next read is due. */
export interface Seen {
  stored?: boolean | undefined;
  nextAt?: number | undefined;
  resource?: string | undefined;
}

/** The credits that this page's press agreed to. */
export function agreed(charge: Charge): number | undefined {
  return "credits" in charge ? charge.credits : charge.pending?.credits;
}
