import type {
  AresComponentMessages,
  AresErrorCode,
  AresGateState,
  AresMessages,
  AresUserState,
  ChargeHistoryProps,
} from "ares-react";

type Key = keyof (AresMessages & AresComponentMessages);

/** A state's words and ways out, by their names in the kit's messages. */
export interface StateWords {
  words: readonly Key[];
  out?: readonly Key[];
  /** How a screen reader hears the words of a gate after a press of this gate. Before a press, each word of a gate is text. */
  spoken: "politely" | "at once" | "as text" | "as a question" | "not at all";
}

type History = NonNullable<ChargeHistoryProps["charges"]>[number]["status"];

/** Every state of a component. A new state without a row does not compile. */
export const stateWords = {
  gate: {
    loading: { words: ["loading"], spoken: "politely" },
    signed_out: { words: [], out: ["signed_out_button"], spoken: "not at all" },
    not_connected: { words: [], out: ["not_connected_button"], spoken: "not at all" },
    reconnect: { words: ["reconnect"], out: ["reconnect_button"], spoken: "politely" },
    locked: { words: ["locked_more"], out: ["unlock"], spoken: "as text" },
    confirming: {
      words: ["confirming", "confirming_more"],
      out: ["cancel", "confirm"],
      spoken: "as a question",
    },
    charging: { words: ["charging"], spoken: "politely" },
    unlocked: { words: ["unlocked", "unlocked_some", "unlocked_left"], spoken: "politely" },
    insufficient: {
      words: ["insufficient", "insufficient_more", "locked_more"],
      out: ["topUp", "topped_up"],
      spoken: "at once",
    },
    price_changed: {
      words: ["price_changed", "price_changed_more"],
      out: ["unlock"],
      spoken: "at once",
    },
    not_charged: { words: ["not_charged", "uncharged"], out: ["retry"], spoken: "at once" },
    unknown: {
      words: ["unknown", "unknown_risk", "unknown_more"],
      out: ["check", "reset"],
      spoken: "at once",
    },
    unavailable: { words: ["unavailable", "uncharged"], out: ["retry"], spoken: "at once" },
    entitled: { words: [], spoken: "not at all" },
  } satisfies Record<AresGateState["status"], StateWords>,
  /** Situations of a gate between its states. */
  between: {
    "loading, after 8 s": { words: ["loading", "loading_more"], spoken: "politely" },
    "charging, after 8 s": { words: ["charging", "charging_more"], spoken: "politely" },
    "paid before, or in another tab": { words: ["restored"], spoken: "politely" },
    "the paid thing is used up": {
      words: ["used_up", "locked_more"],
      out: ["unlock"],
      spoken: "politely",
    },
    "whether it is paid could not be read": {
      words: ["unchecked"],
      out: ["retry"],
      spoken: "politely",
    },
    "unknown, and the browser stores nothing": {
      words: ["unknown", "unknown_risk", "unstored"],
      out: ["check"],
      spoken: "at once",
    },
    "ARES refused, and the balance was enough": {
      words: ["insufficient", "insufficient_but"],
      out: ["topUp", "topped_up"],
      spoken: "at once",
    },
    "ARES refused, and the balance was not read": {
      words: ["insufficient", "insufficient_more"],
      out: ["topUp", "topped_up"],
      spoken: "at once",
    },
    "connecting failed": {
      words: ["connect_failed", "not_connected"],
      out: ["not_connected_button"],
      spoken: "at once",
    },
    "another user is signed in": {
      words: ["other_user", "other_user_more"],
      out: ["unlock"],
      spoken: "at once",
    },
    offline: { words: ["offline"], spoken: "politely" },
    "the server asked for a pause": {
      words: ["not_charged", "uncharged", "wait"],
      out: ["retry"],
      spoken: "at once",
    },
  } satisfies Record<string, StateWords>,
  /** The codes of an error without the state of a charge, in a notice that has every way on. */
  notice: {
    invalid_request: { words: ["unavailable", "uncharged"], spoken: "at once" },
    idempotency_key_invalid: { words: ["unavailable", "uncharged"], spoken: "at once" },
    idempotency_key_expired: { words: ["not_sent"], out: ["check"], spoken: "at once" },
    client_id_mismatch: { words: ["unavailable", "uncharged"], spoken: "at once" },
    not_signed_in: { words: ["signed_out", "uncharged"], out: ["signIn"], spoken: "at once" },
    not_connected: { words: ["not_connected", "uncharged"], out: ["connect"], spoken: "at once" },
    reconnect: { words: ["reconnect", "uncharged"], out: ["connectAgain"], spoken: "at once" },
    insufficient_credits: {
      words: ["insufficient", "uncharged"],
      out: ["topUp"],
      spoken: "at once",
    },
    payment_required: {
      words: ["payment_required", "uncharged_now"],
      out: ["retry", "topUp"],
      spoken: "at once",
    },
    used_up: { words: ["used_up", "uncharged_now"], out: ["retry", "topUp"], spoken: "at once" },
    origin_rejected: { words: ["unavailable", "uncharged"], spoken: "at once" },
    not_allowed: { words: ["unavailable", "uncharged"], spoken: "at once" },
    declined: { words: ["not_charged", "uncharged"], out: ["retry"], spoken: "at once" },
    method_not_allowed: { words: ["unavailable", "uncharged"], spoken: "at once" },
    body_too_large: { words: ["unavailable", "uncharged"], spoken: "at once" },
    unsupported_media_type: { words: ["unavailable", "uncharged"], spoken: "at once" },
    charge_in_progress: { words: ["in_progress"], out: ["check"], spoken: "at once" },
    price_changed: { words: ["price_changed_unread"], out: ["retry"], spoken: "at once" },
    ledger_reset: { words: ["not_sent"], out: ["check"], spoken: "at once" },
    other_user: { words: ["other_user"], spoken: "at once" },
    outcome_unknown: {
      words: ["unknown", "unknown_risk"],
      out: ["check", "reset"],
      spoken: "at once",
    },
    idempotency_key_reused: {
      words: ["not_charged", "uncharged"],
      out: ["retry"],
      spoken: "at once",
    },
    other_body: { words: ["used_up", "uncharged_now"], out: ["retry"], spoken: "at once" },
    unknown_usage: { words: ["unavailable", "uncharged"], spoken: "at once" },
    rate_limited: { words: ["rate_limited"], out: ["retry"], spoken: "at once" },
    paused: { words: ["paused"], out: ["retry"], spoken: "at once" },
    internal: { words: ["unknown", "unknown_risk"], out: ["check", "reset"], spoken: "at once" },
    ledger_unavailable: { words: ["not_charged", "uncharged"], out: ["retry"], spoken: "at once" },
    price_unavailable: { words: ["not_charged", "uncharged"], out: ["retry"], spoken: "at once" },
    ares_unreachable: { words: ["not_charged", "uncharged"], out: ["retry"], spoken: "at once" },
    auth_unavailable: { words: ["auth_unavailable"], out: ["retry"], spoken: "at once" },
    network_error: {
      words: ["network_error", "perhaps_charged"],
      out: ["retry"],
      spoken: "at once",
    },
    unexpected_response: {
      words: ["unknown", "unknown_risk"],
      out: ["check", "reset"],
      spoken: "at once",
    },
  } satisfies Record<AresErrorCode, StateWords>,
  balance: {
    loading: { words: ["balance_loading"], spoken: "as text" },
    signed_out: { words: ["balance_signed_out"], spoken: "as text" },
    not_connected: { words: ["balance_not_connected"], spoken: "as text" },
    reconnect: { words: ["balance_reconnect"], spoken: "as text" },
    ready: { words: ["balance"], out: ["refresh"], spoken: "as text" },
    error: { words: ["balance_error"], out: ["refresh"], spoken: "as text" },
  } satisfies Record<AresUserState["status"], StateWords>,
  history: {
    claimed: { words: ["history_claimed"], spoken: "as text" },
    sending: { words: ["history_sending"], spoken: "as text" },
    charged: { words: ["history_charged"], spoken: "as text" },
    declined: { words: ["history_declined"], spoken: "as text" },
    unknown: { words: ["history_unknown"], spoken: "as text" },
    absent: { words: ["history_absent"], spoken: "as text" },
  } satisfies Record<History, StateWords>,
};
