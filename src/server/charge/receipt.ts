import { fromHundredths } from "../../contract";
import { inputDigestOf } from "./chargeId";
import type { Charged } from "./intent";

/** Proof that a charge is paid. Amounts in credits, times in milliseconds since 1970. */
export interface ChargeReceipt<U extends string = string> {
  id: string;
  usage: U;
  resource?: string | undefined;
  /** The digest of the input, where the price is quoted. */
  inputDigest?: string | undefined;
  credits: number;
  chargedAt: number;
  /** True when the charge was paid before and nothing was taken now. */
  replayed: boolean;
}

export function receiptOf<U extends string>(
  usage: U,
  { row, replayed }: Pick<Charged, "row" | "replayed">,
): ChargeReceipt<U> {
  return {
    id: row.id,
    usage,
    resource: row.resource ?? undefined,
    inputDigest: inputDigestOf(row),
    credits: fromHundredths(row.hundredths),
    chargedAt: row.settledAt ?? row.createdAt,
    replayed,
  };
}
