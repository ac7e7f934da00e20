import type { AresError, ChargeStatus, Prices } from "../../contract";
import { listedPrice } from "../../contract";
import { rowsWithin } from "../ledger/askLedger";
import type { ChargeRow, Ledger } from "../ledger/ledger";
import { isOpen, newestFirst } from "../ledger/rows";
import { askAgain, refuse } from "../refusals";
import { CLAIM_LEASE_MS } from "./chargeLookup";

const DAY_MS = 24 * 60 * 60 * 1000;

type Row = Pick<ChargeRow, "id" | "userId" | "usage"> & Partial<Pick<ChargeRow, "resource" | "settledAgoMs" | "leaseLeftMs">>;

export interface Grants {
  /** True when the app serves this unconfirmed charge, within the daily cap per user. */
  granted(row: Row): Promise<boolean>;
  /** The ids of those unconfirmed charges of one user that the app serves. */
  grantedOf(rows: readonly Row[]): Promise<ReadonlySet<string>>;
  /** The refusal of an unconfirmed charge. `granted` in its details says that the app serves the charge. */
  unconfirmed(row: Row): Promise<AresError>;
}

export function createGrants(ledger: Ledger, prices: Prices): Grants {
  /** How many charges of this row's usage are served in a day. 0: this row is not served. */
  function servedPerDay({ usage, resource, settledAgoMs, leaseLeftMs = 0 }: Row): number {
    const price = listedPrice(prices, usage);
    if (price?.onUnknown !== "grant") return 0;
    // A grant lasts no longer than a paid resource would.
    const isOver = typeof resource === "string" && (settledAgoMs ?? -leaseLeftMs) >= price.keepMs;
    return isOver ? 0 : price.grantsPerDay;
  }

  /** The rows of a day that are open, or resolved. A row's states are read in their order, so no moving row is missed. */
  async function readToday(userId: string): Promise<ChargeRow[]> {
    const rows = new Map<string, ChargeRow>();
    const read = async (status: ChargeStatus, ms = DAY_MS) => {
      for (const row of await rowsWithin(ledger, { userId, status }, ms)) rows.set(row.id, row);
    };
    // An older claim has lost its lease.
    await read("claimed", CLAIM_LEASE_MS);
    for (const status of ["sending", "unknown", "declined"] as const) await read(status);
    // A charge that was resolved as not charged has used its grant; without it the day's count would start again.
    return [...rows.values()]
      .filter((row) => isOpen(row) || (row.status === "declined" && row.outcome.note !== undefined))
      .sort(newestFirst);
  }

  async function grantedOf(rows: readonly Row[]): Promise<ReadonlySet<string>> {
    const [first, ...others] = rows.filter((row) => servedPerDay(row) > 0);
    if (!first) return new Set();
    // An older open charge comes first, because it may become unconfirmed and use the grant.
    const today = await readToday(first.userId);
    const isServed = (row: Row) =>
      today
        .filter(({ usage }) => usage === row.usage)
        .slice(-servedPerDay(row))
        .some(({ id }) => id === row.id);
    return new Set([first, ...others].filter(isServed).map(({ id }) => id));
  }

  const granted = async (row: Row) => (await grantedOf([row])).has(row.id);

  async function unconfirmed(row: Row): Promise<AresError> {
    const serves = await granted(row).catch(() => false);
    return refuse("outcome_unknown", { ...askAgain(row, 5), granted: serves || undefined });
  }

  return { granted, grantedOf, unconfirmed };
}
