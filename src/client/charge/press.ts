import type { AresError } from "../../contract";
import { type Answer, aresError, errorOf, isCharged, isGranted, isOpen } from "../answer";
import type { ChargeState } from "../chargeState";
import { within } from "../connection";
import type { PendingKey } from "../pendingKeys";
import { charged, refused, set, unknown } from "./conclude";
import type { Slot } from "./slot";
import { watch } from "./watch";

/**
 * Mints or adopts a key, and sends it if it is ours to send. Nothing else sends a charge.
 * `stray` finds a key that lost its owner, and was not paid before this press.
 */
export async function press(slot: Slot, credits: number | undefined, stray: () => PendingKey | undefined): Promise<ChargeState> {
  const { usage, resource, session } = slot;
  set(slot, { status: "charging", credits });
  await session.ourTurn(`${usage} ${resource ?? ""}`);
  slot.version = {};
  if (!slot.pending) {
    const adopted = stray();
    slot.pending = adopted ?? { key: session.mint(), usage, resource, credits, before: session.balance, at: session.now() };
    session.keys.save(slot.pending);
    if (adopted) return watch(slot, 0);
  }
  const pending = { ...slot.pending, credits };
  slot.pending = pending;
  return session.authorize().then(
    (authorized) =>
      session.live ? post(slot, pending, authorized) : refused(slot, aresError("not_signed_in", undefined, pending.sent === true)),
    (error: AresError) => refused(slot, error),
  );
}

function post(slot: Slot, pending: PendingKey, authorized: Headers): Promise<ChargeState> {
  const { send, keys, now, timeoutMs, onBalance } = slot.session;
  const again = pending.sent;
  slot.posting = pending;
  Object.assign(pending, { at: now(), sent: true });
  keys.save(pending);
  const request = send(pending, authorized).finally(() => {
    if (slot.posting === pending) slot.posting = undefined;
  });

  function settle(answer: Answer): ChargeState | Promise<ChargeState> {
    // A read already called this charge charged: a late refusal would drop its key, and the next press would pay again.
    if (slot.state.status === "charged") return slot.state;
    const stale = slot.pending !== pending;
    // A late answer to a charge that was given up still opens what was paid for.
    if (isCharged(answer) && (!stale || (slot.state.status === "idle" && !slot.session.spent.has(pending.key))))
      return charged(slot, answer, pending);
    if (stale) return slot.state;
    if (isGranted(answer)) return charged(slot, answer);
    const error = errorOf(answer);
    // Nothing was sent for it now; but it was sent before, and nobody knows what became of that.
    if (again && ["ledger_reset", "idempotency_key_expired"].includes(error.code)) {
      pending.over = true;
      keys.save(pending);
      return lost();
    }
    if (error.code === "charge_in_progress") return watch(slot, (error.details.retryAfterSeconds ?? 1) * 1000);
    return isOpen(error, answer.status) ? lost() : refused(slot, error);
  }

  function lost(): ChargeState {
    const state = unknown(slot, true);
    // It may have been deducted, so the balance on the page is no longer known.
    onBalance(undefined);
    void watch(slot, 2000);
    return state;
  }

  return within(timeoutMs, request).then(settle, () => {
    request.then(settle, () => {});
    return lost();
  });
}
