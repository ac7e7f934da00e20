import { type Answer, aresError, type Body, isGranted, numberOf } from "../answer";
import { type ChargeState, IDLE } from "../chargeState";
import { charged, refused, set, unknown } from "./conclude";
import type { Slot } from "./slot";

/** A server may need so long before a sent charge shows in its ledger; until then "absent" proves nothing. */
const ARRIVAL_MS = 30_000;
const WATCH_MS = 60_000;

/** Looks until it is known, at growing distances, for a minute. Never sends. */
export async function watch(slot: Slot, first: number): Promise<ChargeState> {
  const turn = {};
  slot.turn = turn;
  slot.wake?.();
  for (let wait = first, spent = 0; spent < WATCH_MS; wait = Math.max(1000, spent)) {
    await new Promise<void>((wake) => {
      slot.wake = wake;
      setTimeout(wake, wait);
    });
    spent += wait;
    if (slot.turn === turn) await look(slot);
    if (slot.turn !== turn || !isAwaited(slot)) return slot.state;
  }
  return unknown(slot, false, slot.state.status !== "unknown" || slot.state.readable);
}

/** True while the outcome is waited for. */
export function isAwaited({ state }: Slot): boolean {
  return state.status === "charging" || (state.status === "unknown" && state.checking);
}

/** Reads the state of a charge once. */
export async function look(slot: Slot): Promise<void> {
  const { usage, resource, pending, version, session } = slot;
  const query = resource !== undefined ? { usage, resource } : pending && { charge: pending.key };
  if (!query || !session.live) return;
  const asked = session.now();
  const ask = (by: Record<string, string>) => session.read(by).catch(() => undefined);
  let answer = await ask(query);
  // The row of a resource may be an older key's, or over: what became of this key only its own row says.
  const rowless = resource !== undefined && isNotCharged(answer);
  if (pending && rowless) answer = await ask({ charge: pending.key });
  // What became known while this was asked is newer.
  if (!answer?.ok || slot.version !== version || slot.state.status === "charged") return;
  const { body, contract } = answer;
  const charge = contract ? body?.charge : undefined;
  switch (charge?.status) {
    case "charged":
      charged(slot, answer);
      return;
    case "claimed":
    case "sending":
      if (slot.state.status === "idle") set(slot, { status: "charging" });
      return;
    case "unknown":
      if (isGranted(answer)) charged(slot, answer);
      else unknown(slot, true, !rowless);
      return;
    case "absent":
    case "declined":
      notFound(slot, charge, asked);
      return;
    default:
      if (pending) unknown(slot, false, false, numberOf(body?.user?.credits));
  }
}

function isNotCharged(answer: Answer | undefined): boolean {
  const status = answer?.body?.charge?.status;
  return status === "absent" || status === "declined";
}

function notFound(slot: Slot, { status, code }: NonNullable<Body["charge"]>, asked: number): void {
  const { pending, session, resource, posting } = slot;
  if (!pending) {
    set(slot, IDLE);
    return;
  }
  // The POST may still be on its way, also from another tab, and a resource's declined row may be an older key's.
  const { at } = session.keys.all().find(({ key }) => key === pending.key) ?? pending;
  const absent = status === "absent";
  if ((absent || resource !== undefined) && (posting === pending || asked - at < ARRIVAL_MS)) return;
  const declined = code === "insufficient_credits" ? code : "not_allowed";
  refused(slot, absent ? aresError("network_error", undefined, !pending.over) : aresError(declined, undefined, false));
}
