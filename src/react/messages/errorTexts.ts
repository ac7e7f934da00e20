import type { AresError } from "../../contract";
import type { AresComponentMessages, AresMessages } from "./en";

export type Text = keyof (AresMessages & AresComponentMessages);

/** The first text of an error. `refused`: the charge's state proves that nothing was charged. The code alone does not. */
export function errorText({ code, details }: AresError, refused: boolean): Text {
  if (code === "payment_required" && details.chargeId !== undefined) return "used_up";
  // A newer server may send a code that is not in the table. "Not charged" would be a guess.
  const text = texts[code] ?? "unknown";
  if (!refused) return text;
  if (code === "unexpected_response") return "unavailable";
  return mayBeCharged.includes(text) ? "not_charged" : text;
}

const texts: Readonly<Record<AresError["code"], Text>> = {
  not_signed_in: "signed_out",
  not_connected: "not_connected",
  reconnect: "reconnect",
  insufficient_credits: "insufficient",
  payment_required: "payment_required",
  price_changed: "price_changed_unread",
  // A charge may have happened, so "not charged" would be a guess.
  outcome_unknown: "unknown",
  charge_in_progress: "in_progress",
  internal: "unknown",
  unexpected_response: "unknown",
  ledger_reset: "not_sent",
  other_user: "other_user",
  idempotency_key_expired: "not_sent",
  rate_limited: "rate_limited",
  network_error: "network_error",
  ledger_unavailable: "not_charged",
  price_unavailable: "not_charged",
  ares_unreachable: "not_charged",
  auth_unavailable: "auth_unavailable",
  // Mistakes of the app, which the user can't correct.
  invalid_request: "unavailable",
  idempotency_key_invalid: "unavailable",
  idempotency_key_reused: "unavailable",
  client_id_mismatch: "unavailable",
  origin_rejected: "unavailable",
  not_allowed: "unavailable",
  method_not_allowed: "unavailable",
  body_too_large: "unavailable",
  unsupported_media_type: "unavailable",
  unknown_usage: "unavailable",
};

/** Texts of a charge that may have happened. */
export const mayBeCharged: readonly Text[] = ["unknown", "in_progress", "not_sent"];

/** Texts after which a second press could not help, or could charge twice. */
export const isFinal = (text: Text): boolean =>
  mayBeCharged.includes(text) || stepOf(text) !== undefined || ["unavailable", "insufficient", "other_user"].includes(text);

/** The step that the user has to take first. */
export function stepOf(text: Text | undefined): "signed_out" | "not_connected" | "reconnect" | undefined {
  return text === "signed_out" || text === "not_connected" || text === "reconnect" ? text : undefined;
}

/** The sentence on money, after a text that has none. */
export function moneyText(text: Text, refused: boolean): Text | undefined {
  if (text === "network_error") return refused ? "uncharged" : "perhaps_charged";
  if (text === "payment_required" || text === "used_up") return "uncharged_now";
  return text === "insufficient" || stepOf(text) ? "uncharged" : undefined;
}
