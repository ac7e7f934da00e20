import type { AresError } from "../contract";
import { type Answer, aresError, isGranted, numberOf, textOf } from "./answer";
import type { ChargeState } from "./chargeState";
import { GRACE_MS } from "./pendingKeys";
import type { Slot } from "./slot";

/** Puts a charge into a state, and tells whoever shows it. A paid key that is shown is spent. */
export function set(slot: Slot, state: ChargeState): ChargeState {
  const { pending, holders, session } = slot;
  slot.state = state;
  slot.version = {};
  if (state.status === "charged" && holders.size && pending) {
    slot.pending = undefined;
    session.spent.add(pending.key);
    session.keys.save({ ...pending, paidAt: session.now() });
    setTimeout(() => session.keys.drop(pending), GRACE_MS);
  }
  for (const listeners of holders) for (const tell of listeners) tell();
  return state;
}

export function charged(slot: Slot, answer: Answer): ChargeState {
  const { usage, resource, pending, session } = slot;
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
