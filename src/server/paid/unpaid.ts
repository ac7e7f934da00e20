import type { AresError, Prices } from "../../contract";
import { listedPrice } from "../../contract";
import type { Row } from "../charge/repeats";
import { refuse } from "../refusals";
/** The refusal of an unpaid request. With an `id`: the charge exists, but has been used. */
export function unpaid({ id, usage, resource }: Omit<Row, "id"> & Partial<Row>, prices: Prices): AresError {
  return refuse(
    "payment_required",
    { usage, resource: resource ?? undefined, credits: listedPrice(prices, usage)?.credits, chargeId: id },
    { message: id && "This charge is used up. This request charged nothing." },
  );
}
