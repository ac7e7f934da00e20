import { type AresComponentMessages, type AresMessages, formatCredits } from "ares-react";
import { labelIn } from "./labels";
import { messagesOf } from "./messagesOf";
import { type LocaleName, localeNames } from "./view";

type Key = keyof (AresMessages & AresComponentMessages);

export const isLocale = (value: unknown): value is LocaleName =>
  typeof value === "string" && value in localeNames;

/**
 * The kit's words in the story's language, so that a `play` finds its texts in every language. `say` and `credits` give
 * the text on screen: jest-dom reads each space as a plain space. The others give exact names, letter for letter.
 */
export function wordsIn({ locale }: Record<string, unknown>) {
  const language = isLocale(locale) ? locale : "en";
  const messages = messagesOf(language);
  const exactly = (amount: number) => formatCredits(amount, { messages, locale: language });
  const label = (text: string) => labelIn(language, text);
  const write = (key: Key, values: Record<string, string | number> = {}) =>
    (messages[key] ?? "").replaceAll(/{(\w+)}/g, (_, name: string) => {
      const value = name === "label" ? label(String(values[name])) : values[name];
      return typeof value === "number" ? exactly(value) : (value ?? "");
    });
  return {
    credits: (amount: number) => plain(exactly(amount)),
    label,
    name: write,
    say: (key: Key, values?: Record<string, string | number>) => plain(write(key, values)),
    unlock: (label: string, price: number) => `${write("unlock", { label })} · ${exactly(price)}`,
    priced: (key: Key, price: number, values?: Record<string, string>) =>
      `${write(key, values)} · ${exactly(price)}`,
    retry: (price: number) => `${write("retry")} · ${exactly(price)}`,
    shop: () => write("new_tab", { link: write("topUp") }),
    balance: (amount: number) => write("balance", { balance: amount }),
  };
}

const plain = (text: string) => text.replaceAll(/\s/g, " ");
