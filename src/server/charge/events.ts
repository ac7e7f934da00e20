import { fromHundredths } from "../../contract";

/**
 * Something that happened to a charge, ready for logs and metrics. It carries no user, token, e-mail or upstream body.
 *
 * `replayed`: a repeated key was answered from the ledger. `not_sent`: ARES did nothing; the same key may be tried again.
 * `settle_delayed`: the outcome is known and answered, but the ledger could not write it down yet.
 * `settle_lost`: it never could, and the row reads as unknown once its lease ends; or the row was ended otherwise meanwhile.
 * `settle_corrected`: ARES confirmed a charge that an operator had resolved as not charged; the row reads as charged now.
 */
export interface AresEvent {
  type: "settle_corrected" | "charged" | "declined" | "unknown" | "not_sent" | "replayed" | "settle_delayed" | "settle_lost" | "resolved";
  chargeId: string;
  usage: string;
  credits: number;
  /** A code of the error table. */
  code?: string;
  /** Milliseconds since 1970 on this server's clock. */
  at: number;
}

/** What every event and many refusals say of a charge. */
export function factsOf({ id, usage, hundredths }: { id: string; usage: string; hundredths: number }) {
  return { chargeId: id, usage, credits: fromHundredths(hundredths) };
}
