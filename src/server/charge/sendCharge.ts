import { type AresErrorDetails, isAresError } from "../../contract";
import { classify, type Verdict } from "../ares/classify";
import { renewToken } from "../auth/session";
import { askLedger, strangeAnswer } from "../ledger/askLedger";
import type { Outcome, Settlement } from "../ledger/ledger";
import type { BeginWithin } from "../ledger/spending";
import { askAgain, inProgress, isOfFramework, refuse } from "../refusals";
import { factsOf } from "./events";
import type { Charged, Claimed, EngineParts, Intent } from "./intent";
import { createOutcomeRecorder } from "./recordOutcome";
import { overCap } from "./spendCap";

/** A claimed row, and what its send needs. */
export interface ClaimedCharge {
  row: Claimed;
  intent: Pick<Intent, "auth" | "arrivedAt" | "repeats">;
  token: string;
  /** The balance of the token's account before the charge, where it was read. */
  evidence: Outcome;
}

/** The ledger's answer to `begin`. `late`: its yes is so old that it may no longer be true. */
type Begun = BeginWithin | { k: "late" };

/** A token that may be sent, or why there is none. */
type Renewal = { k: "yes"; token: string } | { k: "no"; thrown: unknown };

/** A verdict on ARES's reply, with the facts that an operator may need. */
type Answer = Verdict & { seen: Outcome };

/** A sender counts as lost this long after its own time limit. */
const SEND_MARGIN_MS = 20_000;
/** The longest time between `begin` and the POST. A worker that was frozen longer gives up: another may have its lease. */
const FRESH_MS = 6_000;
/**
 * How long after the request's arrival a charge may still be sent. After 30 seconds the browser takes "absent" for
 * "not charged" (`client/charge`). The other 5 seconds are for the request's way here.
 */
const SEND_WITHIN_MS = 25_000;

/** Builds what follows a claim: begin → post → conclude. Nothing else sends a charge to ARES. */
export function createSender(parts: EngineParts) {
  const { clientId, api, now, emit } = parts;
  const leaseMs = parts.sendMs + SEND_MARGIN_MS;
  const { settle, settleLater } = createOutcomeRecorder(parts);

  async function sendCharge(charge: ClaimedCharge): Promise<Charged> {
    const { row, token } = charge;
    await beginFirst(charge);
    // A price of 0 takes nothing, so ARES hears nothing.
    if (row.hundredths === 0) return conclude(charge, { status: "charged", seen: {} });

    const answer = await post(row, token);
    if (answer.status !== "token_rejected") return conclude(charge, answer);

    // ARES did nothing with the refused token, so only the second send can count.
    const renewal = await renew(charge);
    if (renewal.k === "no") return giveUp(row, renewal.thrown);
    const second = await post(row, renewal.token);
    // The new token may belong to another account, whose balance was not read.
    return conclude({ ...charge, evidence: {} }, second);
  }

  /** Asks the fence in front of ARES. Nothing may be sent unless the answer is `yes`. */
  async function begin({ row, intent }: ClaimedCharge): Promise<Begun> {
    const askedAt = now();
    const begun = await askLedger(() => parts.begin(row, leaseMs));
    const isFresh = now() - askedAt <= FRESH_MS && now() - intent.arrivedAt <= SEND_WITHIN_MS;
    // A frozen function or a sleeping machine holds an old yes that may no longer be true.
    return begun.k === "yes" && !isFresh ? { k: "late" } : begun;
  }

  /** @throws {AresError} unless this attempt may send */
  async function beginFirst(charge: ClaimedCharge): Promise<void> {
    const { row } = charge;
    const begun = await begin(charge).catch((error: unknown) => {
      // The reply was lost, so the row may read `sending`. Nothing was sent: freeing the row frees the key.
      settleLater(row, nothingSent(row));
      throw error;
    });
    switch (begun.k) {
      case "yes":
        return;
      case "no":
        throw inProgress(row);
      case "over":
        throw overCap(begun.leftMs);
      case "late":
        // The row is freed before the answer: a frozen function may not run after its answer.
        await settle(row, nothingSent(row));
        throw refuse("ledger_unavailable");
      default:
        // Only a yes is a yes.
        settleLater(row, nothingSent(row));
        throw strangeAnswer(begun);
    }
  }

  /** Reads another token after ARES refused one, and asks the fence again: `begin` renews the lease. */
  async function renew(charge: ClaimedCharge): Promise<Renewal> {
    try {
      return { k: "yes", token: await renewedToken(charge) };
    } catch (error) {
      const isTold = isAresError(error) || isOfFramework(error);
      return { k: "no", thrown: isTold ? error : refuse("reconnect") };
    }
  }

  async function renewedToken(charge: ClaimedCharge): Promise<string> {
    const token = await renewToken(charge.intent.auth);
    if (token === null || token === charge.token) throw refuse("reconnect");
    const begun = await begin(charge);
    switch (begun.k) {
      case "yes":
        return token;
      case "late":
        throw refuse("ledger_unavailable");
      default:
        throw refuse("reconnect");
    }
  }

  async function post({ usage, hundredths }: Claimed, accessToken: string): Promise<Answer> {
    const reply = await api.postUsage(accessToken, { clientId, usage, hundredths });
    const seen = reply.status === "answered" ? { aresStatus: reply.http } : {};
    return { ...classify(reply), seen };
  }

  /** Stores what ARES's answer means, and answers with the paid charge or throws the refusal. */
  async function conclude(charge: ClaimedCharge, answer: Answer): Promise<Charged> {
    const { row, intent, evidence } = charge;
    const { attempt } = row;
    const facts = factsOf(row);
    switch (answer.status) {
      case "charged": {
        const balance = balanceAfter(answer);
        const outcome = { ...evidence, ...balance, ...replaysOf(intent) };
        await settle(row, { attempt, to: "charged", outcome });
        emit({ type: "charged", ...facts });
        return { row: { ...row, settledAt: now() }, replayed: false, agoMs: 0, ...balance };
      }
      case "declined": {
        const outcome = { code: answer.code, ...answer.seen };
        await settle(row, { attempt, to: "declined", outcome });
        emit({ type: "declined", code: answer.code, ...facts });
        throw refuse(answer.code, facts);
      }
      case "token_rejected":
        return giveUp(row, refuse("reconnect"));
      case "not_processed":
        return giveUp(row, refuse(answer.code, notProcessed(row, answer)));
      case "unknown":
        await settle(row, { attempt, to: "unknown", outcome: { ...evidence, ...answer.seen } });
        emit({ type: "unknown", code: "outcome_unknown", ...facts });
        throw refuse("outcome_unknown", askAgain(row, 5));
    }
  }

  /** ARES provably did nothing: frees the row, and throws the reason, which may be a redirect of the framework. */
  async function giveUp(row: Claimed, thrown: unknown): Promise<never> {
    await settle(row, nothingSent(row));
    const code = isAresError(thrown) ? thrown.code : "reconnect";
    emit({ type: "not_sent", code, ...factsOf(row) });
    throw thrown;
  }

  return sendCharge;
}

function balanceAfter({ balanceAfter }: Extract<Verdict, { status: "charged" }>) {
  return balanceAfter === undefined ? {} : { balanceAfter };
}

/** How often `ares.charge` replays the charge, where that has an end. */
function replaysOf({ repeats }: Pick<Intent, "repeats">) {
  return repeats === undefined ? {} : { repeats };
}

/** The settlement that frees a row for the next attempt. */
function nothingSent({ attempt }: Claimed): Settlement {
  return { attempt, to: "claimed", outcome: {} };
}

/** The details of a charge that ARES did not process. A limit names no row: a limited row that is named is a charged one. */
function notProcessed(
  row: Claimed,
  { code, retryAfterSeconds }: Extract<Verdict, { status: "not_processed" }>,
): AresErrorDetails {
  return code === "rate_limited"
    ? { usage: row.usage, retryAfterSeconds }
    : askAgain(row, retryAfterSeconds);
}
