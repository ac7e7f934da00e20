import { UsageName } from "./charge";
import { isCredits } from "./credits";
import { need } from "./errors";

/** A usage's price: credits, or credits with how long one charge of a `resource` stays paid. */
export type Price =
  | number
  | {
      /** Credits per charge, above 0, at most two decimal places. */
      credits: number;
      /**
       * How long a charged `resource` stays paid, in milliseconds.
       * @default Infinity
       */
      keepMs?: number;
      /**
       * What a user gets while ARES has not confirmed a charge: nothing (`hold`), or the feature at the app's risk (`grant`).
       * @default "hold"
       */
      onUnknown?: "hold" | "grant";
      /** How many unconfirmed charges of this usage are granted to one user within 24 hours. @default 1 */
      grantsPerDay?: number;
    };

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
 * });
 *
 * @throws {AresError} `invalid_request` when a name or an amount can't be charged.
 */
export function definePrices<const P extends Prices>(prices: P): P {
  for (const [usage, price] of Object.entries(prices)) {
    const { credits, keepMs, grantsPerDay } = priceOf(price);
    const is = (given: unknown) => `of "${usage}" is ${String(given)}. Use`;
    need(
      UsageName.safeParse(usage).success,
      `"${usage}" is no usage name. Use 1 to 64 letters, digits, "_", ".", ":", "-" or inner spaces.`,
    );
    need(isCredits(credits) && credits > 0, `the price ${is(credits)} a number above 0 with at most two decimal places.`);
    need(keepMs > 0, `keepMs ${is(keepMs)} milliseconds above 0, or Infinity.`);
    need(Number.isInteger(grantsPerDay) && grantsPerDay > 0, `grantsPerDay ${is(grantsPerDay)} a whole number above 0.`);
  }
  return prices;
}

/** Reads either form of a price. */
export function priceOf(price: Price): Required<Exclude<Price, number>> {
  const defaults = { keepMs: Number.POSITIVE_INFINITY, onUnknown: "hold", grantsPerDay: 1 } as const;
  return typeof price === "number" ? { ...defaults, credits: price } : { ...defaults, ...price };
}

/** The price of a usage; undefined where the app has none. */
export function listedPrice(prices: Prices, usage: string): ReturnType<typeof priceOf> | undefined {
  const price = Object.hasOwn(prices, usage) ? prices[usage] : undefined;
  return price === undefined ? undefined : priceOf(price);
}

/** The prices as the browser may see them: usage to credits. */
export function shownPrices(prices: Prices): Record<string, number> {
  return Object.fromEntries(Object.entries(prices).map(([usage, price]) => [usage, priceOf(price).credits]));
}
