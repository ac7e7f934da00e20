import type { AresComponentMessages, AresGateState, AresMessages, AresUserState, ChargeHistoryProps } from "ares-react";

type Key = keyof (AresMessages & AresComponentMessages);

/** A state's words and ways out, by their names in the kit's messages. */
export interface StateWords {
  words: readonly Key[];
  out?: readonly Key[];
  /** How a screen reader hears the words after a press. Before a press, every word is text. */
  spoken: "politely" | "at once" | "as text" | "as a question" | "not at all";
}

type History = NonNullable<ChargeHistoryProps["charges"]>[number]["status"];

/** Every state of a component. A new state without a row does not compile. */
export const stateWords = {
  gate: {
    loading: { words: ["loading"], spoken: "as text" },
    signed_out: { words: ["signed_out"], out: ["signIn"], spoken: "as text" },
    not_connected: { words: ["not_connected"], out: ["connect"], spoken: "as text" },
    reconnect: { words: ["reconnect"], out: ["reconnect_button"], spoken: "at once" },
    locked: { words: ["locked_more"], out: ["unlock"], spoken: "as text" },
    confirming: { words: ["confirming", "confirming_more"], out: ["cancel", "confirm"], spoken: "as a question" },
    charging: { words: ["charging"], spoken: "politely" },
    unlocked: { words: ["unlocked", "unlocked_more"], spoken: "politely" },
    insufficient: { words: ["insufficient", "insufficient_more"], out: ["topUp", "check"], spoken: "at once" },
    price_changed: { words: ["price_changed", "price_changed_more"], out: ["unlock"], spoken: "at once" },
    not_charged: { words: ["not_charged"], out: ["retry"], spoken: "at once" },
    unknown: { words: ["unknown", "unknown_more"], out: ["check", "reset"], spoken: "at once" },
    unavailable: { words: ["unavailable"], spoken: "at once" },
    entitled: { words: [], spoken: "not at all" },
  } satisfies Record<AresGateState["status"], StateWords>,
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
