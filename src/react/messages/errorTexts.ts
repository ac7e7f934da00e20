import {
  type AresError,
  type AresErrorCode,
  isErrorCode,
  isKeyGone,
  isMistake,
  meaningOf,
} from "../../contract";
import type { AresComponentMessages, AresMessages } from "./en";

export type Text = keyof (AresMessages & AresComponentMessages);

/** Codes with a sentence of their own. Every other text follows from what the code means. */
const ownTexts: { readonly [code in AresErrorCode]?: Text } = {
  payment_required: "payment_required",
  used_up: "used_up",
  // Its charge was made, so "not charged" would be wrong.
  other_body: "used_up",
  price_changed: "price_changed_unread",
  charge_in_progress: "in_progress",
  other_user: "other_user",
  rate_limited: "rate_limited",
  paused: "paused",
  network_error: "network_error",
  auth_unavailable: "auth_unavailable",
};

/** The code of an error, for the app's developer, beside words that name no cause. */
export const codeInDevelopment = ({ code }: AresError): string | undefined =>
  process.env.NODE_ENV === "production" ? undefined : `(${code})`;

/** The first text of an error. `refused`: the charge's state proves that nothing was charged. The code alone does not. */
export function errorText({ code }: AresError, refused: boolean): Text {
  const meaning = meaningOf(code);
  if (refused && mustBeLookedAt(code)) return isMistake(meaning) ? "unavailable" : "not_charged";
  const own = isErrorCode(code) ? ownTexts[code] : undefined;
  if (own) return own;
  if (isKeyGone(meaning)) return "not_sent";
  if (meaning.money === "open") return "unknown";
  const step = stepOf(code);
  if (step) return step;
  if (meaning.next === "top_up") return "insufficient";
  return isMistake(meaning) ? "unavailable" : "not_charged";
}

/** True for an error after which only a look tells whether the user was charged. */
export function mustBeLookedAt(code: string): boolean {
  const meaning = meaningOf(code);
  return meaning.next === "look" || isKeyGone(meaning);
}

/** True when another press can help, and can't charge twice. */
export function mayTryAgain({ code }: AresError, refused: boolean): boolean {
  const meaning = meaningOf(code);
  if (mustBeLookedAt(code)) return refused && !isMistake(meaning);
  return meaning.next === "try_again" || meaning.next === "wait";
}

/** The step that the user has to take first. */
export function stepOf(code: string): "signed_out" | "not_connected" | "reconnect" | undefined {
  switch (meaningOf(code).next) {
    case "sign_in":
      return "signed_out";
    case "connect":
      return "not_connected";
    case "reconnect":
      return "reconnect";
    default:
      return undefined;
  }
}

/** The sentence on money, after a text that has none. */
export function moneyText(text: Text, refused: boolean): Text | undefined {
  switch (text) {
    case "network_error":
      return refused ? "uncharged" : "perhaps_charged";
    case "payment_required":
    case "used_up":
      return "uncharged_now";
    case "not_charged":
    case "unavailable":
    case "insufficient":
    case "signed_out":
    case "not_connected":
    case "reconnect":
      return "uncharged";
    default:
      return undefined;
  }
}
