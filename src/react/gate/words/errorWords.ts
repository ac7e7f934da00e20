import type { ChargeState } from "../../../client";
import { type AresError, meaningOf } from "../../../contract";
import { errorText, moneyText, stepOf } from "../../messages/errorTexts";
import type { AresUserState } from "../../provider/userStore";
import { missingOf, withBalance } from "../state/gateState";
import { amountsOf, shortfall, unconfirmed } from "./gateWords";
import type { Named, TextKey } from "./writeText";

/** What an error says, by the keys of its texts: what went wrong, and what that means for the money. */
export interface ErrorWords {
  heading: TextKey;
  details: readonly TextKey[];
  named: Named;
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
  const refused = charge?.status === "not_charged" ? charge : undefined;
  const heading = errorText(error, refused !== undefined);
  const named: Named = { user: user.user?.email };
  switch (heading) {
    case "price_changed_unread": {
      const price = error.details.credits;
      if (price === undefined) return { heading, details: [], named };
      const former = refused?.credits;
      return {
        heading: "price_changed",
        details: former === undefined ? ["uncharged"] : ["uncharged", "price_changed_more"],
        named: { ...named, price, former },
      };
    }

    case "other_user":
      return { heading, details: named.user ? ["other_user_more"] : [], named };

    case "unknown": {
      if (charge?.status !== "unknown") return { heading, details: [], named };
      const evidence = withBalance(charge.evidence, user);
      return {
        heading,
        details: unconfirmed(evidence),
        named: { ...named, ...amountsOf(evidence) },
      };
    }

    case "insufficient": {
      const amounts = pricesOf(error, charge, user);
      // A balance that has moved since the refusal does not explain it.
      const isSame = refused !== undefined && user.credits === refused.before;
      const explains = amounts.missing !== undefined || isSame;
      const balance = explains ? amounts.balance : undefined;
      return {
        heading,
        details: ["uncharged", ...shortfall({ ...amounts, balance })],
        named: { ...named, ...amounts },
      };
    }

    default: {
      const money = moneyText(heading, refused !== undefined);
      return { heading, details: money ? [money] : [], named };
    }
  }
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
