import { aresError } from "../answer";
import type { PendingKey } from "../pendingKeys";
import { arrive, ask, enter, hear, isFresh, look, lose, queue, refuse, watch } from "./outcome";
import { type Charge, type Event, type Events, type Facts, view } from "./states";

/** A younger snapshot needs no read. The time counts in both directions: a clock may be wrong. */
const YOUNG_MS = 30_000;

type Transition<T extends keyof Events> = (charge: Charge, event: Event<T>, facts: Facts) => Charge;

/** One transition for each type of event. A transition that changes nothing returns the charge it was given. */
const transitions: { [T in keyof Events]: Transition<T> } = {
  shown(previous, { orphan }, facts) {
    const charge = previous.status === "refused" ? enter(previous, { status: "idle" }) : previous;
    const isNew = charge.status === "idle" && !charge.pending && !charge.reading;
    if (isNew && orphan) return adopt(charge, orphan);
    const mayBePaid = facts.resource !== undefined && !facts.rules;
    return isNew && !charge.unchecked && mayBePaid ? read(ask(charge)) : verify(charge, facts);
  },

  press(charge, event, facts) {
    if (facts.rules) return facts.rules.press(charge, event, facts);
    const { credits, online } = event;
    // The press joins a watched charge, and may have to go on alone: the watched key may be another user's.
    if (charge.status === "watching" && charge.credits === undefined) return { ...charge, credits };
    if (!isFresh(charge) && charge.status !== "refused") return charge;
    return online ? queue(charge, credits) : refuse(charge, aresError("network_error"), facts);
  },

  turn(charge, event, facts) {
    if (charge.status !== "queued") return charge;
    const { orphan, fresh, error } = event;
    const { credits } = charge;
    if (facts.rules) return facts.rules.turn(charge, event, facts);
    if (orphan && !charge.pending) return adopt(charge, orphan);
    // A kept key was not sent now, so it stays as it is.
    if (error) return enter(charge, { status: "refused", error, at: facts.now, credits });
    const pending = {
      ...(charge.pending ?? fresh),
      credits: charge.credits,
      ...(charge.second && { second: true }),
    };
    return enter(charge, { status: "stored", pending }, { looks: 0 });
  },

  token(charge, { error }, facts) {
    if (charge.status !== "stored") return charge;
    if (error) return refuse(charge, error, facts);
    const { pending, untouched } = charge;
    const again = pending.sent === true && !untouched;
    const sent = { ...pending, at: facts.now, sent: true };
    return enter(
      charge,
      { status: "posted", pending: sent, again },
      { out: pending.key, untouched: undefined },
    );
  },

  ended: (charge, event, facts) => facts.rules?.end(charge, event, facts) ?? charge,

  answer: hear,

  broken(previous, { pending }) {
    const charge = arrive(previous, pending);
    return charge.status === "posted" && charge.pending.key === pending.key ? lose(charge) : charge;
  },

  late: (charge) => (charge.status === "posted" ? lose(charge) : charge),

  // A page that is offline can't look, so the wait is no part of the minute.
  due: (charge, { online }) =>
    charge.status === "watching" || charge.status === "asking"
      ? read(online ? { ...charge, waited: charge.waited + charge.wait } : charge)
      : charge,

  read(charge, event, facts) {
    if (!charge.reading) return charge;
    const counted = count(charge, facts.now - event.asked);
    return (facts.rules?.look ?? look)(counted, event, facts);
  },

  /** A press that met the key goes on with a key of its own. */
  foreign(charge) {
    if (!charge.reading) return charge;
    const pressed = charge.status === "watching" && charge.credits !== undefined;
    const phase = pressed
      ? ({ status: "queued", credits: charge.credits, wait: 0, second: false } as const)
      : ({ status: "idle" } as const);
    return enter(charge, phase, { pending: undefined });
  },

  woken(charge, { old }, facts) {
    if (charge.status === "watching" && !charge.reading) return read(charge);
    // While the page was put away, the browser may have thrown the answer to the POST away.
    if (old && charge.status === "posted") return read(watch(charge, 0));
    return verify(old ? recheck(charge, facts) : charge, facts, old);
  },

  check(charge, _, facts) {
    if (charge.status === "watching" || charge.status === "unknown")
      return read(watch(charge, 0, charge.doubt));
    return charge.status === "idle" && charge.unread ? read(ask(charge)) : recheck(charge, facts);
  },

  reset(charge) {
    const { status, pending } = charge;
    if (status === "idle" || view(charge).status === "charging") return charge;
    // A refused key charged nothing, and a failed call may be repeated. Giving up an unknown key is the user's decision to start over.
    const keeps = status === "refused" || status === "failed" || status === "served";
    return enter(
      charge,
      { status: "idle", usedUp: status === "charged" || undefined },
      { pending: keeps ? pending : undefined, told: undefined },
    );
  },

  delivered: (charge) =>
    charge.status === "charged" && charge.pending ? { ...charge, pending: undefined } : charge,
};

/** Decides the next state of a charge. A pure function: no clock, no storage, no promise. */
export function next<T extends keyof Events>(
  charge: Charge,
  event: Event<T>,
  facts: Facts,
): Charge {
  const { type, step = charge.step } = event;
  const transition: Transition<T> = transitions[type];
  return step === charge.step ? transition(charge, event, facts) : charge;
}

function read(charge: Charge): Charge {
  return { ...charge, step: charge.step + 1, reading: true };
}

/** Another tab or device may have paid. A read that is out may be older than that. */
function recheck(charge: Charge, { resource, rules }: Facts): Charge {
  const asks = isFresh(charge) || charge.status === "refused";
  const mayBePaid = resource !== undefined && !rules;
  return asks && (charge.pending || mayBePaid) ? read(charge) : charge;
}

/** A slow read is part of the minute, or reads that hang would stretch it. A sleeping machine counts only a little. */
function count(charge: Charge, ms: number): Charge {
  if (charge.status !== "watching") return charge;
  return {
    ...charge,
    looks: (charge.looks ?? 0) + 1,
    readMs: charge.readMs + Math.min(30_000, Math.max(0, ms)),
  };
}

/** Confirms a state that only a snapshot gave. An old snapshot stays on screen during the read; an ended paid time does not. */
function verify(charge: Charge, { now }: Facts, old = false): Charge {
  const { unchecked, reading } = charge;
  if (unchecked && now >= unchecked.until) return read(ask(charge));
  return unchecked && !reading && (old || Math.abs(now - unchecked.at) > YOUNG_MS)
    ? read(charge)
    : charge;
}

/** Adopts an orphaned key. The key may have been sent, so its state is read first. */
function adopt(charge: Charge, orphan: PendingKey): Charge {
  return { ...read(watch(charge, 0)), pending: orphan, looks: 0 };
}
