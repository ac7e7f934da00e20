import type { AmountTexts, AresComponentMessages, AresMessages } from "../../messages/en";
import { fill, formatCredits } from "../../messages/format";

/** A text of a gate. A misspelt key does not compile. */
export type GateKey = keyof AresMessages;

/** A text of a gate or of any other component. */
export type TextKey = GateKey | keyof AresComponentMessages;

/** What the user pays is rounded up, and what the user has is rounded down. */
const roundings = [
  ["price", "ceil"],
  ["former", "ceil"],
  ["credits", "ceil"],
  ["missing", "ceil"],
  ["balance", "floor"],
  ["before", "floor"],
  ["after", "floor"],
] as const;
type Amount = (typeof roundings)[number][0];

/** What texts name: amounts in credits, the feature, the signed-in user's email. Any text of an app may name any of them. */
export type Named = { [A in Amount]?: number | undefined } & {
  label?: string | undefined;
  user?: string | undefined;
};

/** Writes texts by their keys, with what they name filled in. */
export function createWriter<Key extends string>(
  messages: { readonly [K in Key]?: string | undefined } & AmountTexts,
  locale: string | undefined,
  named: Named,
): (key: Key | undefined) => string {
  const { label, user } = named;
  const values: Record<string, string | undefined> = { label, user };
  for (const [name, round] of roundings) {
    const amount = named[name];
    if (amount !== undefined) values[name] = formatCredits(amount, { messages, locale, round });
  }
  return (key) => (key === undefined ? "" : fill(messages[key] ?? "", values));
}
