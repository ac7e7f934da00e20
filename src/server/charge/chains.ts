import { listedPrice, type Prices } from "../../contract";
import { askLedger, rowsById } from "../ledger/askLedger";
import type { ChargeRow, Ledger } from "../ledger/ledger";
import { nextChargeId } from "./chargeId";

/** A place in the chain of a resource, and the row that stands there. */
export interface Link {
  id: string;
  row: ChargeRow | null;
  /** The first row of the chain, for a place further down. */
  head?: ChargeRow | undefined;
}

/**
 * The rows of a resource form a chain. The id of the first row follows from the target, and the id of each other row from
 * the row before. So every browser, tab and device finds the row that counts now, and no row is written twice.
 *
 * ```
 *  H(client, user, usage, resource)   H(id, attempt)       H(id, attempt)        H(id, attempt)
 *  ┌─────────────────────┐            ┌──────────────┐     ┌──────────────┐      ┌╌╌╌╌╌╌╌╌╌╌╌╌╌╌┐
 *  │ charged, paid time  │───────────▶│ charged,     │────▶│ charged,     │─ ─ ─▶┆ the next     ┆
 *  │ has ended           │            │ has ended    │     │ paid now     │      ┆ charge       ┆
 *  └─────────────────────┘            └──────────────┘     └──────────────┘      └╌╌╌╌╌╌╌╌╌╌╌╌╌╌┘
 *    every look begins here ─ ─ ─ ─ ─ ─ `newest` jumps ─ ─▶ the link that counts now
 * ```
 */
export interface Chains {
  /**
   * Follows the chains of one user's resources to the links that count now, past charges whose paid time has ended. For the
   * `key` that paid such a charge, the charge still counts.
   */
  follow(links: readonly Link[], key: string | null): Promise<readonly Link[]>;
  /** True when the paid time of a resource's charge has ended, and another key than `key` has paid the charge. */
  isExpired(row: ChargeRow, key: string | null): boolean;
}

export function createChains(ledger: Ledger, prices: Prices): Chains {
  function isExpired(row: ChargeRow, key: string | null): boolean {
    if (row.status !== "charged" || row.resource === null || row.key === key) return false;
    const price = listedPrice(prices, row.usage);
    return price !== undefined && row.settledAgoMs !== null && row.settledAgoMs >= price.keepMs;
  }

  function expiredRow({ row }: Link, key: string | null): ChargeRow | null {
    return row !== null && isExpired(row, key) ? row : null;
  }

  /** Goes to the newest link of each ended chain, where the ledger knows that link. It spares the reads between. */
  async function jump(links: readonly Link[], key: string | null): Promise<readonly Link[]> {
    const expired = links.flatMap((link) => expiredRow(link, key) ?? []);
    const [first] = expired;
    if (!first || !ledger.newest) return links;
    const fingerprints = [...new Set(expired.map(({ fingerprint }) => fingerprint))];
    const newest = await askLedger(
      async () => (await ledger.newest?.(first.userId, fingerprints)) ?? [],
    );
    return links.map((link) => {
      const row = expiredRow(link, key);
      const last = newest.find(
        (each) => each.userId === row?.userId && each.fingerprint === row.fingerprint,
      );
      return last ? { id: last.id, row: last } : link;
    });
  }

  /** Goes on link by link, all chains together. */
  async function walk(links: readonly Link[], key: string | null): Promise<readonly Link[]> {
    const nextIds = new Map<Link, string>();
    for (const link of links) {
      const row = expiredRow(link, key);
      if (row) nextIds.set(link, await nextChargeId(row));
    }
    if (nextIds.size === 0) return links;
    const rows = await rowsById(ledger, [...nextIds.values()]);
    const next = links.map((link) => {
      const id = nextIds.get(link);
      return id === undefined ? link : { id, row: rows.get(id) ?? null };
    });
    return walk(next, key);
  }

  return {
    follow: async (links, key) => walk(await jump(links, key), key),
    isExpired,
  };
}
