import type { Prices } from "../../contract";
import { listedPrice } from "../../contract";
import type { Charged } from "./charge";

export type Row = Pick<Charged["row"], "id" | "usage" | "resource">;

/**
 * How long after a charge its own request may be repeated, in milliseconds: ten minutes, for an answer that was lost, or for as long
 * as its `resource` is paid. Without an end one charge would be work for ever.
 */
export function repeatsMs({ usage, resource }: Row, prices: Prices): number {
  const paidMs = resource === null ? 0 : (listedPrice(prices, usage)?.keepMs ?? Number.POSITIVE_INFINITY);
  return Math.max(10 * 60_000, paidMs);
}
