import { keyMintedAt, maxKeyAgeMs, type Prices } from "../../contract";
import { tenAtATime } from "../bounded";
import { askLedger, rowsById, rowsWithin, strangeAnswer } from "../ledger/askLedger";
import type { ChargeFilter, ChargeRow, Claim, Ledger } from "../ledger/ledger";
import { isUnsettled, rowOfKey } from "../ledger/rows";
import { type Chains, createChains, type Link } from "./chains";
import { chargeId, fingerprint, inputDigestOf, normalResource, resourceId } from "./chargeId";

/** A resource of a usage, and the digest of the input where the price is quoted. */
interface Target {
  usage: string;
  resource: string;
  inputDigest?: string | undefined;
}

/** A target of an intent, which may name no resource. */
export type IntentTarget = Omit<Target, "resource"> & { resource: string | null };

/**
 * The looks at one user's charges. Three of them follow a resource's chain, and differ by one rule each:
 *
 * - `find` tells the row that counts now for every key.
 * - `locate` tells the same row and its place, which is where the next charge stands.
 * - `meet` tells the row that counts for one key: the key's own charge still counts after its paid time.
 *
 * Each of them revokes an expired claim first, so no charge follows unseen. Only `lookAll` writes nothing.
 */
export interface ChargeLookup extends Pick<Chains, "isExpired"> {
  /** The row of a resource that counts now. */
  find(userId: string, target: Target): Promise<ChargeRow | null>;
  /** As `find`, for many resources, in their order. */
  findAll(userId: string, targets: readonly Target[]): Promise<(ChargeRow | null)[]>;
  /** As `findAll`, but writes nothing: an expired claim is told as it stands. */
  lookAll(userId: string, targets: readonly Target[]): Promise<(ChargeRow | null)[]>;
  /** The row that a key stands in. */
  findByKey(userId: string, key: string): Promise<ChargeRow | null>;
  /** The place where the next charge of a resource stands, and its row. */
  locate(userId: string, target: Target): Promise<Link>;
  /** The row that an intent meets. */
  meet(intent: IntentTarget & { userId: string; key: string }): Promise<ChargeRow | null>;
  /** True when a row was charged by this app for exactly this usage, resource and input. */
  isFor(row: ChargeRow, target: IntentTarget): Promise<boolean>;
  /** The newest charges of a user, newest first. */
  recent(userId: string): Promise<ChargeRow[]>;
  /** The unsettled charges of a user that are younger than this. States are read in their order, so no moving row is missed. */
  unsettled(userId: string, ms: number): Promise<ChargeRow[]>;
  /** True when the ledger may have forgotten this key's row. Then a missing row proves nothing. */
  mayHaveForgotten(key: string): Promise<boolean>;
}

/** A worker needs only moments between claim and begin. After this time another worker may take over. */
export const CLAIM_LEASE_MS = 10_000;

/** A row without a resource is asked for by its key alone, and outlives the key. */
export const KEY_ROW_MS = 3 * maxKeyAgeMs;

/** How long a row must live. The charges of a resource form a chain and live for ever; what was not charged outlives its key. */
export function retention(resource: string | null): Pick<Claim, "retainMs" | "unchargedMs"> {
  return {
    retainMs: resource === null ? KEY_ROW_MS : Number.POSITIVE_INFINITY,
    unchargedMs: KEY_ROW_MS,
  };
}

/** Finds charges in the ledger. */
export function createChargeLookup({
  clientId,
  prices,
  ledger,
  now,
  newId,
}: ChargeLookupParts): ChargeLookup {
  const { follow, isExpired } = createChains(ledger, prices);

  /** The links of targets that count now for every key. */
  async function linksOf(userId: string, targets: readonly Target[]): Promise<readonly Link[]> {
    const ids = await Promise.all(
      targets.map(({ resource, ...target }) =>
        resourceId({ clientId, userId, ...target, resource: normalResource(resource) }),
      ),
    );
    const rows = await rowsById(ledger, ids);
    const first = ids.map((id) => ({ id, row: rows.get(id) ?? null }));
    const links = await follow(first, null);
    return links.map((link, n) => {
      const head = first[n];
      return head?.row && head.id !== link.id ? { ...link, head: head.row } : link;
    });
  }

  async function lookAll(
    userId: string,
    targets: readonly Target[],
  ): Promise<(ChargeRow | null)[]> {
    return (await linksOf(userId, targets)).map(({ row }) => row);
  }

  async function findAll(
    userId: string,
    targets: readonly Target[],
  ): Promise<(ChargeRow | null)[]> {
    const found = await lookAll(userId, targets);
    const standing = new Map(found.flatMap((row) => (row ? [[row.id, row]] : [])));
    const revoked = await tenAtATime(
      [...standing.values()],
      async (row): Promise<[string, ChargeRow | null]> => [row.id, await revokeExpiredClaim(row)],
    );
    const last = new Map(revoked);
    return found.map((row) => (row && last.get(row.id)) ?? null);
  }

  /**
   * Re-claims a row whose claim has expired, with a lease of 0 ms, so that the slow worker's `begin` fails.
   * Null: nothing was charged, and nothing can be charged any more.
   */
  async function revokeExpiredClaim(row: ChargeRow | null): Promise<ChargeRow | null> {
    if (row?.status !== "claimed" || row.leaseLeftMs > 0) return row;
    const { id, key, fingerprint, userId, usage, resource, hundredths } = row;
    const claim = {
      attempt: newId(),
      key,
      fingerprint,
      userId,
      usage,
      resource,
      hundredths,
      mintedAt: now(),
      leaseMs: 0,
    };
    const result = await askLedger(() => ledger.claim(id, { ...claim, ...retention(resource) }));
    switch (result.k) {
      case "busy":
      case "done":
        return result.row;
      case "mine":
      case "mismatch":
      case "reset":
      case "skew":
      case "gone":
        return null;
      default:
        throw strangeAnswer(result);
    }
  }

  /** Keeps only this app's rows: another app on the same ledger may have the same user and key. */
  async function own(rows: readonly ChargeRow[]): Promise<ChargeRow[]> {
    const fingerprints = await Promise.all(
      rows.map((row) => fingerprint({ clientId, ...row, inputDigest: inputDigestOf(row) })),
    );
    return rows.filter((row, n) => row.fingerprint === fingerprints[n]);
  }

  const list = async (filter: ChargeFilter) => own(await askLedger(() => ledger.list(filter)));

  async function find(userId: string, target: Target): Promise<ChargeRow | null> {
    return (await locate(userId, target)).row;
  }

  async function findByKey(userId: string, key: string): Promise<ChargeRow | null> {
    const rows = (await list({ userId, key })).filter((row) => row.key === key);
    return revokeExpiredClaim(rowOfKey(rows));
  }

  async function mayHaveForgotten(key: string): Promise<boolean> {
    const { epoch, now } = await askLedger(() => ledger.health());
    const mintedAt = keyMintedAt(key) ?? epoch;
    // Rows live three times as long as a key is accepted. One third is left for clocks that differ.
    return mintedAt < epoch || now - mintedAt > 2 * maxKeyAgeMs;
  }

  async function locate(userId: string, target: Target): Promise<Link> {
    const [link] = await linksOf(userId, [target]);
    if (!link) throw new Error("A target without a link.");
    return { ...link, row: await revokeExpiredClaim(link.row) };
  }

  async function meet(intent: Parameters<ChargeLookup["meet"]>[0]): Promise<ChargeRow | null> {
    const { userId, key } = intent;
    const id = await chargeId({ clientId, ...intent });
    const row = (await rowsById(ledger, [id])).get(id) ?? null;
    if (row && isExpired(row, key)) {
      // The key's own charge may stand behind the chain's newest row.
      const own = await findByKey(userId, key);
      if (own?.fingerprint === row.fingerprint) return own;
    }
    const [link] = await follow([{ id, row }], key);
    return revokeExpiredClaim(link?.row ?? null);
  }

  async function unsettled(userId: string, ms: number): Promise<ChargeRow[]> {
    const rows = await rowsWithin(ledger, { userId, status: "claimed" }, CLAIM_LEASE_MS);
    for (const status of ["sending", "unknown"] as const)
      rows.push(...(await rowsWithin(ledger, { userId, status }, ms)));
    return own(rows.filter(isUnsettled));
  }

  return {
    find,
    findAll,
    lookAll,
    findByKey,
    locate,
    meet,
    isFor: async (row, target) => row.fingerprint === (await fingerprint({ clientId, ...target })),
    recent: (userId) => list({ userId, limit: 100 }),
    unsettled,
    mayHaveForgotten,
    isExpired,
  };
}

export interface ChargeLookupParts {
  clientId: string;
  prices: Prices;
  ledger: Ledger;
  now: () => number;
  newId: () => string;
}
