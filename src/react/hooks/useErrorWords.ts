import type { ChargeState } from "../../client";
import { type AresError, meaningOf, toHundredths } from "../../contract";
import { errorText, moneyText, stepOf, type Text } from "../messages/errorTexts";
import { fill, formatCredits } from "../messages/format";
import { useAres } from "../provider/context";
import { useAllMessages } from "../provider/useMessages";
import type { UseAresUserResult } from "../provider/userStore";
import { useAresUser } from "./useAresUser";

/**
 * What an error says: what went wrong, what that means for the money, and the amounts. `text` names the first text.
 * The state of a charge wins over an error without a state.
 */
export function useErrorWords(charge: ChargeState | undefined, bare: AresError | null | undefined) {
  const messages = useAllMessages();
  const { locale } = useAres();
  const user = useAresUser({ enabled: false });
  const given = charge && "error" in charge ? charge.error : bare;
  const amounts = given ? amountsOf(given, charge, user) : {};
  const error = given && !isDone(charge, user, amounts) ? given : undefined;
  const text = error && errorText(error, charge?.status === "not_charged");

  const values: Record<string, string | undefined> = { user: user.user?.email };
  for (const [key, amount] of Object.entries(amounts)) {
    const round = ["balance", "before", "after"].includes(key) ? "floor" : "ceil";
    if (amount !== undefined) values[key] = formatCredits(amount, { messages, locale, round });
  }
  const say = (key: Text | undefined, whole = true) =>
    key ? fill(messages[key] ?? "", values, whole) : "";
  return {
    error,
    text,
    say,
    words:
      text && error
        ? textsOf(text, error, charge, amounts)
            .map((key) => say(key))
            .filter(Boolean)
            .join(" ")
        : "",
  };
}

interface Amounts {
  price?: number | undefined;
  former?: number | undefined;
  balance?: number | undefined;
  missing?: number | undefined;
  credits?: number | undefined;
  before?: number | undefined;
  after?: number | undefined;
}

/** The amounts that the texts of an error may name. */
function amountsOf(
  { code, details }: AresError,
  charge: ChargeState | undefined,
  user: UseAresUserResult,
): Amounts {
  if (charge?.status === "unknown") {
    const { before, after, credits, sentAt = Infinity } = charge.evidence;
    return {
      before,
      credits,
      after: after ?? (user.updatedAt > sentAt ? user.credits : undefined),
    };
  }
  const agreed = charge?.status === "not_charged" ? charge.credits : undefined;
  if (code === "price_changed") return { price: details.credits, former: agreed };
  if (code !== "insufficient_credits") return {};
  const price = agreed ?? details.credits;
  const balance = user.credits;
  const short =
    price !== undefined && balance !== undefined
      ? (toHundredths(price) - toHundredths(balance)) / 100
      : 0;
  return { price, balance, missing: short > 0 ? short : undefined };
}

/** True once a later read shows that the user has done what the error asked for. */
function isDone(
  charge: ChargeState | undefined,
  user: UseAresUserResult,
  { missing, balance }: Amounts,
): boolean {
  if (charge?.status !== "not_charged" || user.status !== "ready") return false;
  const { code } = charge.error;
  const hasActed = stepOf(code) !== undefined;
  const isFilled =
    meaningOf(code).next === "top_up" && missing === undefined && balance !== charge.before;
  return (hasActed || isFilled) && user.updatedAt > charge.at;
}

function textsOf(
  text: Text,
  { details }: AresError,
  charge: ChargeState | undefined,
  { missing, balance }: Amounts,
): (Text | undefined)[] {
  const money = moneyText(text, charge?.status === "not_charged");
  if (text === "price_changed_unread" && details.credits !== undefined)
    return ["price_changed", "uncharged", "price_changed_more"];
  if (text === "other_user") return [text, "other_user_more"];
  if (text === "unknown" && charge?.status === "unknown") {
    const { stored } = charge.evidence;
    return [
      text,
      "unknown_more",
      stored === undefined ? undefined : stored ? "stored" : "unstored",
    ];
  }
  if (text !== "insufficient") return [text, money];
  const refused = charge?.status === "not_charged" && balance === charge.before;
  return [
    text,
    money,
    missing !== undefined
      ? "insufficient_more"
      : refused
        ? "insufficient_but"
        : "insufficient_some",
  ];
}
