import { keyMintedAt, maxKeyAgeMs, type Prices } from "../../contract";
import { tenAtATime } from "../bounded";
import { askLedger, rowsById, rowsWithin, strangeAnswer } from "../ledger/askLedger";
import type { ChargeFilter, ChargeRow, Claim, Ledger } from "../ledger/ledger";
import { isUnsettled } from "../ledger/rows";
import { type Chains, createChains, type Link } from "./chains";
import { chargeId, fingerprint, inputDigestOf, normalResource } from "./chargeId";

/** A resource of a usage, and the digest of the input where the price is quoted. */
interface Target {
  usage: string;
  resource: string;
  inputDigest?: string | undefined;
}

type IntentTarget = Omit<Target, "resource"> & { resource: string | null };

export interface ChargeLookup extends Pick<Chains, "isExpired"> {
  /** The row of a key, or the resource's row that counts now. An expired claim is revoked first, so no charge follows unseen. */
  find(
    of: { userId: string; key: string } | ({ userId: string } & Target),
  ): Promise<ChargeRow | null>;
  /** The rows of many resources that count now, in their order, as `find` tells each. */
  findAll(userId: string, targets: readonly Target[]): Promise<(ChargeRow | null)[]>;
  /** As `findAll`, but writes nothing: an expired claim is told as it stands. */
  lookAll(userId: string, targets: readonly Target[]): Promise<(ChargeRow | null)[]>;
  /** The place where the next charge of a resource stands, and its row. An expired claim is revoked, as in `find`. */
  locate(of: { userId: string } & Target): Promise<Link>;
  /** The row that an intent meets. */
  meet(intent: IntentTarget & { userId: string; key: string }): Promise<ChargeRow | null>;
  /** True when a row was charged by this app for exactly this usage, resource and input. */
  isFor(row: ChargeRow, intent: IntentTarget): Promise<boolean>;
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

  async function linksOf(userId: string, targets: readonly Target[]): Promise<Link[]> {
    const ids = await Promise.all(
      targets.map(({ resource, ...each }) =>
        chargeId({ clientId, userId, key: "", ...each, resource: normalResource(resource) }),
      ),
    );
    return follow(ids, await rowsById(ledger, ids), "");
  }

  const lookAll = async (userId: string, targets: readonly Target[]) =>
    (await linksOf(userId, targets)).map(({ row }) => row);

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
    if (result.k === "busy" || result.k === "done") return result.row;
    if (
      result.k === "mine" ||
      result.k === "mismatch" ||
      result.k === "reset" ||
      result.k === "skew"
    )
      return null;
    throw strangeAnswer(result);
  }

  /** Keeps only this app's rows: another app on the same ledger may have the same user and key. */
  async function own(rows: readonly ChargeRow[]): Promise<ChargeRow[]> {
    const fingerprints = await Promise.all(
      rows.map((row) => fingerprint({ clientId, ...row, inputDigest: inputDigestOf(row) })),
    );
    return rows.filter((row, n) => row.fingerprint === fingerprints[n]);
  }

  const list = async (filter: ChargeFilter) => own(await askLedger(() => ledger.list(filter)));

  async function find(of: Parameters<ChargeLookup["find"]>[0]): Promise<ChargeRow | null> {
    if (!("key" in of)) return (await findAll(of.userId, [of]))[0] ?? null;
    const rows = (await list(of)).filter(({ key }) => key === of.key);
    // Two claims of one key at the same instant can leave a second row. That row stays a claim.
    return revokeExpiredClaim(rows.find(({ status }) => status !== "claimed") ?? rows[0] ?? null);
  }

  async function mayHaveForgotten(key: string): Promise<boolean> {
    const { epoch, now } = await askLedger(() => ledger.health());
    const mintedAt = keyMintedAt(key) ?? epoch;
    // Rows live three times as long as a key is accepted. One third is left for clocks that differ.
    return mintedAt < epoch || now - mintedAt > 2 * maxKeyAgeMs;
  }

  async function locate({
    userId,
    ...target
  }: Parameters<ChargeLookup["locate"]>[0]): Promise<Link> {
    const [{ id, row } = { id: "", row: null }] = await linksOf(userId, [target]);
    return { id, row: await revokeExpiredClaim(row) };
  }

  async function meet(intent: Parameters<ChargeLookup["meet"]>[0]): Promise<ChargeRow | null> {
    const id = await chargeId({ clientId, ...intent });
    const rows = await rowsById(ledger, [id]);
    const first = rows.get(id);
    // The key's own charge may stand behind the chain's newest row.
    const own =
      first && isExpired(first, intent.key)
        ? await find({ userId: intent.userId, key: intent.key })
        : null;
    if (own && own.fingerprint === first?.fingerprint) return own;
    const [link] = await follow([id], rows, intent.key);
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
    locate,
    meet,
    isFor: async (row, intent) => row.fingerprint === (await fingerprint({ clientId, ...intent })),
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
