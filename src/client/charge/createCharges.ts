import { aresError } from "../answer";
import { type ChargeState, type ChargeTarget, IDLE } from "../chargeState";
import { GRACE_MS, type PendingKey } from "../pendingKeys";
import type { TabNews } from "../tabs";
import { refused, set, spend } from "./conclude";
import { press } from "./press";
import type { Session, Slot } from "./slot";
import { isAwaited, look, watch } from "./watch";

/** One gate's or hook's hold on a charge. Opening and reading it has no effects, so it may happen during render. */
export interface ChargeHandle {
  get(): ChargeState;
  /** Also takes over a charge of this usage that lost its owner: by a reload, a remount, a closed tab. */
  subscribe(listener: () => void): () => void;
  /** Charges once: joins what is in flight, adopts what is pending, never sends while an outcome is unknown. */
  charge(credits?: number): Promise<ChargeState>;
  /** Looks at the charge until it is known, at most a minute; never charges. */
  check(): Promise<ChargeState>;
  /** Forgets an ended charge. For an unknown one it is the user's word that they want to start over. */
  reset(): void;
  /** Holds an unlock open for as long as the page lives. */
  keep(): void;
  /** What is paid has been handed out. */
  take(): void;
}

export interface Charges {
  /** `shows`: what is paid is seen at once, and its key spent with that. Otherwise `take` says when. @default true */
  open(target: ChargeTarget, shows?: boolean): ChargeHandle;
  /** Looks again now: the page came back, or another tab settled a key. */
  wake(news?: TabNews): void;
}

/** The charges of one user on this page. They live outside React, so that no render can start, repeat or lose one. */
export function createCharges(session: Session): Charges {
  const { keys, now } = session;
  const slots = new Set<Slot>();

  /** A slot of this page to share (a resource), or one that lost its owner. A press may only adopt what is still open. */
  function find(target: ChargeTarget, pressed = false): Slot | undefined {
    for (const slot of slots) {
      const open = slot.run || slot.pending;
      const paid = slot.state.status === "charged" && (slot.keep || slot.resource || now() - slot.leftAt < GRACE_MS);
      if (!slot.holders.size && !open && !paid) slots.delete(slot);
      else if (isFor(target, slot) && (target.resource || (!slot.holders.size && (open || !pressed)))) return slot;
    }
    return undefined;
  }

  /** A key of this usage in storage that nobody on this page holds or has spent. One that was paid before the press is spent too. */
  function stray(target: ChargeTarget, pressedAt: number): PendingKey | undefined {
    const held = new Set(session.spent);
    for (const { pending } of slots) if (pending) held.add(pending.key);
    return keys.all().find((it) => isFor(target, it) && !held.has(it.key) && (it.paidAt ?? pressedAt) >= pressedAt);
  }

  function run(slot: Slot, work: Promise<ChargeState>): Promise<ChargeState> {
    const mine = work.finally(() => {
      if (slot.run === mine) slot.run = undefined;
    });
    slot.run = mine;
    return mine;
  }

  /** Looks now, and goes on where a charge is on its way that nobody here looks at. */
  async function follow(slot: Slot): Promise<ChargeState> {
    await look(slot);
    return isAwaited(slot) && !slot.run ? run(slot, watch(slot, 1000)) : slot.state;
  }

  /** What happens when a slot is first shown: a stray key is looked at, a resource is asked for. */
  async function begin(slot: Slot): Promise<void> {
    // One that another tab showed in this very millisecond is spent too: nobody pressed here.
    slot.pending = stray(slot, now() + 1);
    if (slot.pending) {
      set(slot, { status: "charging" });
      void run(slot, watch(slot, 0));
    } else if (slot.resource) {
      set(slot, { status: "idle", asking: true });
      await follow(slot);
      if (slot.state.status === "idle") set(slot, IDLE);
    }
  }

  function open(target: ChargeTarget, shows = true): ChargeHandle {
    const listeners = new Set<() => void>();
    let slot: Slot | undefined;

    function attach(next: Slot = find(target) ?? { ...target, session, state: IDLE, holders: new Map(), leftAt: 0 }): Slot {
      const fresh = !slots.has(next);
      slot?.holders.delete(listeners);
      slot = next;
      slots.add(next);
      if (!next.holders.size && next.state.status === "not_charged") next.state = IDLE;
      next.holders.set(listeners, shows);
      if (next.state.status === "charged") set(next, next.state);
      else if (fresh) void begin(next);
      return next;
    }

    return {
      get: () => (slot ?? (target.resource ? find(target) : undefined))?.state ?? IDLE,
      subscribe(listener) {
        listeners.add(listener);
        if (listeners.size === 1) attach(slot);
        return () => {
          listeners.delete(listener);
          if (listeners.size || !slot) return;
          slot.holders.delete(listeners);
          slot.leftAt = now();
        };
      },
      async charge(credits) {
        let current = slot ?? attach();
        if (current.state.status === "idle" && !current.run && !current.pending) {
          const orphan = find(target, true);
          if (orphan) current = attach(orphan);
        }
        const { state } = current;
        if (current.run) return current.run;
        if (state.status !== "idle" && state.status !== "not_charged") return state;
        if (globalThis.navigator?.onLine === false) return refused(current, aresError("network_error"));
        const pressedAt = now();
        slots.add(current);
        return run(
          current,
          press(current, credits, () => stray(target, pressedAt)),
        );
      },
      async check() {
        const current = slot ?? attach();
        if (current.run) {
          current.wake?.();
          return current.run;
        }
        if (current.state.status === "unknown") {
          set(current, { ...current.state, checking: true });
          return run(current, watch(current, 0));
        }
        return follow(current);
      },
      reset() {
        if (!slot || slot.state.status === "charging") return;
        if (slot.state.status === "unknown" && slot.pending) {
          keys.drop(slot.pending);
          slot.pending = undefined;
        }
        spend(slot);
        slot.turn = {};
        slot.run = undefined;
        slot.wake?.();
        set(slot, IDLE);
      },
      keep() {
        if (slot) slot.keep = true;
      },
      take() {
        if (slot) spend(slot);
      },
    };
  }

  return {
    open,
    wake(news) {
      for (const slot of slots) {
        const { pending } = slot;
        const told = news && (pending ? news.key === pending.key : slot.resource && isFor(slot, news));
        if (told) slot.version = {};
        if (!news || told) slot.wake?.();
        if (told && !isAwaited(slot)) void follow(slot);
      }
    },
  };
}

function isFor({ usage, resource }: ChargeTarget, it: { usage?: unknown; resource?: unknown }): boolean {
  return it.usage === usage && it.resource === resource;
}
