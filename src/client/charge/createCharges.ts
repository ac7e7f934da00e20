import { aresError } from "../answer";
import { type ChargeState, type ChargeTarget, IDLE, inputDigestOf, isShared } from "../chargeState";
import { isOnline } from "../connection";
import type { TabNews } from "../tabs";
import { type CallState, IDLE_CALL } from "./callState";
import type { PaidCall } from "./paidCall";
import { createRunner } from "./run";
import type { Session } from "./session";
import type { Holder, Slot } from "./slot";
import { find, findOrphanedKey, makeSlot, place, type Slots } from "./slots";
import type { CallRules, Event } from "./states";

/** One gate's or hook's hold on a charge. Opening and reading it has no effects, so it may happen during render. */
export interface ChargeHandle {
  target: ChargeTarget;
  get(): ChargeState;
  /** What the first paint shows, on a server too. */
  first: ChargeState;
  /** Also adopts an orphaned key of this usage: after a reload, a remount, a closed tab. */
  subscribe(listener: () => void): () => void;
  /** Charges once: joins what is in flight, adopts what is pending, never sends while an outcome is unknown. */
  charge(credits?: number): Promise<ChargeState>;
  /** Reads the charge until its outcome is known, at most a minute. Never charges. */
  check(): Promise<ChargeState>;
  /** Forgets an ended charge. For an unknown charge this is the user's decision to start over. */
  reset(): void;
  /** Holds an unlock open for as long as the page lives. */
  keep(): void;
  /** Delivers the paid charge: its caller has the receipt. */
  take(): void;
  /**
   * Sends a call of the app's own, which pays under the charge's key; or joins an equal call under way, and gives that one.
   * For a target with a `call`.
   */
  run<R>(credits: number, paidCall: PaidCall<R>): RunningCall<R>;
  /** Where the call stands. */
  call(): CallState;
  /** Runs once for each outcome of this handle's press. When no handle pressed, the first handle of the charge is told. */
  onOutcome?: ((outcome: ChargeState) => void) | undefined;
}

export interface RunningCall<R> {
  paidCall: PaidCall<R>;
  /** Where the call stands once it is no longer on its way. */
  ended: Promise<CallState>;
}

export interface Charges {
  /** `rules`: for the target of a paid call. `shows`: a paid charge is delivered as soon as it is shown. Otherwise `take` says when. @default true */
  open(target: ChargeTarget, shows?: boolean, rules?: CallRules): ChargeHandle;
  /** Reads again now: the page came back, out of the browser's memory (`old`) or not, or another tab settled a key. */
  wake(news?: TabNews, old?: boolean): void;
}

const EMPTY = "ARES: the resource is empty. Name what is paid for, or leave resource out.";
const NOBODY: Partial<Slot> & Pick<Slot, "state"> = { state: IDLE };
/** A gate that remounts within this time still finds its unlock. */
const GRACE_MS = 1000;

/** The charges of one user on this page. Charges live outside React, so no render starts, repeats or loses one. */
export function createCharges(session: Session, slots: Slots): Charges {
  const send = createRunner(session, slots);

  function leave(slot: Slot | undefined, holder: Holder): void {
    if (!slot?.holders.delete(holder)) return;
    if (slot.presser === holder) delete slot.presser;
    // A gate that remounts at once still finds its unlock.
    slot.stays += 1;
    setTimeout(() => {
      slot.stays -= 1;
      place(slots, slot);
    }, GRACE_MS);
    place(slots, slot);
  }

  function open(given: ChargeTarget, shows = true, rules?: CallRules): ChargeHandle {
    if (given.resource?.trim() === "") throw aresError("invalid_request", EMPTY, false);
    const target = { ...given, inputDigest: inputDigestOf(given.input), rules };
    const listeners = new Set<() => void>();
    const holder: Holder = { listeners, shows, tell: (outcome) => handle.onOutcome?.(outcome) };
    const shared = isShared(target);
    let slot: Slot | undefined;
    /** True after the first subscription: from then on only listeners hold the slot. */
    let subscribed = false;

    const mine = () => (shared ? find(slots, target) : undefined) ?? slot;

    /** Holds a slot: the shared slot of a resource, its own, a slot without holders, or a new one. */
    function hold(held = mine() ?? find(slots, target) ?? makeSlot(target)): Slot {
      const isNew = !held.holders.size && (subscribed || slot !== held);
      if (slot !== held) leave(slot, holder);
      slot = held;
      held.holders.add(holder);
      place(slots, held);
      if (shows) send(held, { type: "delivered" });
      // Without a press here, a key that another tab delivered is not adopted.
      if (isNew)
        send(held, { type: "shown", orphan: findOrphanedKey(slots, session, held, Infinity) });
      return held;
    }

    function listen(listener: () => void): () => void {
      listeners.add(listener);
      if (listeners.size === 1) hold();
      return () => {
        listeners.delete(listener);
        if (!listeners.size) leave(slot, holder);
      };
    }

    /** The slot of an event of the user's. Before a press an empty slot is left for one whose charge is not delivered. */
    function slotFor(event: Event): Slot {
      const current = mine() ?? hold();
      const { status, pending } = current.charge;
      const isEmpty = status === "idle" && !pending;
      const undelivered = event.type === "press" && isEmpty ? find(slots, target, true) : undefined;
      return undelivered ? hold(undelivered) : current;
    }

    /** Notes who presses, and their call, unless the press joins a call under way. */
    function notePress(slot: Slot, paidCall: PaidCall | undefined): void {
      slot.presser = holder;
      const joins = slot.rules?.isUnderWay(slot.charge);
      if (paidCall && !joins) slot.paidCall = paidCall;
    }

    /** Sends an event of the user's to the slot. `ended`: its charge is no longer on its way. */
    function call(
      event: Event,
      paidCall?: PaidCall,
    ): { current: Slot; ended: Promise<ChargeState> } {
      // Without a subscription the call itself holds the slot until its answer. A caller that delivers may be shown another
      // charge meanwhile, so its call always holds its own.
      const isHeld = shows && subscribed;
      const stop = isHeld ? undefined : listen(() => {});
      const current = slotFor(event);
      if (event.type === "press") notePress(current, paidCall);
      send(current, event);
      const ended = until(current, event.type === "check");
      if (stop) void ended.then(stop);
      return { current, ended };
    }

    const handle: ChargeHandle = {
      target: given,
      get: () => (mine() ?? NOBODY).state,
      first: mine()?.state ?? IDLE,
      subscribe(listener) {
        const leave = listen(listener);
        subscribed = true;
        // A resource's slot stays for later gates, which open without a read.
        if (slot && shared && !slot.rules) slot.stays = Infinity;
        return leave;
      },
      charge: (credits) => call({ type: "press", credits, online: isOnline() }).ended,
      check: () => call({ type: "check" }).ended,
      reset: () => slot && send(slot, { type: "reset" }),
      keep() {
        if (slot) slot.stays = Infinity;
      },
      take: () => slot && send(slot, { type: "delivered" }),
      run(credits, given) {
        const press = { type: "press", credits, online: isOnline() } as const;
        const { current, ended } = call(press, given);
        const { paidCall } = current;
        const running = paidCall && isEqual(paidCall, given) ? paidCall : given;
        return { paidCall: running, ended: ended.then(() => stateOf(current)) };
      },
      call: () => stateOf(mine() ?? NOBODY),
    };
    return handle;
  }

  /** The slot that another tab's news are about: the key's, or that of the resource while it has no key of its own. */
  function slotOf(news: TabNews): Slot | undefined {
    const holding = slots.holding.get(news.key);
    if (holding) return holding;
    const isOfResource = news.resource !== undefined && news.call === undefined;
    const sharer = isOfResource ? find(slots, news) : undefined;
    return sharer?.charge.pending ? undefined : sharer;
  }

  return {
    open,
    wake(news, old) {
      if (!news) {
        for (const slot of slots.all) send(slot, { type: "woken", old });
        return;
      }
      const slot = slotOf(news);
      if (slot) send(slot, { type: "check" });
    },
  };
}

const stateOf = ({ callState = IDLE_CALL }: Pick<Slot, "callState">): CallState => callState;

/** An action has one name in the app, so a call that this one joins gives what this one would give. */
function isEqual<R>(joined: PaidCall, _given: PaidCall<R>): joined is PaidCall<R> {
  return joined !== undefined;
}

/** Waits until the charge is no longer on its way. With `known`: until no read is out or due. */
function until(slot: Slot, known: boolean): Promise<ChargeState> {
  return new Promise((resolve) => {
    const goOn = () => {
      const { state, charge } = slot;
      if (
        state.status === "charging" ||
        (known && (charge.reading || charge.status === "watching"))
      )
        return;
      slot.waiting.delete(goOn);
      resolve(state);
    };
    slot.waiting.add(goOn);
    goOn();
  });
}
