import type { AresMessages } from "./en";

/**
 * Writes an amount for people. A balance is rounded down, a price up. Less than a hundredth is written as such.
 */
export function formatCredits(
  credits: number,
  { messages, locale, round = "floor" }: { messages: AresMessages; locale?: string | undefined; round?: "floor" | "ceil" | undefined },
): string {
  const tiny = round === "floor" && credits > 0 && credits < 0.01;
  // Binary fractions are not exact: 0.29 * 100 is 28.999….
  const shown = tiny ? 0.01 : Math[round](Number((credits * 100).toFixed(6))) / 100;
  const n = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 }).format(shown);
  const amount = fill(messages[new Intl.PluralRules(locale).select(shown)] ?? messages.other, { n });
  return tiny ? fill(messages.less, { n: amount }) : amount;
}

/** Writes a moment, in milliseconds since 1970, as people read it. */
export function formatMoment(at: number, locale: string | undefined): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" }).format(at);
}

/** Fills in the named values. A missing value leaves a gap; with `whole` the text is then empty. */
export function fill(text: string, values: Readonly<Record<string, string | undefined>>, whole = false): string {
  let gaps = false;
  const filled = text.replace(/{(\w+)}/g, (_, name: string) => {
    gaps ||= !values[name];
    return values[name] ?? "";
  });
  return whole && gaps ? "" : filled.trim();
}
