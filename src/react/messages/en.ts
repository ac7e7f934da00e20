/**
 * Every text the kit shows by itself. A status's text has the status's name, `…_more` is added where all its amounts are
 * known, `…_some` where they are not, `…_plain` where a gate has no label, and a button's text has the action's name. `{label}` and amounts such as `{price}` are filled in.
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
  insufficient: "Not enough credits.",
  insufficient_more: "This costs {price}, you have {balance}.",
  insufficient_some: "This costs {price}.",
  price_changed: "The price is now {price}. You were not charged.",
  not_charged: "That did not work. You were not charged.",
  unknown: "We could not confirm the charge: you may have been charged. It won't be sent again.",
  unknown_more: "Your balance was {before} and is now {after}.",
  unavailable: "This is not available now. You were not charged.",
  offline: "You are offline.",
  wait: "Please wait a moment.",
  signIn: "Sign in with ARES",
  connect: "Connect ARES",
  renew: "Reconnect ARES",
  unlock: "Unlock {label}",
  unlock_plain: "Unlock",
  confirm: "Spend {price}",
  cancel: "Cancel",
  retry: "Try again",
  checkAgain: "Check again",
  dismiss: "Start over, I may pay twice",
  topUp: "Get credits (opens in a new tab)",
};

/** All texts of one language. A language with more than two forms of plural has those too. */
export type AresMessages = Readonly<typeof englishMessages & { [form in "zero" | "two" | "few" | "many"]?: string }>;

/** Fills in the named values. Unless `whole`, a value that isn't known leaves a gap; otherwise nothing is said at all. */
export function fill(text: string, values: Readonly<Record<string, string | undefined>>, whole = false): string {
  let gaps = false;
  const filled = text.replace(/{(\w+)}/g, (_, name: string) => {
    gaps ||= !values[name];
    return values[name] ?? "";
  });
  return whole && gaps ? "" : filled.trim();
}
