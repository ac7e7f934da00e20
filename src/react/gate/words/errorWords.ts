import { aresError, type CallState, type ChargeEvidence, type ChargeState } from "../../../client";
import { type AresError, isAresError, meaningOf } from "../../../contract";
import { errorText, moneyText, stepOf } from "../../messages/errorTexts";
import type { AresUserState } from "../../provider/userStore";
import { missingOf, withBalance } from "../state/gateState";
import { amountsOf, shortfall, unconfirmed } from "./gateWords";
import type { Named, TextKey } from "./writeText";

/** What an error says, by the keys of its texts: what went wrong, and what that means for the money. */
export interface ErrorWords {
  heading: TextKey;
  details: readonly TextKey[];
  /** The amounts that the texts may name. */
  named: Named;
  /** What is known of an unconfirmed charge. */
  evidence?: ChargeEvidence;
}

/**
 * Decides what an error says beside a gate. A pure function. The state of a charge, where there is one, tells more than the
 * error: whether the charge took credits, and the amounts.
 */
export function errorWords(
  error: AresError,
  charge: ChargeState | undefined,
  user: AresUserState,
): ErrorWords {
  const isRefused = charge?.status === "not_charged";
  const heading = errorText(error, isRefused);
  switch (heading) {
    case "price_changed_unread":
      return changedPrice(error, charge);

    case "other_user":
      return { heading, details: user.user?.email ? ["other_user_more"] : [], named: {} };

    case "unknown": {
      if (charge?.status !== "unknown") return { heading, details: ["unknown_risk"], named: {} };
      const evidence = withBalance(charge.evidence, user);
      return {
        heading,
        details: unconfirmed(evidence),
        named: amountsOf(evidence),
        evidence,
      };
    }

    case "insufficient":
      return tooFewCredits(error, charge, user);

    default: {
      const money = moneyText(heading, isRefused);
      return { heading, details: money ? [money] : [], named: {} };
    }
  }
}

function changedPrice({ details }: AresError, charge: ChargeState | undefined): ErrorWords {
  const price = details.credits;
  if (price === undefined) return { heading: "price_changed_unread", details: [], named: {} };
  const former = charge?.status === "not_charged" ? charge.credits : undefined;
  return {
    heading: "price_changed",
    details: former === undefined ? ["uncharged"] : ["uncharged", "price_changed_more"],
    named: { price, former },
  };
}

function tooFewCredits(
  error: AresError,
  charge: ChargeState | undefined,
  user: AresUserState,
): ErrorWords {
  const prices = pricesOf(error, charge, user);
  // A balance that has moved since the refusal does not explain it.
  const isSame = charge?.status === "not_charged" && user.credits === charge.before;
  const explains = prices.missing !== undefined || isSame;
  const balance = explains ? prices.balance : undefined;
  return {
    heading: "insufficient",
    details: ["uncharged", ...shortfall({ ...prices, balance })],
    named: prices,
  };
}

/** The charge behind a state, where it has words; undefined for an action that failed, is running or done. */
export function chargeOf(state: ChargeState | CallState | undefined): ChargeState | undefined {
  switch (state?.status) {
    case "refused":
      return { ...state, status: "not_charged" };
    case "failed":
    case "running":
    case "done":
      return undefined;
    default:
      return state;
  }
}

/** Why an action failed, and what that means for the money. An app's own error has no words here. */
export function failureOf(
  state: ChargeState | CallState | undefined,
): { error: AresError; words: ErrorWords } | undefined {
  if (state?.status !== "failed") return undefined;
  const error = isAresError(state.error) ? state.error : aresError("unexpected_response");
  const words: ErrorWords = state.paid
    ? { heading: "failed_paid", details: [], named: {} }
    : { heading: "not_charged", details: ["uncharged"], named: {} };
  return { error, words };
}

/** The error that a notice tells; undefined once a later read shows that the user has done what the error asked for. */
export function openError(
  charge: ChargeState | undefined,
  bare: AresError | null | undefined,
  user: AresUserState,
): AresError | undefined {
  const error = (charge && "error" in charge ? charge.error : bare) ?? undefined;
  if (!error || charge?.status !== "not_charged" || user.status !== "ready") return error;
  const isTopUp = meaningOf(error.code).next === "top_up";
  const { missing, balance } = pricesOf(error, charge, user);
  const isFilled = isTopUp && missing === undefined && balance !== charge.before;
  const isDone = isFilled || stepOf(error.code) !== undefined;
  return isDone && user.updatedAt > charge.at ? undefined : error;
}

/** What a charge cost that the balance did not suffice for. */
function pricesOf(error: AresError, charge: ChargeState | undefined, user: AresUserState) {
  const agreed = charge?.status === "not_charged" ? charge.credits : undefined;
  const price = agreed ?? error.details.credits;
  const balance = user.credits;
  return { price, balance, missing: missingOf(price, balance) };
}
