import type { AresError, Prices } from "../../contract";
import { listedPrice } from "../listedPrice";
import { refuse } from "../refusals";
import type { Charged } from "./chargeEngine";

type Row = Pick<Charged["row"], "id" | "usage" | "resource">;

/**
 * How long after a charge its own request may be repeated, in milliseconds: ten minutes, for an answer that was lost, or for as long
 * as its `resource` is paid. Without an end one charge would be work for ever.
 */
export function repeatsMs({ usage, resource }: Row, prices: Prices): number {
  const paidMs = resource === null ? 0 : (listedPrice(prices, usage)?.keepMs ?? Number.POSITIVE_INFINITY);
  return Math.max(10 * 60_000, paidMs);
}

/** The refusal of what is not paid for; given its charge, of what was paid for and has been used. */
export function unpaid({ id, usage, resource }: Omit<Row, "id"> & Partial<Row>, prices: Prices): AresError {
  return refuse(
    "payment_required",
    { usage, resource: resource ?? undefined, credits: listedPrice(prices, usage)?.credits, chargeId: id },
    { message: id && "This was paid for and has been used. This request charged nothing." },
  );
}
