import { type AresComponentMessages, type AresMessages, formatCredits } from "ares-react";
import { messagesOf } from "./messagesOf";
import { type LocaleName, localeNames } from "./view";

type Key = keyof (AresMessages & AresComponentMessages);

export const isLocale = (value: unknown): value is LocaleName => typeof value === "string" && value in localeNames;

/** The kit's words in the language that a story is shown in, so that a `play` finds what it looks for in each of them. */
export function wordsIn({ locale }: Record<string, unknown>) {
  const language = isLocale(locale) ? locale : "en";
  const messages = messagesOf(language);
  const credits = (amount: number) => formatCredits(amount, { messages, locale: language });
  const say = (key: Key, values: Record<string, string | number> = {}) =>
    (messages[key] ?? "").replaceAll(/{(\w+)}/g, (_, name: string) => {
      const value = values[name];
      return typeof value === "number" ? credits(value) : (value ?? "");
    });
  return {
    credits,
    say,
    unlock: (label: string, price: number) => `${say("unlock", { label })} · ${credits(price)}`,
    retry: (price: number) => `${say("retry")} · ${credits(price)}`,
    balance: (amount: number) => say("balance", { balance: amount }),
  };
}
