/**
 * Every text of a gate. A state's text has the state's name; a button's text has the action's name.
 *
 * - `…_button` is the button of a state with the same name
 * - `…_more` follows when all its amounts are known, `…_some` when they are not
 * - `…_plain` stands in for a text with `{label}` when the gate has no label
 * - `{label}` and amounts such as `{price}` are filled in
 */
export const englishMessages = {
  one: "{n} credit",
  other: "{n} credits",
  less: "less than {n}",
  loading: "Checking your account",
  signed_out: "Sign in with ARES to use this.",
  not_connected: "Connect ARES to use this.",
  reconnect: "Your connection to ARES has ended.",
  connect_failed: "Connecting did not work. You were not charged.",
  locked: "",
  locked_more: "You have {balance}.",
  locked_some: "Your balance could not be read.",
  confirming: "Spend {price} on {label}?",
  confirming_plain: "Spend {price}?",
  confirming_more: "{balance} now, {after} afterwards.",
  charging: "Confirming with ARES…",
  charging_more: "Still waiting. You won't be charged twice.",
  unlocked: "Unlocked.",
  unlocked_more: "{credits} spent, {balance} left.",
  unlocked_some: "{credits} spent.",
  restored: "Already unlocked.",
  used_up: "What you paid for is used up.",
  unchecked: "We could not check whether this is already paid.",
  insufficient: "Not enough credits.",
  insufficient_more: "This costs {price}, you have {balance}.",
  insufficient_some: "This costs {price}.",
  price_changed: "The price is now {price}. You were not charged.",
  not_charged: "That did not work. You were not charged.",
  other_user: "Another user is signed in now. Nothing was charged to them.",
  other_user_more: "You are signed in as {user}.",
  unknown: "We could not confirm the charge: you may have been charged. It won't be sent again.",
  unknown_more: "Your balance was {before} and is now {after}.",
  unavailable: "This is not available now. You were not charged.",
  offline: "You are offline.",
  wait: "Please wait a moment.",
  signIn: "Sign in with ARES",
  connect: "Connect ARES",
  reconnect_button: "Reconnect ARES",
  unlock: "Unlock {label}",
  unlock_plain: "Unlock",
  confirm: "Spend {price}",
  cancel: "Cancel",
  retry: "Try again",
  check: "Check again",
  reset: "Start over, I may pay twice",
  topUp: "Get credits (opens in a new tab)",
};

/** All texts of one language. A language with more than two plural forms has those forms too. */
export type AresMessages = Readonly<typeof englishMessages & { [form in "zero" | "two" | "few" | "many"]?: string }>;

/** The texts of the components. A page with gates alone does not load them. */
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
