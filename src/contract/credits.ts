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
  if (typeof value !== "number" || !Number.isFinite(value) || value < 0 || value > maxCredits)
    return false;
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

/** So much of an amount is noise of binary fractions, not price. */
const NOISE = 1e-12;

/**
 * Rounds a computed price up to whole hundredths. Noise is removed first: 12 × 0.1 is 1.20 and not 1.21.
 * Undefined for a price that can't be charged: no number, `NaN`, below 0, above `most`.
 *
 * @example
 * ceilHundredths(12 * 0.1, 100) // 120
 */
export function ceilHundredths(credits: unknown, most: number): number | undefined {
  if (typeof credits !== "number" || !(Math.abs(credits) <= maxCredits)) return undefined;
  const exact = credits * PLACES;
  const nearest = Math.round(exact);
  const noise = NOISE * Math.max(1_000, Math.abs(exact));
  const hundredths = Math.abs(exact - nearest) <= noise ? nearest : Math.ceil(exact);
  if (exact < -noise || hundredths > toHundredths(most)) return undefined;
  // Not -0.
  return Math.abs(hundredths);
}
