import type { AresError, LookUp } from "../../contract";
import { aresError } from "../answer";
import type { ChargeState } from "../chargeState";
import { isOnline, within } from "../connection";
import { lookUpOf } from "../lookups";
import { PAID_KEY_MS, type PendingKey } from "../pendingKeys";
import { whenSeen } from "../tabs";
import { next } from "./next";
import type { PaidCall } from "./paidCall";
import { postCharge } from "./postCharge";
import type { Session } from "./session";
import type { Slot } from "./slot";
import { findOrphanedKey, isForeign, place, type Slots } from "./slots";
import { type Charge, doubtOf, type Event, view } from "./states";

const isRefusedWith = (charge: Charge, code: string) =>
  charge.status === "refused" && charge.error.code === code;

/** True when another tab has shown the key as charged. */
const isShownElsewhere = (stored: PendingKey | undefined) => stored?.paidAt !== undefined;

/** True for an outcome that this page did not know, of a charge that this page made or adopted. */
function isNews(from: Charge, to: Charge, { type }: Event): boolean {
  if (to.status === "refused") return from.status !== "refused" || type === "press";
  if (to.status === "charged") return from.status !== "charged" && !to.receipt.restored;
  return isLost(from, to);
}

const isLost = (from: Charge, to: Charge) =>
  doubtOf(to) !== undefined && doubtOf(from) === undefined;

/** True for a step after which the balance on the page is no longer known. */
function isBalanceOld(from: Charge, to: Charge): boolean {
  // The POST may have been deducted.
  if (isLost(from, to)) return true;
  // The app's own answer tells no balance.
  if (to.told && to.told !== from.told) return true;
  // The prices on the page are old, or the balance is.
  return isRefusedWith(to, "price_changed") || isRefusedWith(to, "insufficient_credits");
}

/** The key whose outcome became known with a step. */
function settledKey(from: Charge, to: Charge): PendingKey | undefined {
  if (to.status === "charged") return to.pending;
  return to.status === "refused" && !to.pending ? from.pending : undefined;
}

/** The longest time that work behind `withCharge` holds its use. A call that is silent for longer is looked at. */
const CALL_MS = 10 * 60_000;

/** How long a press waits for the answer to its POST; a later answer still counts. */
const ANSWER_MS = 30_000;

export type Send = (slot: Slot, event: Event) => void;

/** Sends an event of one step: after another step it is ignored. */
type Reply = (event: Event) => void;

type In<S extends Charge["status"]> = Extract<Charge, { status: S }>;

/**
 * Makes each step that `next` decides, in this order: decide, store, act, tell. A key is in storage before anything is sent under
 * it, or a reload would lose the one name of what may be charged. The page hears of a state once its effects have begun.
 */
export function createRunner(session: Session, slots: Slots): Send {
  const { client, keys } = session;
  const { now } = client;

  function send(slot: Slot, event: Event): void {
    const { usage, resource, call, rules, charge: from } = slot;
    const to = next(from, event, { usage, resource, call, rules, now: now() });
    if (to === from) return;
    slot.charge = to;
    store(slot, from, event);
    place(slots, slot, from.pending);
    if (to.step !== from.step) {
      report(from, to);
      act(slot, to);
    }
    // The caller of a call has its result.
    const isDelivered = rules !== undefined || [...slot.holders].some(({ shows }) => shows);
    if (to.status === "charged" && isDelivered) send(slot, { type: "delivered" });
    const isNew = isNews(from, to, event);
    show(slot, event.type === "delivered");
    if (isNew) tell(slot, slot.state);
  }

  /** Tells the handle that pressed, or else the first one, and the page. A listener that throws must not stop the charge. */
  function tell({ usage, resource, input, presser, holders }: Slot, state: ChargeState): void {
    const [first] = holders;
    const hearer = presser && holders.has(presser) ? presser : first;
    queueMicrotask(() => hearer?.tell(state));
    // The next user's page is told nothing of this user.
    queueMicrotask(() => {
      if (client.live) client.options.onOutcome?.({ usage, resource, input }, state);
    });
  }

  /** Stores a key before anything is sent. An orphaned key is in storage already; its tab may have updated it. */
  function store(slot: Slot, { pending: previous, status }: Charge, event: Event): void {
    const { charge: to } = slot;
    const { pending } = to;
    const isOrphan = "orphan" in event && pending === event.orphan;
    if (pending && pending !== previous) slot.stored = isOrphan || keys.save(pending);
    if (!previous || previous.key === pending?.key) return;
    if (status === "charged") retire(previous);
    else if (!isOfOtherUser(previous, to, event)) keys.drop(previous);
  }

  /** True for a key of which only its own user may learn what became: another user's, or one that was sent for another before. */
  function isOfOtherUser(pending: PendingKey, to: Charge, event: Event): boolean {
    const wasSentBefore = event.type === "answer" && event.again;
    return isForeign(pending, client) || (wasSentBefore && isRefusedWith(to, "other_user"));
  }

  /** Another tab that was pressed before this moment still finds the key, and adopts it. */
  function retire(pending: PendingKey): void {
    session.delivered.add(pending.key);
    keys.save({ ...pending, paidAt: now() });
    setTimeout(() => keys.drop(pending), PAID_KEY_MS);
  }

  /** Tells the page, and other tabs, what a step means for them. */
  function report(from: Charge, to: Charge): void {
    if (isBalanceOld(from, to)) client.tellBalance(undefined);
    if (to.status === "charged" && to.pending) client.tellBalance(to.receipt.balance);
    const settled = settledKey(from, to);
    if (isRefusedWith(to, "other_user")) client.tellOtherUser();
    else if (settled) tellTabs(settled);
  }

  /** Tells other tabs that the outcome of a key is known. */
  function tellTabs({ usage, resource, inputDigest, call, key }: PendingKey): void {
    client.tellTabs({ owner: client.owner, usage, resource, inputDigest, call, key });
  }

  /** Notifies the holders, unless the shown state is the same. A newcomer to a paid charge is told too. */
  function show(slot: Slot, delivered: boolean): void {
    const state = view(slot.charge, slot);
    // What an app's call threw may be any object, so two states of a call are not compared.
    slot.callState = slot.rules?.view(slot.charge, state);
    const isSame = !slot.rules && JSON.stringify(state) === JSON.stringify(slot.state);
    if (!isSame) slot.state = state;
    if (!isSame || delivered) notify(slot);
    for (const goOn of slot.waiting) goOn();
  }

  function notify({ holders }: Slot): void {
    for (const { listeners } of holders) for (const tell of listeners) tell();
  }

  /** Does what the entered state asks for. */
  function act(slot: Slot, charge: Charge): void {
    const { step } = charge;
    const reply = (event: Event) => send(slot, { ...event, step });

    slot.nextAt = undefined;
    if (charge.reading) {
      void read(slot, charge, reply);
      return;
    }
    switch (charge.status) {
      case "asking":
        askLater(slot, charge, reply);
        break;
      case "queued":
        takeTurn(slot, charge, reply);
        break;
      case "stored":
        if (slot.rules) authorizeCall(reply);
        else authorize(slot, charge, reply);
        break;
      case "posted":
        if (slot.paidCall) call(slot, charge, slot.paidCall, reply);
        else post(slot, charge, reply);
        break;
      case "watching":
        slot.nextAt = now() + charge.wait;
        setTimeout(() => reply({ type: "due", online: isOnline() }), charge.wait);
        break;
      // Nothing is on its way in the other states.
      case "idle":
      case "unknown":
      case "charged":
      case "refused":
      case "failed":
      case "served":
    }
  }

  /** Reads again after the wait, once the page is seen. A gate that is gone by then asks no more. */
  function askLater(slot: Slot, { wait }: In<"asking">, reply: Reply): void {
    const go = () =>
      reply(slot.holders.size ? { type: "due", online: isOnline() } : { type: "reset" });
    setTimeout(() => whenSeen(go), wait);
  }

  /** Waits for the endpoint's first answer, or for `wait`, then for the lock between tabs. Mints the key that may be needed. */
  function takeTurn(slot: Slot, charge: In<"queued">, reply: Reply): void {
    const { usage, resource, inputDigest, call, rules } = slot;
    const { credits, wait } = charge;
    const pressedAt = now();
    const take = (error?: AresError) =>
      session.withTabLock(`${usage} ${resource ?? ""}${inputDigest ?? ""}${call ?? ""}`, () => {
        const minted = session.mint();
        const fresh = {
          key: rules?.keyFor(minted, client.owner, credits) ?? minted,
          usage,
          resource,
          inputDigest,
          call,
          credits,
          owner: client.owner,
          before: client.balance,
          at: now(),
        };
        const orphan = findOrphanedKey(slots, session, slot, pressedAt);
        reply({ type: "turn", orphan, fresh, error });
      });
    const first = session.firstAnswer();
    if (first) void first.then(() => take(), take);
    else if (wait) setTimeout(take, wait);
    else take();
  }

  /** Gets the headers of the POST, with the session's token. */
  function authorize(slot: Slot, { pending }: In<"stored">, reply: Reply): void {
    const go = (error?: AresError) => reply({ type: "token", error });
    void client.authorize().then((authorized) => {
      slot.authorized = authorized;
      go(client.live ? undefined : aresError("not_signed_in", undefined, pending.sent === true));
    }, go);
  }

  /** The app's own call brings its session itself. */
  function authorizeCall(reply: Reply): void {
    const error = aresError("not_signed_in", undefined, true);
    reply({ type: "token", error: client.live ? undefined : error });
  }

  /** Sends the one POST. Its answer counts in every later step too. */
  function post(slot: Slot, { pending, again }: In<"posted">, reply: Reply): void {
    const request = postCharge(client, pending, slot.authorized ?? new Headers(), slot.input);
    within(client.options.timeoutMs ?? ANSWER_MS, request).catch(() => reply({ type: "late" }));
    request.then(
      (answer) => {
        // The handler may have charged before a gateway replaced its answer. Only a look tells.
        if (client.speaksContract && !answer.contract)
          return send(slot, { type: "broken", pending });
        const delivered = session.delivered.has(pending.key);
        const shownElsewhere = isShownElsewhere(keys.get(pending.key));
        send(slot, { type: "answer", pending, again, delivered, shownElsewhere, answer });
      },
      () => send(slot, { type: "broken", pending }),
    );
  }

  /** Sends the app's own call. Its end counts in every later step too. */
  function call(slot: Slot, { pending }: In<"posted">, paidCall: PaidCall, reply: Reply): void {
    const ended = paidCall.send(pending.key);
    within(CALL_MS, ended).catch(() => reply({ type: "late" }));
    // A call that was pressed later under the same key gives the result.
    void ended.then((told) => {
      if (slot.paidCall === paidCall) send(slot, { type: "ended", pending, told });
    });
  }

  /** Looks at a charge, and answers with what was found. */
  async function read(slot: Slot, { pending, step }: Charge, reply: Reply): Promise<void> {
    const asked = now();
    const isWanted = () => client.live && slot.charge.step === step;
    const found = await look(slot, pending, isWanted);
    if (isForeign(pending, client)) return reply({ type: "foreign" });
    const stored = pending && keys.get(pending.key);
    const sentAt = (stored ?? pending)?.at ?? 0;
    reply({ type: "read", ...found, asked, sentAt, shownElsewhere: isShownElsewhere(stored) });
  }

  /** Asks for the resource's row, then for the key's own: the resource's may belong to an older charge. */
  async function look(
    { usage, resource, input }: Slot,
    pending: PendingKey | undefined,
    isWanted: () => boolean,
  ): Promise<Pick<Event<"read">, "answer" | "rowless">> {
    const ask = async (question: LookUp) =>
      client.live ? session.lookUp(question, isWanted).catch(() => undefined) : undefined;
    const ownRow: LookUp | undefined = pending && [pending.key];
    const first = resource === undefined ? ownRow : lookUpOf({ usage, resource, input });
    const answer = first && (await ask(first));
    const status = answer?.body?.charge?.status;
    const rowless = resource !== undefined && (status === "absent" || status === "declined");
    return { answer: ownRow && rowless ? await ask(ownRow) : answer, rowless };
  }

  return send;
}
