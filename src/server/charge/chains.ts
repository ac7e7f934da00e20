import { listedPrice, type Prices } from "../../contract";
import { askLedger, rowsById } from "../ledger/askLedger";
import type { ChargeRow, Ledger } from "../ledger/ledger";
import { nextChargeId } from "./chargeId";

/** An id, and the row that stands there. */
export interface Link {
  id: string;
  row: ChargeRow | null;
}

export interface Chains {
  /**
   * Follows the chains of one user's resources to the places that count now, past charges that have ended for `key`.
   * The chain's newest row spares the reads between.
   */
  follow(
    ids: readonly string[],
    rows: ReadonlyMap<string, ChargeRow>,
    key: string,
  ): Promise<Link[]>;
  /** True when a resource's charge has ended for every other key. */
  isExpired(row: ChargeRow, key: string): boolean;
}

/** The rows of a resource form a chain: the id of each row follows from the row before. */
export function createChains(ledger: Ledger, prices: Prices): Chains {
  function isExpired(row: ChargeRow, key: string): boolean {
    if (row.status !== "charged" || row.resource === null || row.key === key) return false;
    const price = listedPrice(prices, row.usage);
    return price !== undefined && row.settledAgoMs !== null && row.settledAgoMs >= price.keepMs;
  }

  async function follow(
    ids: readonly string[],
    rows: ReadonlyMap<string, ChargeRow>,
    key: string,
  ): Promise<Link[]> {
    const expired = ids
      .map((id) => rows.get(id))
      .filter((row) => row !== undefined && isExpired(row, key));
    const newest = await newestOf(expired.flatMap((row) => row ?? []));
    return walk(
      ids.map((id) => newest.get(id)?.id ?? id),
      new Map([...rows, ...[...newest.values()].map((row) => [row.id, row] as const)]),
      key,
    );
  }

  /** The newest row of each row's chain, by the row's id, where the ledger knows that row. The walk goes on from there. */
  async function newestOf(rows: readonly ChargeRow[]): Promise<Map<string, ChargeRow>> {
    const [first] = rows;
    if (!first || !ledger.newest) return new Map();
    const fingerprints = [...new Set(rows.map((row) => row.fingerprint))];
    const found = await askLedger(
      async () => (await ledger.newest?.(first.userId, fingerprints)) ?? [],
    );
    return new Map(
      rows.flatMap((row) => {
        const newest = found.find(
          ({ userId, fingerprint }) => userId === row.userId && fingerprint === row.fingerprint,
        );
        return newest ? [[row.id, newest]] : [];
      }),
    );
  }

  async function walk(
    ids: readonly string[],
    rows: ReadonlyMap<string, ChargeRow>,
    key: string,
  ): Promise<Link[]> {
    const next = new Map<string, string>();
    for (const id of ids) {
      const row = rows.get(id);
      if (row && isExpired(row, key)) next.set(id, await nextChargeId(row));
    }
    if (next.size === 0) return ids.map((id) => ({ id, row: rows.get(id) ?? null }));
    const more = await rowsById(ledger, [...next.values()]);
    return walk(
      ids.map((id) => next.get(id) ?? id),
      new Map([...rows, ...more]),
      key,
    );
  }

  return { follow, isExpired };
}
