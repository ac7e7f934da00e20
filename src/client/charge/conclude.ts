import type { AresError } from "../../contract";
import { type Answer, aresError, isGranted, numberOf, textOf } from "../answer";
import type { ChargeState } from "../chargeState";
import { GRACE_MS } from "../pendingKeys";
import type { Slot } from "./slot";

/** Puts a charge into a state, and tells whoever holds it. A paid key that is shown is spent. */
export function set(slot: Slot, state: ChargeState): ChargeState {
  slot.state = state;
  slot.version = {};
  if ([...slot.holders.values()].includes(true)) spend(slot);
  for (const listeners of slot.holders.keys()) for (const tell of listeners) tell();
  return state;
}

/** Gives up the key of a charge that is paid and was shown or handed out: whatever is pressed now is another intent. */
export function spend(slot: Slot): void {
  const { state, pending, session } = slot;
  if (state.status !== "charged" || !pending) return;
  slot.pending = undefined;
  session.spent.add(pending.key);
  session.keys.save({ ...pending, paidAt: session.now() });
  setTimeout(() => session.keys.drop(pending), GRACE_MS);
}

export function charged(slot: Slot, answer: Answer, pending = slot.pending): ChargeState {
  const { usage, resource, session } = slot;
  const { charge, user } = answer.body ?? {};
  const balance = numberOf(user?.credits);
  const receipt = {
    usage,
    resource,
    credits: numberOf(charge?.credits) ?? pending?.credits,
    balance,
    id: textOf(charge?.id),
    key: pending?.key,
    at: numberOf(charge?.settledAt) ?? session.now(),
    restored: !pending,
    granted: isGranted(answer),
  };
  if (pending) {
    session.onBalance(balance);
    session.onSettled(pending);
  }
  return set(slot, { status: "charged", receipt });
}

/** Provably not charged. A key that may be sent again is kept. */
export function refused(slot: Slot, error: AresError): ChargeState {
  const { pending, session } = slot;
  if (pending && !error.retryable) {
    session.keys.drop(pending);
    slot.pending = undefined;
    session.onSettled(pending);
  }
  return set(slot, { status: "not_charged", error, at: session.now() });
}

export function unknown(slot: Slot, checking: boolean, readable = true, after?: number): ChargeState {
  const error = aresError("outcome_unknown", undefined, false);
  return set(slot, { status: "unknown", error, checking, readable, evidence: { before: slot.pending?.before, after } });
}
