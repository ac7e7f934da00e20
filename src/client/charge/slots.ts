import { type ChargeTarget, IDLE, targetId } from "../chargeState";
import type { PendingKey } from "../pendingKeys";
import type { Session, Slot } from "./slot";

/** Which slots live on this page, found by target and by key. */
export interface Slots {
  /** Every slot that somebody holds, or that may not be forgotten. */
  all: ReadonlySet<Slot>;
  byKey(key: unknown): Slot | undefined;
  /** A slot to share (a resource), or one that lost its owner. A press may only adopt what is still open. */
  find(target: { usage?: unknown; resource?: unknown }, pressed?: boolean): Slot | undefined;
  /** A stored key that no slot here holds or delivered. A key that another tab delivered before `pressedAt` doesn't count. */
  findOrphanedKey(target: ChargeTarget, pressedAt: number): PendingKey | undefined;
  make(target: ChargeTarget): Slot;
  /** Puts a slot where it is found, or forgets it. Needed after every change of its holders or its charge. */
  place(slot: Slot, before?: PendingKey): void;
}

export function createSlots({ keys, delivered }: Session): Slots {
  const all = new Set<Slot>();
  const found = new Map<string, Set<Slot>>();
  const holding = new Map<unknown, Slot>();

  return {
    all,
    byKey: (key) => holding.get(key),

    find(target, pressed = false) {
      for (const slot of found.get(targetId(target)) ?? []) if (target.resource !== undefined || !pressed || isOpen(slot)) return slot;
      return undefined;
    },

    findOrphanedKey: (target, pressedAt) =>
      keys.of(target).find(({ key, paidAt = pressedAt }) => !holding.has(key) && !delivered.has(key) && paidAt >= pressedAt),

    make: ({ usage, resource }) => ({
      usage,
      resource,
      charge: { epoch: 0, status: "idle" },
      state: IDLE,
      holders: new Map(),
      stays: 0,
      waiting: new Set(),
    }),

    place(slot, before) {
      const { resource, holders, charge, stays } = slot;
      if (before) holding.delete(before.key);
      if (charge.key) holding.set(charge.key.key, slot);
      const lives = holders.size > 0 || isOpen(slot) || (charge.status === "charged" && stays > 0);
      if (lives) all.add(slot);
      else all.delete(slot);
      const id = targetId(slot);
      const others = found.get(id) ?? new Set();
      if (lives && (resource !== undefined || !holders.size)) found.set(id, others.add(slot));
      else if (others.delete(slot) && !others.size) found.delete(id);
    },
  };
}

/** True while its outcome is not known, or not delivered. */
function isOpen({ charge: { key, reading, status } }: Slot): boolean {
  return !!key || !!reading || status === "queued" || status === "watching";
}
