/**
 * Credits are decimals with at most two places; all arithmetic happens in whole hundredths.
 *
 * @source ARES took 0.01 credits between 2025-07 and 2025-10; today's precision is undocumented.
 */
const PLACES = 100;

/** The largest amount of credits this kit handles: hundredths stay exact integers. */
export const maxCredits = 1_000_000_000;

/** True for a finite number of credits, zero or more, with at most two decimal places. */
export function isCredits(value: unknown): value is number {
  if (typeof value !== "number" || !Number.isFinite(value) || value < 0 || value > maxCredits) return false;
  const scaled = value * PLACES;
  return Math.abs(scaled - Math.round(scaled)) < 1e-6;
}

/**
 * Converts credits to whole hundredths, so that sums and differences are exact.
 *
 * @example
 * toHundredths(0.29) // 29
 */
export function toHundredths(credits: number): number {
  return Math.round(credits * PLACES);
}

/**
 * Converts whole hundredths back to credits.
 *
 * @example
 * fromHundredths(29) // 0.29
 */
export function fromHundredths(hundredths: number): number {
  return hundredths / PLACES;
}
