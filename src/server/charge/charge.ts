import { fromHundredths } from "../../contract";
import type { Charged } from "./chargeEngine";

/** Proof that a charge stands. Amounts in credits, times in milliseconds since 1970. */
export interface ChargeReceipt<U extends string = string> {
  id: string;
  usage: U;
  resource?: string | undefined;
  credits: number;
  chargedAt: number;
  /** True when this was paid for before and nothing was taken now. */
  replayed: boolean;
  /** Only with `onUnknown: "grant"`: ARES has not confirmed it, and the app serves it at its own risk. */
  granted?: true;
}

type Receivable = Pick<Charged, "row" | "replayed"> & { granted?: boolean };

export function receiptOf<U extends string>(usage: U, { row, replayed, granted }: Receivable): ChargeReceipt<U> {
  return {
    id: row.id,
    usage,
    resource: row.resource ?? undefined,
    credits: fromHundredths(row.hundredths),
    chargedAt: row.settledAt ?? row.createdAt,
    replayed,
    ...(granted && { granted }),
  };
}
