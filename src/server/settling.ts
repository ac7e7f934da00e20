import { fromHundredths } from "../contract";
import type { AresEvent } from "./events";
import { inLedger } from "./inLedger";
import type { ChargeRow, Ledger, Settlement } from "./ledger";

type Settled = Pick<ChargeRow, "id" | "usage" | "hundredths">;

export interface Settling {
  /** Writes an outcome down; when the ledger can't now, behind the answer. Never rejects. */
  settle(row: Settled, settlement: Settlement): Promise<void>;
  /** Writes an outcome down behind the answer. */
  settleLater(row: Settled, settlement: Settlement): void;
}

const SETTLE_AGAIN_MS = [100, 500, 2_000, 5_000, 10_000];

/** Writes outcomes down without letting a failing ledger change what users are told. */
export function createSettling(ledger: Ledger, emit: (event: Omit<AresEvent, "at">) => void): Settling {
  /** The outcome is answered truthfully whatever the ledger says; a failed write is repeated behind the answer. */
  async function settle(row: Settled, settlement: Settlement): Promise<void> {
    try {
      await write(row, settlement);
    } catch {
      emit({ type: "settle_delayed", chargeId: row.id, usage: row.usage, credits: fromHundredths(row.hundredths) });
      settleLater(row, settlement);
    }
  }

  function settleLater(row: Settled, settlement: Settlement, tries: readonly number[] = SETTLE_AGAIN_MS): void {
    const [wait, ...rest] = tries;
    if (wait === undefined) settleLost(row);
    else setTimeout(() => void write(row, settlement).catch(() => settleLater(row, settlement, rest)), wait);
  }

  async function write(row: Settled, settlement: Settlement): Promise<void> {
    const written = await inLedger(() => ledger.settle(row.id, settlement));
    // Somebody has ended the row meanwhile, perhaps otherwise: an operator must hear what ARES said.
    if (!written && settlement.to !== "claimed") settleLost(row);
  }

  function settleLost(row: Settled): void {
    emit({ type: "settle_lost", chargeId: row.id, usage: row.usage, credits: fromHundredths(row.hundredths) });
  }

  return { settle, settleLater };
}
