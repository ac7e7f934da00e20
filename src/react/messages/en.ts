// The English of the kit, in the groups that components bring along: a page loads the texts of what it shows. A text stands in
// one group. A call marked as pure joins groups, because bundlers keep a spread that nobody uses.

/** Amounts of credits. */
export const amountTexts = {
  one: "{n} credit",
  other: "{n} credits",
  less: "less than {n}",
};

/** A wait that takes long, and looks at how things stand. */
export const lookTexts = {
  loading_more: "Still loading. You can safely reload the page.",
  retry: "Try again",
  check: "Check now",
  topped_up: "I've topped up",
  checking: "Checking…",
  checked: "Checked just now.",
};

/** The steps of a user without ARES. */
export const stepTexts = {
  signed_out: "Sign in to use this.",
  signed_out_ares: "Sign in with ARES to use this.",
  not_connected: "Connect ARES to use this.",
  reconnect: "ARES connection ended.",
  connect_failed: "Connecting did not work. You were not charged.",
  signIn: "Sign in",
  signIn_ares: "Sign in with ARES",
  connect: "Connect ARES",
  connectAgain: "Reconnect ARES",
  reconnect_button: "Reconnect for {label}",
  reconnect_button_plain: "Reconnect to unlock",
  signed_out_button: "Sign in for {label}",
  signed_out_button_plain: "Sign in to unlock",
  signed_out_button_ares: "Sign in with ARES for {label}",
  signed_out_button_plain_ares: "Sign in with ARES to unlock",
  not_connected_button: "Connect ARES for {label}",
  not_connected_button_plain: "Connect ARES to unlock",
};

/** What a charge has led to. */
export const chargeTexts = {
  restored: "Already unlocked.",
  insufficient: "Not enough credits.",
  unknown: "Payment not confirmed.",
  stored: "You can leave this page.",
  unstored: "Keep this page open: the charge could not be stored.",
};

/** The question before an unconfirmed charge is given up. */
export const startOverTexts = {
  unknown_more: "Balance: {before} before, {after} now.",
  cancel: "Cancel",
  reset: "Start over",
  reset_question: "Start over? You may pay {credits} twice.",
};

/** What stands in sight where there is room for few words, and the name of the button that opens all of them. */
export const briefTexts = {
  more: "Details",
  uncharged_brief: "Not charged",
  risk_brief: "May have been charged",
  paid_brief: "Paid",
};

/** The link to the shop. */
export const shopTexts = {
  topUp: "Get credits",
  new_tab: "{link} (opens in a new tab)",
};

/** What only gates and notices of errors say. */
export const gateTexts = {
  loading: "Checking your account",
  locked: "",
  locked_more: "You have {balance}.",
  locked_some: "Your balance could not be read.",
  locked_none: "The price could not be read.",
  confirming: "Spend {price} on {label}?",
  confirming_plain: "Spend {price}?",
  confirming_more: "{balance} now, {after} afterwards.",
  charging: "Confirming with ARES…",
  charging_button: "Confirming…",
  charging_more: "Still waiting. You won't be charged twice.",
  unlocked: "Unlocked.",
  unlocked_some: "{credits} spent.",
  unlocked_left: "{balance} left.",
  used_up: "What you paid for is used up.",
  unchecked: "We could not check whether this is already paid.",
  insufficient_more: "This costs {price}.",
  insufficient_but:
    "This costs {price}. Your balance reads {balance}, but ARES says it is not enough.",
  price_changed: "New price: {price}.",
  price_changed_more: "It was {former}.",
  not_charged: "That did not work.",
  other_user: "Another user is signed in now. Nothing was charged to them.",
  other_user_more: "You are signed in as {user}.",
  paused: "Payments are paused. You were not charged.",
  unknown_risk: "You may have been charged, but this payment won't be sent again.",
  unavailable: "Not available now.",
  uncharged: "You were not charged.",
  offline: "You are offline.",
  wait: "Please wait a moment.",
  unlock: "Unlock {label}",
  unlock_plain: "Unlock",
  confirm: "Spend",
};

/**
 * Every text of a gate. A state's text has the state's name; a button's text has the action's name.
 *
 * - `…_button` is the button of a state with the same name
 * - `…_more` follows when all its amounts are known, `…_some` when they are not, `…_none` when not even the price is
 * - `…_left` follows with the balance, once the balance is known
 * - `…_plain` stands in for a text with `{label}` when the gate has no label
 * - `…_ares` stands in where signing in is signing in with ARES
 * - `…_brief` stands in for a text in a small gate
 * - `uncharged` follows in a state that a refused press led to
 * - `{label}` and amounts such as `{price}` are filled in
 */
export const englishMessages = /* @__PURE__ */ (() => ({
  ...amountTexts,
  ...lookTexts,
  ...stepTexts,
  ...chargeTexts,
  ...startOverTexts,
  ...shopTexts,
  ...briefTexts,
  ...gateTexts,
}))();

/** All texts of one language. A language with more than two plural forms has those forms too. */
export type AresMessages = Readonly<typeof englishMessages & OtherPlurals>;

/** The texts of an amount. */
export type AmountTexts = Readonly<typeof amountTexts & OtherPlurals>;

type OtherPlurals = { [form in "zero" | "two" | "few" | "many"]?: string };

export const balanceTexts = {
  balance: "ARES balance: {balance}",
  balance_loading: "Reading the balance",
  balance_signed_out: "Not signed in",
  balance_not_connected: "ARES is not connected",
  balance_reconnect: "ARES connection ended",
  balance_error: "Balance unavailable",
  balance_stale: "as of {at}",
  refresh: "Refresh balance",
};

export const shortageTexts = {
  balance_low: "Your balance is low.",
  low_balance: "You have {balance} left.",
  insufficient_missing: "You are {missing} short.",
};

export const evidenceTexts = {
  evidence_sent: "Sent to ARES",
  evidence_unanswered: "No answer",
  evidence_looks: "Checked so far",
  evidence_before: "Balance before",
  evidence_now: "Balance now",
};

/** Which charge is meant, and when the page looks at it next. */
export const referenceTexts = {
  receipt_usage: "For",
  receipt_id: "Charge",
  receipt_copy: "Copy",
  receipt_copied: "Copied.",
  evidence_next: "Next check",
  evidence_wait: "in {wait}",
};

export const receiptTexts = {
  receipt: "Receipt",
  receipt_resource: "Item",
  receipt_credits: "Paid",
  receipt_balance: "Balance afterwards",
  receipt_at: "When",
};

export const noticeTexts = {
  rate_limited: "Too many attempts. You were not charged. Try again in a moment.",
  network_error: "There was no answer.",
  perhaps_charged: "If this was a charge, it may have been taken.",
  in_progress: "A charge is under way. Wait for its outcome.",
  payment_required: "This has to be paid for first.",
  uncharged_now: "Nothing was charged just now.",
  auth_unavailable: "You could not be signed in just now. You were not charged.",
  price_changed_unread: "The price has changed. You were not charged.",
  failed_paid: "You paid for this, but it did not finish. Trying again costs nothing.",
  not_sent: "Nothing was sent now. An earlier attempt may have been charged.",
};

export const historyTexts = {
  history: "Charges",
  history_loading: "Reading your charges",
  history_empty: "Nothing has been charged yet. What you unlock will stand here.",
  history_error: "Your charges could not be read.",
  history_claimed: "On its way",
  history_sending: "On its way",
  history_charged: "Paid",
  history_declined: "Not charged",
  history_unknown: "Not confirmed",
  history_absent: "Not charged",
};

/** The texts of the components. A page with gates alone does not load them. */
export const englishComponentMessages = /* @__PURE__ */ (() => ({
  ...balanceTexts,
  ...shortageTexts,
  ...evidenceTexts,
  ...referenceTexts,
  ...receiptTexts,
  ...noticeTexts,
  ...historyTexts,
}))();

/** The texts of the components beside the gate, by key. */
export type AresComponentMessages = Readonly<typeof englishComponentMessages>;
