import { type AresErrorCode, fromHundredths } from "../../contract";

/** What a charge was, in ARES's own answer or by somebody's evidence. */
type Verdict = "charged" | "not_charged";

interface EventFacts {
  chargeId: string;
  usage: string;
  credits: number;
}

/** An event before its time is known. */
export type ChargeChange = EventFacts &
  (
    | { type: "charged" }
    | { type: "replayed" }
    | { type: "declined"; code: AresErrorCode }
    | { type: "not_sent"; code: AresErrorCode }
    | { type: "unknown"; code: "outcome_unknown" }
    | { type: "resolved"; verdict: Verdict }
    | { type: "settle_delayed"; verdict?: Verdict }
    | { type: "settle_lost"; verdict?: Verdict }
    | { type: "settle_corrected"; verdict?: Verdict }
  );

/**
 * A change of a charge, for logs and metrics. An event carries no user, token, e-mail or upstream body. The types keep their
 * names. A later version may add some: let a `switch` on `type` pass by those that it does not know.
 *
 * - `charged`: ARES confirmed the charge.
 * - `replayed`: the ledger answered a repeated key.
 * - `declined`: ARES declined; `code` says why.
 * - `not_sent`: ARES did nothing, and the same key may be sent again; `code` says why.
 * - `unknown`: nobody knows whether ARES took the credits.
 * - `resolved`: an operator or `reconcile` ended an unknown charge by this `verdict`.
 * - `settle_delayed`: the outcome is known and answered, but the ledger has not stored it yet.
 * - `settle_lost`: the ledger never stored the outcome, or the row was ended in another way. The row may read as unknown;
 *   `charges.resolve(chargeId, verdict, note)` stores the known outcome.
 * - `settle_corrected`: ARES confirmed a charge that an operator had resolved as not charged; the row reads as charged now.
 *
 * `verdict` is the known outcome. It is left out where the outcome is that nobody knows.
 */
export type AresEvent = ChargeChange & {
  /** Milliseconds since 1970 on this server's clock. */
  at: number;
};

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
