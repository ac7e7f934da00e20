import { type AresError, type AresErrorDetails, isAresError } from "../../contract";
import { classify, type Verdict } from "../ares/classify";
import { renewToken } from "../auth/session";
import { askLedger } from "../ledger/askLedger";
import type { Outcome, Settlement } from "../ledger/ledger";
import { askAgain, inProgress, isOfFramework, refuse } from "../refusals";
import { factsOf } from "./events";
import type { Charged, Claimed, EngineParts, Intent } from "./intent";
import { createOutcomeRecorder } from "./recordOutcome";
import { overCap } from "./spendCap";

/** A verdict on ARES's reply, with the facts that an operator may need. */
type Answered = Verdict & { seen: Outcome };

/** A sender counts as lost this long after its own time limit. */
const SEND_MARGIN_MS = 20_000;
/** The longest time between `begin` and the POST. A worker that was frozen longer gives up: another may have its lease. */
const FRESH_MS = 6_000;
/**
 * How long after the request's arrival a charge may still be sent. After 30 seconds the browser takes "absent" for
 * "not charged" (`client/charge`). The other 5 seconds are for the request's way here.
 */
const SEND_WITHIN_MS = 25_000;

/** Builds what follows a claim: begin → send → settle. Nothing else sends a charge to ARES. */
export function createSender(parts: EngineParts) {
  const { clientId, api, now, emit } = parts;
  const leaseMs = parts.sendMs + SEND_MARGIN_MS;
  const { settle, settleLater } = createOutcomeRecorder(parts);

  /** `before` is the balance of `token`'s account, where it was read. */
  return async (
    row: Claimed,
    { auth, arrivedAt, repeats }: Intent,
    token: string,
    before: Outcome,
  ): Promise<Charged> => {
    const { usage, hundredths, attempt } = row;
    const facts = factsOf(row);
    let evidence = before;
    let refusal: AresError | undefined;
    let ofFramework: { thrown: unknown } | undefined;
    let over: AresError | undefined;
    const nothing: Settlement = { attempt, to: "claimed", outcome: {} };

    async function begin(): Promise<boolean> {
      const asked = now();
      const begun = await askLedger(() => parts.begin(row, leaseMs));
      if (typeof begun === "object") {
        over = overCap(begun.overMs);
        return false;
      }
      const yes = begun;
      // A frozen function or a sleeping machine holds an old yes that may no longer be true.
      if (now() - asked <= FRESH_MS && now() - arrivedAt <= SEND_WITHIN_MS) return yes;
      // The row is freed before the answer: a frozen function may not run after its answer.
      if (yes) await settle(row, nothing);
      throw refuse("ledger_unavailable");
    }
    async function post(accessToken: string): Promise<Answered> {
      const reply = await api.postUsage(accessToken, { clientId, usage, hundredths });
      return {
        ...classify(reply),
        seen: reply.status === "answered" ? { aresStatus: reply.http } : {},
      };
    }

    async function conclude(verdict: Answered): Promise<Charged> {
      switch (verdict.status) {
        case "charged": {
          const balance =
            verdict.balanceAfter === undefined ? {} : { balanceAfter: verdict.balanceAfter };
          const replays = repeats === undefined ? {} : { repeats };
          const outcome = { ...evidence, ...balance, ...replays };
          await settle(row, { attempt, to: "charged", outcome });
          emit({ type: "charged", ...facts });
          return { row: { ...row, settledAt: now() }, replayed: false, agoMs: 0, ...balance };
        }
        case "declined":
          await settle(row, {
            attempt,
            to: "declined",
            outcome: { code: verdict.code, ...verdict.seen },
          });
          emit({ type: "declined", code: verdict.code, ...facts });
          throw refuse(verdict.code, facts);
        case "token_rejected":
        case "not_processed": {
          if (verdict.status === "not_processed")
            refusal = refuse(verdict.code, tellOf(row, verdict));
          await settle(row, nothing);
          refusal ??= refuse("reconnect");
          emit({ type: "not_sent", code: refusal.code, ...facts });
          throw ofFramework ? ofFramework.thrown : refusal;
        }
        case "unknown":
          await settle(row, { attempt, to: "unknown", outcome: { ...evidence, ...verdict.seen } });
          emit({ type: "unknown", code: "outcome_unknown", ...facts });
          throw refuse("outcome_unknown", askAgain(row, 5));
      }
    }

    let begun: boolean;
    try {
      begun = await begin();
    } catch (error) {
      // The reply was lost, so the row may read `sending`. Nothing was sent: freeing the row frees the key.
      settleLater(row, nothing);
      throw error;
    }
    if (!begun) throw over ?? inProgress(row);

    // A price of 0 takes nothing, so ARES hears nothing.
    if (hundredths === 0) return conclude({ status: "charged", seen: {} });

    let verdict = await post(token);
    if (verdict.status === "token_rejected") {
      const keep = (error: unknown) => {
        if (isAresError(error)) refusal = error;
        if (isOfFramework(error)) ofFramework = { thrown: error };
        return null;
      };
      const renewed = await renewToken(auth).catch(keep);
      // ARES did nothing with the refused token, so only the second send can count. `begin` renews the lease first.
      if (renewed !== null && renewed !== token && (await begin().catch(keep))) {
        // The new token may belong to another account, whose balance was not read.
        evidence = {};
        verdict = await post(renewed);
      }
    }
    return conclude(verdict);
  };
}

/** The details of a charge that ARES did not process. A limit names no row: a limited row that is named is a charged one. */
function tellOf(
  row: Claimed,
  { code, retryAfterSeconds }: Extract<Verdict, { status: "not_processed" }>,
): AresErrorDetails {
  return code === "rate_limited"
    ? { usage: row.usage, retryAfterSeconds }
    : askAgain(row, retryAfterSeconds);
}
