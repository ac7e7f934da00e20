import { type ChargeTarget, IDLE, isShared, type MarkedTarget, targetId } from "../chargeState";
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
  target: MarkedTarget & { joins?: unknown },
  pressed = false,
): Slot | undefined {
  const shared = isShared(target);
  for (const slot of free.get(targetId(target)) ?? []) {
    if (shared || !pressed || isUndelivered(slot)) return slot;
  }
  return undefined;
}

/** True for a key of another user than the page's. A key without a mark counts as this user's. */
export function isForeign(key: PendingKey | undefined, { owner }: AresClient): boolean {
  return owner !== undefined && (key?.owner ?? owner) !== owner;
}

/** A stored key that no slot here holds or delivered. A key that another tab delivered before `pressedAt` doesn't count. */
export function findOrphanedKey(
  { holding }: Slots,
  session: Session,
  target: MarkedTarget,
  pressedAt: number,
): PendingKey | undefined {
  const isFree = ({ key }: PendingKey) => !holding.has(key) && !session.delivered.has(key);
  const found = session.keys.of(target);
  return found.find(
    (key) =>
      isFree(key) && !isForeign(key, session.client) && (key.paidAt ?? pressedAt) >= pressedAt,
  );
}

export function makeSlot({
  usage,
  resource,
  input,
  mark,
  call,
  joins,
  rules,
}: ChargeTarget & Pick<Slot, "mark" | "rules">): Slot {
  const charge: Slot["charge"] = { step: 0, status: "idle" };
  return {
    usage,
    resource,
    input,
    mark,
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
export function place({ all, free, holding }: Slots, slot: Slot, before?: PendingKey): void {
  const { holders, charge, stays } = slot;
  if (before) holding.delete(before.key);
  if (charge.key) holding.set(charge.key.key, slot);
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
function isUndelivered({ charge: { key, reading, status } }: Slot): boolean {
  return !!key || !!reading || status === "queued" || status === "watching";
}
