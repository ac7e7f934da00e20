import { useAres } from "../provider/context";
import { useMessages } from "../provider/useMessages";
import type { AresMessages } from "./en";

/** Texts of the single components. They are apart from the gate's, so that a page with gates alone does not carry them. */
export const englishComponentMessages = {
  balance: "ARES balance: {balance}",
  balance_loading: "Reading the balance",
  balance_signed_out: "Not signed in",
  balance_not_connected: "ARES is not connected",
  balance_reconnect: "The connection to ARES has ended",
  balance_error: "Balance unavailable",
  balance_stale: "as of {at}",
  refresh: "Refresh balance",
  insufficient_missing: "You are {missing} short.",
  receipt: "Receipt",
  receipt_usage: "For",
  receipt_resource: "Item",
  receipt_credits: "Paid",
  receipt_balance: "Balance afterwards",
  receipt_at: "When",
  receipt_id: "Charge",
  rate_limited: "Too many attempts. You were not charged. Try again in a moment.",
  network_error: "There was no answer.",
  payment_required: "This has to be paid for first. Nothing was charged just now.",
  auth_unavailable: "You could not be signed in just now. You were not charged.",
  price_changed_unread: "The price has changed. You were not charged.",
  not_sent: "Nothing was sent now. An earlier attempt may have been charged.",
  history: "Charges",
  history_loading: "Reading your charges",
  history_empty: "Nothing has been charged yet.",
  history_error: "Your charges could not be read.",
  history_claimed: "On its way",
  history_sending: "On its way",
  history_charged: "Paid",
  history_declined: "Not charged",
  history_unknown: "Not confirmed",
  history_absent: "Not charged",
  low_balance: "You have {balance} left.",
};

export type AresComponentMessages = Readonly<typeof englishComponentMessages>;

/** All texts: the kit's, and over them the provider's. */
export function useAllMessages(): AresMessages & AresComponentMessages {
  const { messages } = useAres();
  return { ...useMessages(), ...englishComponentMessages, ...messages };
}
