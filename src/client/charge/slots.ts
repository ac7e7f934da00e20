import { type ChargeTarget, IDLE, isShared, type StoredTarget, targetId } from "../chargeState";
import type { AresClient } from "../createAresClient";
import type { PendingKey } from "../pendingKeys";
import type { Session } from "./session";
import type { Slot } from "./slot";

/** The slots of this page. */
export interface Slots {
  /** The slots with a holder, and the slots that must not be forgotten. */
  all: Set<Slot>;
  /** The slots that a new handle may share or adopt, by target. */
  free: Map<string, Set<Slot>>;
  /** The slot of each key. */
  holding: Map<unknown, Slot>;
}

/** A slot to share, or a slot without holders. A press may adopt only a slot whose charge is not delivered. */
export function find(
  { free }: Slots,
  target: StoredTarget & { joins?: unknown },
  pressed = false,
): Slot | undefined {
  const shared = isShared(target);
  for (const slot of free.get(targetId(target)) ?? []) {
    if (shared || !pressed || isUndelivered(slot)) return slot;
  }
  return undefined;
}

/** True for a key of another user than the page's. A key without an owner counts as this user's. */
export function isForeign(pending: PendingKey | undefined, { owner }: AresClient): boolean {
  return owner !== undefined && (pending?.owner ?? owner) !== owner;
}

/** A stored key that no slot here holds or delivered. A key that another tab delivered before `pressedAt` doesn't count. */
export function findOrphanedKey(
  { holding }: Slots,
  session: Session,
  target: StoredTarget,
  pressedAt: number,
): PendingKey | undefined {
  const isFree = ({ key }: PendingKey) => !holding.has(key) && !session.delivered.has(key);
  const found = session.keys.of(target);
  return found.find((pending) => {
    const isTooLate = (pending.paidAt ?? pressedAt) < pressedAt;
    return isFree(pending) && !isForeign(pending, session.client) && !isTooLate;
  });
}

export function makeSlot({
  usage,
  resource,
  input,
  inputDigest,
  call,
  joins,
  rules,
}: ChargeTarget & Pick<Slot, "inputDigest" | "rules">): Slot {
  const charge: Slot["charge"] = { step: 0, status: "idle" };
  return {
    usage,
    resource,
    input,
    inputDigest,
    call,
    joins,
    rules,
    charge,
    state: IDLE,
    holders: new Set(),
    stays: 0,
    waiting: new Set(),
  };
}

/** Puts a slot where it is found, or forgets it. Needed after every change of its holders or its charge. */
export function place({ all, free, holding }: Slots, slot: Slot, previous?: PendingKey): void {
  const { holders, charge, stays } = slot;
  if (previous) holding.delete(previous.key);
  if (charge.pending) holding.set(charge.pending.key, slot);
  const lives =
    holders.size > 0 ||
    isUndelivered(slot) ||
    (stays > 0 && (charge.status === "charged" || charge.unchecked !== undefined));
  all[lives ? "add" : "delete"](slot);
  const id = targetId(slot);
  const others = free.get(id) ?? new Set();
  if (lives && (isShared(slot) || !holders.size)) free.set(id, others.add(slot));
  else if (others.delete(slot) && !others.size) free.delete(id);
}

/** True while the slot's outcome is not known or not delivered. */
function isUndelivered({ charge: { pending, reading, status } }: Slot): boolean {
  return !!pending || !!reading || status === "queued" || status === "watching";
}
