import { type Prices, priceOf } from "../contract";

/** The price of a usage; undefined where the app has none. */
export function listedPrice(prices: Prices, usage: string): ReturnType<typeof priceOf> | undefined {
  const price = Object.hasOwn(prices, usage) ? prices[usage] : undefined;
  return price === undefined ? undefined : priceOf(price);
}
