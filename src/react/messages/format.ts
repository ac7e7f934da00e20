import type { AmountTexts } from "./en";

/**
 * Keeps what `make` made for the last key. `Intl` objects and merged texts are slow to make, and a page has one locale and
 * one set of texts. The older value is forgotten, so a server with many locales keeps one.
 */
export function keepLast<K, T>(make: (key: K) => T): (key: K) => T {
  let last: { key: K; value: T } | undefined;
  return (key) => {
    if (!last || last.key !== key) last = { key, value: make(key) };
    return last.value;
  };
}

type Locale = string | undefined;
/** A page shows one balance in many places, so the last amount is kept too. */
const amounts = /* @__PURE__ */ keepLast((locale: Locale) => {
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 });
  const plural = new Intl.PluralRules(locale);
  return keepLast((messages: AmountTexts) =>
    keepLast((shown: number) =>
      fill(messages[plural.select(shown)] ?? messages.other, { n: number.format(shown) }),
    ),
  );
});
const moments = /* @__PURE__ */ keepLast(
  (locale: Locale) => new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" }),
);

/**
 * Writes an amount for people. A balance is rounded down, a price up. Less than a hundredth is written as such.
 */
export function formatCredits(
  credits: number,
  {
    messages,
    locale,
    round = "floor",
  }: { messages: AmountTexts; locale?: Locale; round?: "floor" | "ceil" | undefined },
): string {
  const tiny = round === "floor" && credits > 0 && credits < 0.01;
  // Binary fractions are not exact: 0.29 * 100 is 28.999….
  const shown = tiny ? 0.01 : Math[round](Number((credits * 100).toFixed(6))) / 100;
  const amount = amounts(locale)(messages)(shown);
  return tiny ? fill(messages.less, { n: amount }) : amount;
}

/** Writes a moment, in milliseconds since 1970, as people read it. */
export function formatMoment(at: number, locale: Locale): string {
  return moments(locale).format(at);
}

/** Fills in the named values. A missing value leaves a gap; with `whole` the text is then empty. */
export function fill(
  text: string,
  values: Readonly<Record<string, string | undefined>>,
  whole = false,
): string {
  let gaps = false;
  const filled = text.replace(/{(\w+)}/g, (_, name: string) => {
    gaps ||= !values[name];
    return values[name] ?? "";
  });
  return whole && gaps ? "" : filled.trim();
}

/** The full stop between two texts: the end of the second, where the first has none. */
export const stopBetween = (text: string, next: string): string =>
  (/\P{P}$/u.test(text) && /\p{P}$/u.exec(next)?.[0]) || "";

/** The name of a usage or a resource for users: the first that the labels have, or the id itself. */
export function nameOf(
  id: string,
  ...labels: readonly (Readonly<Record<string, string | undefined>> | undefined)[]
): string {
  return labels.find((names) => names && Object.hasOwn(names, id))?.[id] ?? id;
}
