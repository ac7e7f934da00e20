import { askLedger } from "../ledger/askLedger";
import type { ChargeRow, Ledger, Settlement } from "../ledger/ledger";
import { type AresEvent, factsOf } from "./events";

type Settled = Pick<ChargeRow, "id" | "usage" | "hundredths">;

export interface OutcomeRecorder {
  /** Stores an outcome. When the ledger fails, the write is repeated after the answer. Never rejects. */
  settle(row: Settled, settlement: Settlement): Promise<void>;
  /** Stores an outcome after the answer. */
  settleLater(row: Settled, settlement: Settlement): void;
}

const SETTLE_AGAIN_MS = [100, 500, 2_000, 5_000, 10_000];

/** Stores outcomes. A failing ledger never changes the answer that a user gets. */
export function createOutcomeRecorder(ledger: Ledger, emit: (event: Omit<AresEvent, "at">) => void): OutcomeRecorder {
  /** The user's answer does not wait for a failed write. */
  async function settle(row: Settled, settlement: Settlement): Promise<void> {
    try {
      await write(row, settlement);
    } catch {
      emit({ type: "settle_delayed", ...factsOf(row) });
      settleLater(row, settlement);
    }
  }

  function settleLater(row: Settled, settlement: Settlement, tries: readonly number[] = SETTLE_AGAIN_MS): void {
    const [wait, ...rest] = tries;
    if (wait === undefined) emit({ type: "settle_lost", ...factsOf(row) });
    else setTimeout(() => void write(row, settlement).catch(() => settleLater(row, settlement, rest)), wait);
  }

  async function write(row: Settled, settlement: Settlement): Promise<void> {
    const { attempt, to } = settlement;
    if ((await askLedger(() => ledger.settle(row.id, settlement))) || to === "claimed") return;
    // An operator has ended the row. ARES's own yes corrects an operator's no, and the operator hears of both.
    const corrected = to === "charged" && (await askLedger(() => correct(row.id, attempt)));
    emit({ type: corrected ? "settle_corrected" : "settle_lost", ...factsOf(row) });
  }

  async function correct(id: string, attempt: string): Promise<boolean> {
    const said = (await ledger.find(id))?.outcome.note ?? "";
    return ledger.resolve(id, { to: "charged", note: `${said} ARES confirmed it later.`.trim(), attempt });
  }

  return { settle, settleLater };
}
