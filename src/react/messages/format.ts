import type { AresMessages } from "./en";

/**
 * Writes an amount for people: a balance is rounded down, a price up, and what is less than a hundredth says so.
 */
export function formatCredits(
  credits: number,
  { messages, locale, round = "floor" }: { messages: AresMessages; locale?: string | undefined; round?: "floor" | "ceil" | undefined },
): string {
  const tiny = round === "floor" && credits > 0 && credits < 0.01;
  // Hundredths of a binary fraction land beside the integer: 0.29 * 100 is 28.999….
  const shown = tiny ? 0.01 : Math[round](Number((credits * 100).toFixed(6))) / 100;
  const n = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 }).format(shown);
  const amount = fill(messages[new Intl.PluralRules(locale).select(shown)] ?? messages.other, { n });
  return tiny ? fill(messages.less, { n: amount }) : amount;
}

/** Writes a moment, in milliseconds since 1970, as people read it. */
export function formatMoment(at: number, locale: string | undefined): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" }).format(at);
}

/** Fills in the named values. Unless `whole`, a value that isn't known leaves a gap; otherwise nothing is said at all. */
export function fill(text: string, values: Readonly<Record<string, string | undefined>>, whole = false): string {
  let gaps = false;
  const filled = text.replace(/{(\w+)}/g, (_, name: string) => {
    gaps ||= !values[name];
    return values[name] ?? "";
  });
  return whole && gaps ? "" : filled.trim();
}
