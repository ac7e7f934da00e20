import { isCredits } from "./credits";
import { need } from "./errors";
import { maxQuotedCredits, type PriceTerms, type QuotedPrice } from "./quoted";
import { UsageName } from "./wire";

/** A usage's price: credits, credits with how long one charge of a `resource` stays paid, or a `quoted` price. */
export type Price =
  | number
  | (PriceTerms & {
      /** Credits per charge, above 0, at most two decimal places. */
      credits: number;
    })
  | QuotedPrice;

/** Usage name to price. */
export type Prices = Readonly<Record<string, Price>>;

/**
 * Declares what an app charges for, once, on the server. The browser only ever names a usage.
 *
 * Prices are checked here, so a wrong one stops the start-up instead of a user's purchase.
 *
 * @example
 * export const prices = definePrices({
 *   "export-pdf": 1,
 *   report: { credits: 3, keepMs: Infinity },
 *   render: quoted({ input: z.object({ pages: z.int() }), credits: ({ pages }) => pages * 0.1 }),
 * });
 *
 * @throws {AresError} `invalid_request` when a name or an amount can't be charged.
 */
export function definePrices<const P extends Prices>(prices: P): P {
  for (const [usage, price] of Object.entries(prices)) {
    const { credits, quote, keepMs } = priceOf(price);
    const { maxCredits = maxQuotedCredits } = quote ?? {};
    const is = (given: unknown) => `of "${usage}" is ${String(given)}. Use`;
    need(
      UsageName.safeParse(usage).success,
      `"${usage}" is no usage name. Use 1 to 64 letters, digits, "_", ".", ":", "-" or inner spaces.`,
    );
    need(
      quote || (isCredits(credits) && credits > 0),
      `the price ${is(credits)} a number above 0 with at most two decimal places, or quoted({ input, credits }).`,
    );
    need(
      !quote || isSchema(quote.input),
      `the input ${is(typeof quote?.input)} a Standard Schema, such as one of zod.`,
    );
    need(
      !quote || typeof quote.credits === "function",
      `the price ${is(quote?.credits)} a function of the input.`,
    );
    need(isCredits(maxCredits) && maxCredits > 0, `maxCredits ${is(maxCredits)} a number above 0.`);
    need(keepMs > 0, `keepMs ${is(keepMs)} milliseconds above 0, or Infinity.`);
  }
  return prices;
}

/** The schemas of some libraries are functions. */
function isSchema(value: unknown): boolean {
  const schema: { "~standard"?: { validate?: unknown } } = Object(value);
  return typeof schema["~standard"]?.validate === "function";
}

/** A price with all its terms. A quoted price has `quote` and no `credits`. */
type PriceFacts = Required<PriceTerms> &
  ({ credits: number; quote?: undefined } | { credits?: undefined; quote: QuotedPrice });

/** Reads every form of a price. */
export function priceOf(price: Price): PriceFacts {
  if (typeof price === "number") return { credits: price, keepMs: Number.POSITIVE_INFINITY };
  const { keepMs = Number.POSITIVE_INFINITY } = price;
  return "input" in price ? { quote: price, keepMs } : { credits: price.credits, keepMs };
}

/** The price of a usage; undefined where the app has none. */
export function listedPrice(prices: Prices, usage: string): PriceFacts | undefined {
  const price = Object.hasOwn(prices, usage) ? prices[usage] : undefined;
  return price === undefined ? undefined : priceOf(price);
}

/** The constant prices as the browser may see them: usage to credits. */
export function shownPrices(prices: Prices): Record<string, number> {
  return Object.fromEntries(
    Object.entries(prices).flatMap(([usage, price]) => {
      const { credits } = priceOf(price);
      return credits === undefined ? [] : [[usage, credits]];
    }),
  );
}

/** The usages whose price follows from an input. */
export function quotedUsages(prices: Prices): string[] {
  return Object.keys(prices).filter((usage) => listedPrice(prices, usage)?.quote !== undefined);
}
