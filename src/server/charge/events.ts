import { fromHundredths } from "../../contract";

/**
 * A change of a charge, for logs and metrics. An event carries no user, token, e-mail or upstream body.
 *
 * `replayed`: the ledger answered a repeated key. `not_sent`: ARES did nothing, and the same key may be sent again.
 * `settle_delayed`: the outcome is known and answered, but the ledger has not stored it yet.
 * `settle_lost`: the ledger never stored the outcome, or the row was ended in another way. The row may read as unknown.
 * `settle_corrected`: ARES confirmed a charge that an operator had resolved as not charged; the row reads as charged now.
 */
export interface AresEvent {
  type:
    | "settle_corrected"
    | "charged"
    | "declined"
    | "unknown"
    | "not_sent"
    | "replayed"
    | "settle_delayed"
    | "settle_lost"
    | "resolved";
  chargeId: string;
  usage: string;
  credits: number;
  /** A code of the error table. */
  code?: string;
  /** With `settle_delayed` and `settle_lost`: the known outcome. `charges.resolve(chargeId, verdict, note)` stores it. */
  verdict?: "charged" | "not_charged";
  /** Milliseconds since 1970 on this server's clock. */
  at: number;
}

/** The facts that events and refusals tell about a charge. */
export function factsOf({
  id,
  usage,
  hundredths,
}: {
  id: string;
  usage: string;
  hundredths: number;
}) {
  return { chargeId: id, usage, credits: fromHundredths(hundredths) };
}
