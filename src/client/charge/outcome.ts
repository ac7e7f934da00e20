import { type AresError, type AresErrorCode, isKeyGone, meaningOf } from "../../contract";
import { type Answer, aresError, type Body, errorOf, isCharged, numberOf, textOf } from "../answer";
import type { PendingKey } from "../pendingKeys";
import {
  agreed,
  type Carried,
  type Charge,
  type Doubt,
  doubtOf,
  type Event,
  type Facts,
  type Phase,
} from "./states";

/** The longest way of a sent charge to the ledger. Until then "absent" proves nothing. */
export const ARRIVAL_MS = 30_000;
const WATCH_MS = 60_000;

/** Enters a state. The carried members stay, except for `changes`. A read of an older step no longer counts. */
export function enter(
  { step, pending, out, looks, told, untouched }: Charge,
  phase: Phase,
  changes?: Partial<Carried>,
): Charge {
  return { step: step + 1, pending, out, looks, told, untouched, ...changes, ...phase };
}

export function watch(charge: Charge, wait: number, doubt?: Doubt, waited = 0, readMs = 0): Charge {
  return enter(charge, {
    status: "watching",
    wait,
    waited,
    readMs,
    doubt,
    credits: pressed(charge),
  });
}

/** What a press here agreed to. A key that is only looked at may be another user's, and nobody here pressed for it. */
function pressed(charge: Charge): number | undefined {
  return "credits" in charge || charge.status === "posted" ? agreed(charge) : undefined;
}

export function ask(charge: Charge): Charge {
  return enter(charge, { status: "asking", wait: 0, waited: 0 });
}

export function queue(charge: Charge, credits: number | undefined, wait = 0): Charge {
  const phase = { status: "queued", credits, wait, second: wait > 0 } as const;
  return enter(charge, phase, { told: undefined, ...(wait > 0 && { pending: undefined }) });
}

/** The POST may or may not have charged. */
export function lose(charge: Charge, id?: string): Charge {
  return watch(charge, 2000, { readable: true, id });
}

export function refuse(
  charge: Charge,
  error: AresError,
  { now }: Facts,
  keepsKey = error.retryable,
): Charge {
  const { pending } = charge;
  const press = { credits: agreed(charge) ?? pending?.credits, before: pending?.before };
  return enter(
    charge,
    { status: "refused", error, at: now, ...press },
    { pending: keepsKey ? pending : undefined, told: undefined },
  );
}

/** True while no outcome is waited for, and none is known. */
export function isFresh({ status }: Charge): boolean {
  return status === "idle" || status === "asking";
}

/** The POST of a key is no longer out. */
export function arrive(charge: Charge, { key }: PendingKey): Charge {
  return charge.out === key ? { ...charge, out: undefined } : charge;
}

/** The next state after the answer to a POST. */
export function hear(previous: Charge, event: Event<"answer">, facts: Facts): Charge {
  const { pending: sent, delivered, answer } = event;
  const charge = arrive(previous, sent);
  const { status, pending } = charge;
  if (status === "charged") return charge;
  if (pending?.key !== sent.key) {
    // The user gave this key up and pressed no other key. Its late charge still opens the gate.
    const opens = isFresh(charge) && !delivered && isCharged(answer);
    return opens ? pay({ ...charge, pending: sent }, event, answer, facts) : charge;
  }
  if (isCharged(answer)) return pay(charge, event, answer, facts);
  return afterRefusal(charge, pending, event, facts);
}

/** The next state after an answer that proves no charge. The first rule that fits decides. */
function afterRefusal(
  charge: Charge,
  pending: PendingKey,
  { again, answer }: Event<"answer">,
  facts: Facts,
): Charge {
  const error = errorOf(answer);
  const { code, details } = error;
  const meaning = meaningOf(code);
  // The server no longer takes this key, but its earlier POST may have charged.
  if (again && isKeyGone(meaning)) return lose({ ...charge, pending: { ...pending, gone: true } });
  // A new ledger takes no key that is older than itself. This key had its first POST, so nothing was charged under it.
  const isFirst = charge.status === "posted" && !pending.second;
  if (code === "ledger_reset" && isFirst) {
    const wait = Math.min(5, details.retryAfterSeconds || 2) * 1000;
    return queue(charge, pending.credits, wait);
  }
  // A limit tells nothing of an earlier POST.
  if (again && meaning.next === "wait")
    return watch(charge, (details.retryAfterSeconds ?? 2) * 1000, { readable: true });
  if (code === "charge_in_progress")
    return watch(charge, (details.retryAfterSeconds ?? 1) * 1000, doubtOf(charge));
  return meaning.money === "open" ? lose(charge, details.chargeId) : refuse(charge, error, facts);
}

/** The next state after a read. */
export function look(charge: Charge, event: Event<"read">, facts: Facts): Charge {
  const { answer, rowless } = event;
  if (!answer?.ok) return charge.status === "asking" ? askAgain(charge, answer) : undecided(charge);
  const { body, contract } = answer;
  const row = contract ? body?.charge : undefined;
  switch (row?.status) {
    case "charged":
      return pay(charge, event, answer, facts);
    case "claimed":
    case "sending":
      return isFresh(charge) ? watch(charge, 1000) : undecided(charge);
    case "unknown": {
      const doubt = { readable: !rowless, id: textOf(row.id) ?? doubtOf(charge)?.id };
      return charge.status === "watching" ? undecided(charge, doubt) : watch(charge, 1000, doubt);
    }
    case "absent":
    case "declined":
      return notFound(charge, event, row, facts);
  }
  return charge.pending
    ? enter(charge, {
        status: "unknown",
        doubt: { readable: false, after: numberOf(body?.user?.credits) },
      })
    : undecided(charge);
}

/** The read was refused: the resource may be paid. The next read comes when it may, within a minute. */
function askAgain(charge: Charge & { status: "asking" }, answer: Answer | undefined): Charge {
  const unread = answer ? errorOf(answer) : aresError("network_error");
  if (answer && !mayAnswerLater(answer)) return enter(charge, { status: "idle", unread });
  const { waited } = charge;
  const wait = Math.max(1000, waited, (unread.details.retryAfterSeconds ?? 0) * 1000);
  if (waited < WATCH_MS && wait <= WATCH_MS)
    return enter(charge, { status: "asking", wait, waited, unread });
  return enter(charge, { status: "idle", unread });
}

/** True for a refusal that says nothing of the look-up itself. The user may sign in, and a server may recover. */
function mayAnswerLater({ status }: Answer): boolean {
  return status === 401 || status === 403 || status === 429 || status > 499;
}

/** The read told nothing: the next one is further away, and the last one a minute after the first. */
export function undecided(charge: Charge, doubt = doubtOf(charge), young = false): Charge {
  if (charge.status === "asking") return enter(charge, { status: "idle" });
  if (charge.status !== "watching") return { ...charge, reading: false };
  const { waited, readMs } = charge;
  // Slow reads may fill the minute before one of them was late enough to tell.
  if (young || waited + readMs < WATCH_MS)
    return watch(charge, Math.max(1000, waited), doubt, waited, readMs);
  return enter(charge, { status: "unknown", doubt: doubt ?? { readable: true } });
}

function notFound(
  charge: Charge,
  { asked, sentAt }: Event<"read">,
  row: NonNullable<Body["charge"]>,
  facts: Facts,
): Charge {
  const { pending, out } = charge;
  if (!pending) return enter(charge, { status: "idle" });
  const isAbsent = row.status === "absent";
  // The POST may still be on its way, also from another tab. A declined row may belong to an older key.
  const isYoung = asked - sentAt < ARRIVAL_MS;
  const isOfThisKey = !isAbsent && row.key === pending.key;
  if (!isOfThisKey && (out === pending.key || isYoung))
    return undecided(charge, undefined, isYoung);
  const error = isAbsent
    ? aresError("network_error", undefined, !pending.gone)
    : aresError(declinedCode(row), undefined, false);
  return refuse(charge, error, facts);
}

/** Why a row was declined, as far as that matters to the user. */
export function declinedCode({ code }: NonNullable<Body["charge"]>): AresErrorCode {
  return textOf(code) === "insufficient_credits" ? "insufficient_credits" : "declined";
}

export function pay(
  charge: Charge,
  { shownElsewhere }: { shownElsewhere: boolean },
  answer: Answer,
  { usage, resource, now }: Facts,
): Charge {
  const { pending } = charge;
  const { charge: row, user } = answer.body ?? {};
  // Another key paid: on another device, in another tab, or earlier.
  const paidBefore = !pending || (textOf(row?.key) ?? pending.key) !== pending.key;
  const receipt = {
    usage,
    resource,
    credits: numberOf(row?.credits) ?? pending?.credits,
    balance: numberOf(user?.credits),
    id: textOf(row?.id),
    key: pending?.key,
    at: numberOf(row?.settledAt) ?? now,
    restored: paidBefore || shownElsewhere,
  };
  return enter(charge, { status: "charged", receipt });
}
