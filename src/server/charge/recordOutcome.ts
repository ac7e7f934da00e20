import { askLedger } from "../ledger/askLedger";
import type { ChargeRow, Ledger, Settlement } from "../ledger/ledger";
import { type ChargeChange, factsOf } from "./events";
import { createWaitingWrites } from "./waitingWrites";

type Settled = Pick<ChargeRow, "id" | "usage" | "hundredths">;

export interface OutcomeRecorder {
  /** Stores an outcome. When the ledger fails, the outcome waits and is stored after the answer. Never rejects. */
  settle(row: Settled, settlement: Settlement): Promise<void>;
  /** Stores an outcome after the answer. */
  settleLater(row: Settled, settlement: Settlement): void;
}

export interface OutcomeRecorderParts {
  ledger: Ledger;
  emit: (change: ChargeChange) => void;
  /** Keeps a serverless function alive until the promise ends. */
  waitUntil?: ((work: Promise<void>) => void) | undefined;
}

/** Stores outcomes. A failing ledger never changes the answer that a user gets. */
export function createOutcomeRecorder({
  ledger,
  emit,
  waitUntil,
}: OutcomeRecorderParts): OutcomeRecorder {
  const later = createWaitingWrites(waitUntil);

  function settleLater(row: Settled, settlement: Settlement): void {
    later({ write: () => write(row, settlement), lost: () => lose(row, settlement) });
  }

  function lose(row: Settled, { to }: Settlement): void {
    emit({ type: "settle_lost", ...factsOf(row), ...verdictOf(to) });
  }

  async function write(row: Settled, settlement: Settlement): Promise<void> {
    const { attempt, to } = settlement;
    if (await askLedger(() => ledger.settle(row.id, settlement))) return;
    if (to === "claimed") return askLedger(() => free(row, attempt));
    // An operator has ended the row. ARES's own yes corrects an operator's no, and the operator hears of both.
    const corrected = to === "charged" && (await askLedger(() => correct(row.id, attempt)));
    emit({
      type: corrected ? "settle_corrected" : "settle_lost",
      ...factsOf(row),
      ...verdictOf(to),
    });
  }

  async function correct(id: string, attempt: string): Promise<boolean> {
    const said = (await ledger.find(id))?.outcome.note ?? "";
    return ledger.resolve(id, {
      to: "charged",
      note: `${said} ARES confirmed it later.`.trim(),
      attempt,
    });
  }

  /** `reconcile` may have stored the lost sender's row as unknown. The sender knows better: nothing was sent. */
  async function free(row: Settled, attempt: string): Promise<void> {
    const found = await ledger.find(row.id);
    if (found?.status !== "unknown" || found.attempt !== attempt) return;
    const ended = await ledger.resolve(row.id, {
      to: "declined",
      note: "ARES did nothing with this charge.",
    });
    if (ended) emit({ type: "resolved", ...factsOf(row), verdict: "not_charged" });
  }

  return {
    async settle(row, settlement) {
      try {
        await write(row, settlement);
      } catch {
        emit({ type: "settle_delayed", ...factsOf(row), ...verdictOf(settlement.to) });
        settleLater(row, settlement);
      }
    },
    settleLater,
  };
}

/** The verdict of an outcome, as `charges.resolve` takes it. An unknown outcome has none. */
function verdictOf(to: Settlement["to"]): { verdict?: "charged" | "not_charged" } {
  if (to === "unknown") return {};
  return { verdict: to === "charged" ? "charged" : "not_charged" };
}
