import { askLedger } from "../ledger/askLedger";
import type { ChargeRow, Ledger, Settlement } from "../ledger/ledger";
import { type AresEvent, factsOf } from "./events";

type Settled = Pick<ChargeRow, "id" | "usage" | "hundredths">;

export interface OutcomeRecorder {
  /** Writes an outcome down; when the ledger can't now, behind the answer. Never rejects. */
  settle(row: Settled, settlement: Settlement): Promise<void>;
  /** Writes an outcome down behind the answer. */
  settleLater(row: Settled, settlement: Settlement): void;
}

const SETTLE_AGAIN_MS = [100, 500, 2_000, 5_000, 10_000];

/** Writes outcomes down without letting a failing ledger change what users are told. */
export function createOutcomeRecorder(ledger: Ledger, emit: (event: Omit<AresEvent, "at">) => void): OutcomeRecorder {
  /** The outcome is answered truthfully whatever the ledger says; a failed write is repeated behind the answer. */
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
    // Somebody has ended the row meanwhile. ARES's own yes outweighs an operator's no; in any case an operator must hear of it.
    const corrected = to === "charged" && (await askLedger(() => correct(row.id, attempt)));
    emit({ type: corrected ? "settle_corrected" : "settle_lost", ...factsOf(row) });
  }

  async function correct(id: string, attempt: string): Promise<boolean> {
    const said = (await ledger.find(id))?.outcome.note ?? "";
    return ledger.resolve(id, { to: "charged", note: `${said} ARES confirmed it later.`.trim(), attempt });
  }

  return { settle, settleLater };
}
