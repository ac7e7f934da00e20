import type { AresError } from "../contract";
import { type Answer, aresError, errorOf, isCharged, isOpen, numberOf, textOf } from "./answer";
import type { ChargeState } from "./chargeState";
import { type Connection, within } from "./connection";
import { GRACE_MS, type PendingKey, type PendingKeys } from "./pendingKeys";
import { IDLE, type Slot } from "./slot";

/** What the charges of one user on this page share. */
export interface Session {
  connection: Connection;
  keys: PendingKeys;
  now: () => number;
  mint: () => string;
  /** How long a press waits for the answer to its POST; a later answer still counts. */
  timeoutMs: number;
  /** Resolves when no other tab of this user has its turn for the same target. */
  ourTurn: (target: string) => Promise<void>;
  /** False when nothing may leave for this user any more. */
  live: boolean;
  /** The balance as it was last heard of. */
  balance: number | undefined;
  /** Takes the balance after a charge; undefined when it has to be read again. */
  onBalance: (balance: number | undefined) => void;
  /** Tells other tabs that the outcome of a key is known. */
  onSettled: (pending: PendingKey) => void;
}

/** A server may need so long before a sent charge shows in its ledger; until then "absent" proves nothing. */
const ARRIVAL_MS = 10_000;
const WATCH_MS = 60_000;

/** The only code that sends a charge, and everything that is concluded about one. */
export function createCharging(session: Session) {
  const { connection, keys, now } = session;

  function set(slot: Slot, state: ChargeState): ChargeState {
    const { pending, holders } = slot;
    slot.state = state;
    if (state.status === "charged" && holders.size && pending) {
      slot.pending = undefined;
      keys.save({ ...pending, paidAt: now() });
      setTimeout(() => keys.drop(pending), GRACE_MS);
    }
    for (const listeners of holders) for (const tell of listeners) tell();
    return state;
  }

  function charged(slot: Slot, { body }: Answer): ChargeState {
    const { usage, resource, pending } = slot;
    const charge = body?.charge;
    const balance = numberOf(body?.user?.credits);
    const receipt = {
      usage,
      resource,
      credits: numberOf(charge?.credits) ?? pending?.credits,
      balance,
      id: textOf(charge?.id),
      key: pending?.key,
      at: numberOf(charge?.settledAt) ?? now(),
      restored: !pending,
      granted: body?.granted === true || charge?.granted === true,
    };
    if (pending) {
      session.onBalance(balance);
      session.onSettled(pending);
    }
    return set(slot, { status: "charged", receipt });
  }

  function refused(slot: Slot, error: AresError): ChargeState {
    const { pending } = slot;
    if (pending && !error.retryable) {
      keys.drop(pending);
      slot.pending = undefined;
      session.onSettled(pending);
    }
    return set(slot, { status: "not_charged", error, at: now() });
  }

  function unknown(slot: Slot, checking: boolean, readable = true, after?: number): ChargeState {
    const error = aresError("outcome_unknown", undefined, false);
    return set(slot, { status: "unknown", error, checking, readable, evidence: { before: slot.pending?.before, after } });
  }

  /** Mints or adopts a key, and sends it if it is ours to send. */
  async function press(slot: Slot, credits: number | undefined, stray: () => PendingKey | undefined): Promise<ChargeState> {
    const { usage, resource } = slot;
    set(slot, { status: "charging" });
    await session.ourTurn(`${usage} ${resource ?? ""}`);
    if (!slot.pending) {
      const adopted = stray();
      slot.pending = adopted ?? { key: session.mint(), usage, resource, credits, before: session.balance, at: now() };
      keys.save(slot.pending);
      if (adopted) return watch(slot, 0);
    }
    const pending = { ...slot.pending, credits };
    slot.pending = pending;
    return connection.authorize().then(
      (authorized) => post(slot, pending, authorized),
      (error: AresError) => refused(slot, error),
    );
  }

  function post(slot: Slot, pending: PendingKey, authorized: Headers): ChargeState | Promise<ChargeState> {
    if (!session.live) return refused(slot, aresError("not_signed_in"));
    slot.posting = true;
    pending.at = now();
    keys.save(pending);
    const request = connection.send(pending, authorized);

    function settle(answer: Answer): ChargeState | Promise<ChargeState> {
      slot.posting = false;
      const stale = slot.pending !== pending;
      // A late answer to a charge that was given up still opens what was paid for.
      if (isCharged(answer) && (!stale || slot.state.status === "idle")) return charged(slot, answer);
      if (stale) return slot.state;
      // Not confirmed, but the app serves it at its own risk.
      if (answer.contract && answer.body?.granted === true) return charged(slot, answer);
      const error = errorOf(answer);
      if (error.code === "charge_in_progress") return watch(slot, (error.details.retryAfterSeconds ?? 1) * 1000);
      return isOpen(error, answer.status) ? lost() : refused(slot, error);
    }

    function lost(): ChargeState {
      const state = unknown(slot, true);
      // It may have been deducted, so the balance on the page is no longer known.
      session.onBalance(undefined);
      void watch(slot, 2000);
      return state;
    }

    return within(session.timeoutMs, request).then(settle, () => {
      request.then(settle, () => {
        slot.posting = false;
      });
      return lost();
    });
  }

  /** Looks until it is known, at growing distances, for a minute. Never sends. */
  async function watch(slot: Slot, first: number): Promise<ChargeState> {
    const turn = {};
    slot.turn = turn;
    slot.wake?.();
    for (let wait = first, spent = 0; spent < WATCH_MS; wait = Math.max(1000, spent)) {
      await new Promise<void>((wake) => {
        slot.wake = wake;
        setTimeout(wake, wait);
      });
      spent += wait;
      if (slot.turn !== turn || !(await look(slot)) || slot.turn !== turn) return slot.state;
    }
    return unknown(slot, false);
  }

  /** Reads the state of a charge once. False: there is nothing more to wait for. */
  async function look(slot: Slot): Promise<boolean> {
    const { usage, resource, pending, heard } = slot;
    if (resource === undefined && !pending) return false;
    const asked = now();
    const query = resource === undefined ? { charge: pending?.key ?? "" } : { usage, resource };
    const answer = await connection.read(query).catch(() => undefined);
    // Somebody knew more, or pressed, while this was asked.
    if (slot.pending !== pending || slot.state.status === "charged" || (!pending && slot.run)) return false;
    if (!answer?.ok || slot.heard !== heard) return true;
    const { body, contract } = answer;
    const charge = contract ? body?.charge : undefined;
    switch (charge?.status) {
      case "charged":
        charged(slot, answer);
        return false;
      case "claimed":
      case "sending":
        if (slot.state.status === "idle") set(slot, { status: "charging" });
        return true;
      case "unknown":
        if (charge.granted === true) {
          charged(slot, answer);
          return false;
        }
        unknown(slot, true);
        return true;
      case "absent":
      case "declined":
        break;
      default:
        if (pending) unknown(slot, false, false, numberOf(body?.user?.credits));
        return false;
    }
    if (!pending) {
      set(slot, IDLE);
      return false;
    }
    const absent = charge.status === "absent";
    // The POST may still be on its way, also from another tab, and a resource's declined row may be an older key's.
    const { at } = keys.all().find(({ key }) => key === pending.key) ?? pending;
    if ((absent || resource !== undefined) && (slot.posting || asked - at < ARRIVAL_MS)) return true;
    const code = charge.code === "insufficient_credits" ? "insufficient_credits" : "not_allowed";
    refused(slot, absent ? aresError("network_error") : aresError(code, undefined, false));
    return false;
  }

  return { set, press, watch, look, refused };
}
