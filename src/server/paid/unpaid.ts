import type { AresError, AresErrorDetails, Prices } from "../../contract";
import { listedPrice } from "../../contract";
import type { Charged } from "../charge/intent";
import { refuse } from "../refusals";

type Row = Pick<Charged["row"], "id" | "usage" | "resource">;

/** The refusal of a repeat whose body is another. */
export function otherBody({ id, usage }: Row): AresError {
  return refuse("other_body", { usage, chargeId: id });
}

/** The refusal of an unpaid request. */
export function unpaid(wanted: Omit<Row, "id">, prices: Prices): AresError {
  return refuse("payment_required", wantedOf(wanted, prices));
}

/** The refusal of a request whose charge is used up, or may be repeated no more. */
export function usedUp(row: Row, prices: Prices): AresError {
  return refuse("used_up", { ...wantedOf(row, prices), chargeId: row.id });
}

function wantedOf({ usage, resource }: Omit<Row, "id">, prices: Prices): AresErrorDetails {
  return { usage, resource: resource ?? undefined, credits: listedPrice(prices, usage)?.credits };
}
