import { type AresError, type AresErrorCode, keyWithTerms, meaningOf } from "../../contract";
import { aresError, type Body, numberOf, textOf } from "../answer";
import type { ChargeState } from "../chargeState";
import type { CallState } from "./callState";
import {
  ARRIVAL_MS,
  arrive,
  declinedCode,
  enter,
  lose,
  pay,
  queue,
  refuse,
  undecided,
  watch,
} from "./outcome";
import type { CallRules, Charge, Event, Facts, Told } from "./states";

/** A look at a call's charge, as long as its server works on it. */
const WORKING_MS = 1000;

/** True while a call of this page has not ended, or waits for the look at what it means. */
function isUnderWay({ status, told, out }: Charge): boolean {
  if (status === "queued" || status === "stored" || status === "posted") return true;
  return status === "watching" && (told !== undefined || out !== undefined);
}

/** A press of a call. An equal call under way is joined. The kit's server knows its keys, so every other press may send. */
function press(charge: Charge, { credits, online }: Event<"press">, facts: Facts): Charge {
  if (isUnderWay(charge)) return charge;
  const isDone = charge.status === "charged";
  const next = isDone ? { ...charge, pending: undefined } : charge;
  return online ? queue(next, credits) : holdBack(next, aresError("network_error"), facts);
}

/** The press sent nothing. An earlier press may have paid under its key, so only an untouched call is refused. */
function holdBack(charge: Charge, error: AresError, facts: Facts): Charge {
  if (charge.status === "failed") return fail(charge, error, charge.paid);
  const mayBePaid = charge.pending?.sent === true && !charge.untouched;
  return mayBePaid ? lose(charge) : refuse(charge, error, facts, true);
}

/** The kit's server knows the key of a call, so it may be sent again without a look. It names its own price. */
function turn(charge: Charge, { orphan, fresh, error }: Event<"turn">, facts: Facts): Charge {
  if (error) return holdBack(charge, error, facts);
  // Another tab's request of an orphaned key may be on its way.
  const untouched = charge.pending && charge.untouched;
  const pending = charge.pending ?? orphan ?? fresh;
  return enter(charge, { status: "stored", pending }, { looks: 0, untouched });
}

/** The app's own call has ended. What that means for the money, only a look at its key tells. */
function end(previous: Charge, { pending, told }: Event<"ended">, facts: Facts): Charge {
  const charge = arrive(previous, pending);
  if (charge.pending?.key !== pending.key || charge.status === "charged") return charge;
  if (told.as === "served") return payCall(charge, {}, facts);
  const isFirst = charge.status === "posted" && !charge.again;
  const untouched = isFirst && tookNothing(told);
  const watched = watch({ ...charge, pending: { ...charge.pending, at: facts.now } }, 0);
  return { ...watched, told, untouched, reading: true };
}

/** True for a refusal that proves that its request took nothing, and that it is over. */
function tookNothing(told: Told | undefined): boolean {
  return told?.as === "refusal" && meaningOf(told.error.code).money !== "open";
}

/** The next state of a call after a look at its key. */
function look(charge: Charge, event: Event<"read">, facts: Facts): Charge {
  const { pending, told } = charge;
  const { answer } = event;
  // The result is there, and its key stays: the next press asks for the same charge again.
  if (!answer?.ok) return told?.as === "value" ? serve(charge) : stillOpen(charge);
  if (!pending) return enter(charge, { status: "idle" }, { told: undefined });
  const row = answer.contract ? answer.body?.charge : undefined;
  if (!row) return enter(charge, { status: "unknown", doubt: { readable: false } });
  switch (row.status) {
    case "charged":
      return charged(charge, row, facts);
    case "declined":
      return refuse(charge, refusalOf(told, declinedCode(row)), facts, false);
    case "claimed":
    case "sending":
      return watch(charge, WORKING_MS);
    case "absent":
      return absent(charge, event, facts);
    case "unknown":
      return row.id === undefined ? forgotten(charge, event, facts) : doubt(charge, true);
    default:
      return stillOpen(charge);
  }
}

/** The look told nothing yet, and the user is told that the outcome is unknown. */
function stillOpen(charge: Charge, isYoung = false): Charge {
  const doubt = charge.status === "watching" ? charge.doubt : undefined;
  return undecided(charge, doubt ?? { readable: true }, isYoung);
}

type Row = NonNullable<Body["charge"]>;

/** The charge was made. What its caller got of the work, the end of the call and the server tell. */
function charged(charge: Charge, row: Row, facts: Facts): Charge {
  const { told } = charge;
  if (row.work === "running") return watch(charge, WORKING_MS);
  if (told?.as === "value" || told?.as === "navigation") return payCall(charge, row, facts);
  if (told?.as === "answer" && isAnswerOfCharge(row)) return payCall(charge, row, facts);
  // It was paid, so of both refusals only "used up" is true on the page.
  const isOtherBody = told?.as === "refusal" && told.error.code === "other_body";
  if (isOtherBody || !isRepeatable(row))
    return refuse(charge, refusalOf(told, "used_up"), facts, false);
  return fail(charge, errorOf(told), true);
}

/**
 * Work of `withCharge` answers with a header of the kit. An answer without it is that of `ares.charge`, or it is not the app's.
 * A paid resource is served again in any case.
 */
function isAnswerOfCharge({ work, servedUntil, resource }: Row): boolean {
  return servedUntil !== undefined || work === undefined || textOf(resource) !== undefined;
}

/** True for a charge whose work the server would do again. A server that tells nothing of the work does. */
function isRepeatable({ repeatsLeft }: Row): boolean {
  return numberOf(repeatsLeft) !== 0;
}

/** Nothing is charged under the key. That counts once none of its requests can be on its way any more. */
function absent(charge: Charge, event: Event<"read">, facts: Facts): Charge {
  const { told } = charge;
  if (told?.as === "value") return serve(charge);
  if (!charge.untouched) {
    const isYoung = event.asked - event.sentAt < ARRIVAL_MS;
    if (isYoung || charge.out === charge.pending?.key) return stillOpen(charge, isYoung);
  }
  const quiet = { ...charge, untouched: true };
  switch (told?.as) {
    case "navigation":
      return enter(quiet, { status: "idle" }, { told: undefined });
    case "refusal":
      // The next press is a new charge where the code says so: this key can never charge.
      return refuse(quiet, told.error, facts, meaningOf(told.error.code).retry !== "new_key");
    case "failure":
    case "answer":
      return fail(quiet, told.error, false);
    default:
      return refuse(quiet, aresError("network_error"), facts);
  }
}

/** The ledger is younger than the key. A request that it ended took nothing; an earlier one may have. */
function forgotten(charge: Charge, event: Event<"read">, facts: Facts): Charge {
  const isUncharged = charge.untouched && tookNothing(charge.told);
  return isUncharged ? absent(charge, event, facts) : doubt(charge, false);
}

function doubt(charge: Charge, readable: boolean): Charge {
  const found = { readable };
  return charge.status === "watching" && charge.doubt
    ? undecided(charge, found)
    : watch(charge, WORKING_MS, found);
}

function payCall(charge: Charge, row: Row, facts: Facts): Charge {
  const answer = { status: 200, ok: true, contract: true, body: { charge: row } };
  const paid = pay(charge, { shownElsewhere: false }, answer, facts);
  return { ...paid, told: undefined };
}

/** The result is there, and its key has no charge. */
function serve(charge: Charge): Charge {
  return enter(charge, { status: "served" }, { told: undefined });
}

function fail(charge: Charge, error: unknown, paid: boolean): Charge {
  return enter(charge, { status: "failed", error, paid }, { told: undefined });
}

/** The refusal that the call got, where it is of this code: it has the details. */
function refusalOf(told: Told | undefined, code: AresErrorCode): AresError {
  if (told?.as === "refusal" && told.error.code === code) return told.error;
  return aresError(code, undefined, false);
}

function errorOf(told: Told | undefined): unknown {
  return told && "error" in told ? told.error : aresError("network_error");
}

function keyFor(key: string, owner: string | undefined, credits: number | undefined): string {
  const hasTerms = owner !== undefined && credits !== undefined;
  return hasTerms ? keyWithTerms(key, { owner, credits }) : key;
}

/** The public state of a paid call, from its charge and from what a gate would show of it. */
function view(charge: Charge, state: ChargeState): CallState {
  if (charge.status === "failed") {
    const { error, paid } = charge;
    return { status: "failed", error, paid };
  }
  if (charge.status === "served") return { status: "done", receipt: undefined };
  switch (state.status) {
    case "idle":
      return { status: "idle" };
    case "charging":
      return { status: "running" };
    case "charged":
      return { status: "done", receipt: state.receipt };
    case "not_charged":
      return { ...state, status: "refused" };
    case "unknown":
      return state;
  }
}

/** The rules of a paid call. Its state on the page, and the key that its endpoint gets, are its own too. */
export const callRules: CallRules = {
  press,
  turn,
  end,
  look,
  isUnderWay,
  keyFor,
  view,
};
