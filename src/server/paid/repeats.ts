import type { Prices } from "../../contract";
import { listedPrice } from "../../contract";
import type { Charged } from "../charge/charge";

/** How often finished work may be asked for again: lost answers need a few, and one charge pays for no more. */
export const MOST_REPEATS = 5;

export type Row = Pick<Charged["row"], "id" | "usage" | "resource">;

/**
 * How long the request of a charge may be repeated, in milliseconds: ten minutes, or as long as the `resource` is paid.
 * Lost answers need repeats. Without an end one charge would pay for work for ever.
 */
export function repeatsMs({ usage, resource }: Row, prices: Prices): number {
  const paidMs = resource === null ? 0 : (listedPrice(prices, usage)?.keepMs ?? Number.POSITIVE_INFINITY);
  return Math.max(10 * 60_000, paidMs);
}
