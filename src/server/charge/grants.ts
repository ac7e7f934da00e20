import type { AresError, Prices } from "../../contract";
import { listedPrice } from "../../contract";
import { rowsWithin } from "../ledger/askLedger";
import type { ChargeRow, Ledger } from "../ledger/ledger";
import { isOpen } from "../ledger/rows";
import { askAgain, refuse } from "../refusals";

const DAY_MS = 24 * 60 * 60 * 1000;

type Row = Pick<ChargeRow, "id" | "userId" | "usage"> & Partial<Pick<ChargeRow, "resource" | "settledAgoMs" | "leaseLeftMs">>;

export interface Grants {
  /** True when the app serves this unconfirmed charge, within the daily cap per user. */
  granted(row: Row): Promise<boolean>;
  /** The refusal of an unconfirmed charge. `granted` in its details says that the app serves the charge. */
  unconfirmed(row: Row): Promise<AresError>;
}

export function createGrants(ledger: Ledger, prices: Prices): Grants {
  async function granted({ id, userId, usage, resource, settledAgoMs, leaseLeftMs = 0 }: Row): Promise<boolean> {
    const price = listedPrice(prices, usage);
    if (price?.onUnknown !== "grant") return false;
    // A grant lasts no longer than a paid resource would.
    if (typeof resource === "string" && (settledAgoMs ?? -leaseLeftMs) >= price.keepMs) return false;
    // An older open charge comes first, because it may become unconfirmed and use the grant. A charge that was resolved as not
    // charged has used its grant; without it the day's count would start again.
    const today = (await rowsWithin(ledger, { userId }, DAY_MS)).filter(
      (row) => row.usage === usage && (isOpen(row) || (row.status === "declined" && row.outcome.note !== undefined)),
    );
    return today.slice(-price.grantsPerDay).some((row) => row.id === id);
  }

  async function unconfirmed(row: Row): Promise<AresError> {
    const serves = await granted(row).catch(() => false);
    return refuse("outcome_unknown", { ...askAgain(row, 5), granted: serves || undefined });
  }

  return { granted, unconfirmed };
}
