import type { AresError, Prices } from "../../contract";
import { listedPrice } from "../../contract";
import type { Charged } from "../charge/charge";
import { refuse } from "../refusals";

type Row = Pick<Charged["row"], "id" | "usage" | "resource">;

/** The refusal of a repeat whose body is another. */
export function otherBody({ id, usage }: Row): AresError {
  return refuse("idempotency_key_reused", { usage, chargeId: id }, { message: OTHER_BODY });
}

const OTHER_BODY = "This Idempotency-Key was used with another body. This request charged nothing. Mint a new key for each intent.";

/** The refusal of an unpaid request. With an `id`: the charge exists, but has been used. */
export function unpaid({ id, usage, resource }: Omit<Row, "id"> & Partial<Row>, prices: Prices): AresError {
  return refuse(
    "payment_required",
    { usage, resource: resource ?? undefined, credits: listedPrice(prices, usage)?.credits, chargeId: id },
    { message: id && "This charge is used up. This request charged nothing." },
  );
}
