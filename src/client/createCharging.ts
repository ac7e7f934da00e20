import type { AresError } from "../contract";
import { type Answer, aresError, type Body, errorOf, isCharged, isOpen, numberOf, textOf } from "./answer";
import type { ChargeState } from "./chargeState";
import { type Connection, within } from "./connection";
import { GRACE_MS, type PendingKey, type PendingKeys } from "./pendingKeys";
import { IDLE, type Slot } from "./slot";

export interface ChargingParts {
  connection: Connection;
  keys: PendingKeys;
  mint: () => string;
  now: () => number;
  /** How long a press waits for the answer to its POST; a later answer still counts. */
  timeoutMs: number;
  /** Resolves when no other tab of this user has its turn for the same target. */
  ourTurn: (target: string) => Promise<void>;
  body: (pending: PendingKey) => unknown;
  /** Throws when nothing may leave for this user any more. */
  mayLeave: () => void;
  balance: () => number | undefined;
  onCharged: (balance: number | undefined) => void;
  onSettled: (pending: PendingKey) => void;
}

/** A server may need so long before a sent charge shows in its ledger; until then "absent" proves nothing. */
const ARRIVAL_MS = 10_000;
const WATCH_MS = 60_000;

/** The only code that sends a charge, and everything that is concluded about one. */
export function createCharging(parts: ChargingParts) {
  const { connection, keys, now } = parts;

  function set(slot: Slot, state: ChargeState): ChargeState {
    slot.state = state;
    const { pending } = slot;
    if (state.status === "charged" && slot.holders.size && pending) {
      slot.pending = undefined;
      keys.save({ ...pending, paidAt: now() });
      setTimeout(() => keys.drop(pending), GRACE_MS);
    }
    for (const tell of slot.holders) tell();
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
      granted: body?.granted === true || body?.charge?.granted === true,
    };
    if (pending) {
      parts.onCharged(balance);
      parts.onSettled(pending);
    }
    return set(slot, { status: "charged", receipt });
  }

  function refused(slot: Slot, error: AresError): ChargeState {
    const { pending } = slot;
    if (pending && !error.retryable) {
      keys.drop(pending);
      slot.pending = undefined;
      parts.onSettled(pending);
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
    await parts.ourTurn(`${usage} ${resource ?? ""}`);
    if (!slot.pending) {
      const adopted = stray();
      slot.pending = adopted ?? { key: parts.mint(), usage, resource, credits, before: parts.balance(), at: now() };
      keys.save(slot.pending);
      if (adopted) return watch(slot, 0);
    }
    return post(slot, { ...slot.pending, credits });
  }

  function post(slot: Slot, pending: PendingKey): ChargeState | Promise<ChargeState> {
    let left = false;
    let over = false;
    slot.pending = pending;
    const request = connection.send(pending.key, parts.body(pending), () => {
      if (over) throw aresError("network_error");
      parts.mayLeave();
      left = slot.posting = true;
      pending.at = now();
      keys.save(pending);
    });

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
      parts.onCharged(undefined);
      void watch(slot, 2000);
      return state;
    }

    return within(parts.timeoutMs, request).then(settle, (error: AresError) => {
      over = true;
      if (!left) return refused(slot, error);
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
    switch (contract && body?.charge?.status) {
      case "charged":
        charged(slot, answer);
        return false;
      case "claimed":
      case "sending":
        if (slot.state.status === "idle") set(slot, { status: "charging" });
        return true;
      case "unknown":
        if (body?.charge?.granted === true) {
          charged(slot, answer);
          return false;
        }
        unknown(slot, true);
        return true;
      case "absent":
      case "declined":
        return notFound(slot, body?.charge, asked);
      default:
        if (pending) unknown(slot, false, false, numberOf(body?.user?.credits));
        return false;
    }
  }

  function notFound(slot: Slot, charge: Body["charge"], asked: number): boolean {
    const absent = charge?.status === "absent";
    const { pending } = slot;
    if (!pending) {
      set(slot, IDLE);
      return false;
    }
    // The POST may still be on its way, also from another tab, and a resource's declined row may be an older key's.
    const { at } = keys.all().find(({ key }) => key === pending.key) ?? pending;
    if ((absent || slot.resource !== undefined) && (slot.posting || asked - at < ARRIVAL_MS)) return true;
    const code = charge?.code === "insufficient_credits" ? "insufficient_credits" : "not_allowed";
    refused(slot, absent ? aresError("network_error") : aresError(code, undefined, false));
    return false;
  }

  return { set, press, watch, look, refused };
}
