import { type Ledger, maxSkewMs } from "./ledger";
import { isOver, keyOf, type StoredRow, show } from "./memoryRow";
import { newestFirst, placeOf } from "./rows";
import { decideUse, NO_NOTES } from "./uses";

/**
 * Keeps the ledger in this process's memory: the reference implementation, for development and tests.
 *
 * The ledger forgets everything when the process ends, and two processes do not share it. In production use
 * `sqlLedger` or `redisLedger`. No app gets this ledger by default.
 *
 * Give the ledger a `name` where the framework may load a module twice: a charge in one copy must be paid in the other.
 *
 * @example
 * const ares = createAresServer({ clientId, prices, auth, ledger: memoryLedger({ name: "my-app" }) })
 */
export function memoryLedger({ now = Date.now, name }: MemoryLedgerOptions = {}): Ledger {
  if (name === undefined) return openBook(now);
  const shared: { [BOOKS]?: Map<string, Ledger>; crypto?: unknown } = globalThis;
  const books = shared[BOOKS] ?? new Map<string, Ledger>();
  shared[BOOKS] = books;
  const book = books.get(name) ?? openBook(now);
  books.set(name, book);
  return book;
}

export interface MemoryLedgerOptions {
  /** @default Date.now */
  now?: () => number;
  /**
   * Shares one ledger of this name within the process. A framework may load a module twice, for example Next.js for its
   * route handlers and its server components. Without a name each call makes its own ledger.
   */
  name?: string;
}

/** The named ledgers of this process. Each copy of this module finds them here. */
const BOOKS = /* @__PURE__ */ Symbol.for("ares-react.memoryLedgers");

function openBook(now: () => number): Ledger {
  const epoch = now();
  const rows = new Map<string, StoredRow>();
  /** The row of each user's key. */
  const byKey = new Map<string, string>();
  // Rows whose retention has ended are removed whenever the book has doubled.
  let sweepAt = 1024;

  function sweep() {
    if (rows.size < sweepAt) return;
    for (const row of rows.values()) if (isOver(row, now())) forget(row);
    sweepAt = Math.max(1024, rows.size * 2);
  }

  function forget(row: StoredRow) {
    rows.delete(row.id);
    byKey.delete(keyOf(row));
  }

  /** The row, unless it may be forgotten. */
  function kept(id: string): StoredRow | undefined {
    const row = rows.get(id);
    return row && !isOver(row, now()) ? row : undefined;
  }

  return {
    holdsUses: true,

    async claim(id, claim) {
      const skewed = claim.now !== undefined && Math.abs(now() - claim.now) > maxSkewMs;
      if (!skewed) sweep();
      const row = kept(id);
      if (row && row.fingerprint !== claim.fingerprint) return { k: "mismatch" };
      const free = row?.status === "claimed" && row.leaseUntil <= now();
      const mine = row?.status === "claimed" && row.attempt === claim.attempt;
      const declinedForAnotherKey = row?.status === "declined" && row.key !== claim.key;
      if (row && !free && !mine && !declinedForAnotherKey) {
        const shown = show(row, now());
        const open = shown.status === "claimed" || shown.status === "sending";
        return open ? { k: "busy", row: shown } : { k: "done", row: shown };
      }
      if (skewed) return { k: "skew" };
      if ((byKey.get(keyOf(claim)) ?? id) !== id) return { k: "mismatch" };
      if (!row && claim.mintedAt < epoch) return { k: "reset" };

      const { leaseMs, retainMs, mintedAt: _, now: __, ...facts } = claim;
      const before = rows.get(id);
      if (before) forget(before);
      byKey.set(keyOf(claim), id);
      rows.set(id, {
        ...facts,
        id,
        status: "claimed",
        leaseUntil: now() + leaseMs,
        retainUntil: now() + retainMs,
        createdAt: now(),
        settledAt: null,
        outcome: {},
        redeemedBy: [],
        notes: NO_NOTES,
      });
      return { k: "mine" };
    },

    async begin(id, { attempt, leaseMs }) {
      const row = rows.get(id);
      if (row?.attempt !== attempt || (row.status !== "claimed" && row.status !== "sending")) return false;
      row.status = "sending";
      row.leaseUntil = now() + leaseMs;
      return true;
    },

    async settle(id, { attempt, to, outcome }) {
      const row = rows.get(id);
      if (row?.attempt !== attempt) return false;
      if (row.status === to) return true;
      const open = row.status === "sending" || (row.status === "unknown" && to !== "claimed");
      if (!open) return false;
      row.status = to;
      row.outcome = outcome;
      row.leaseUntil = now();
      row.retainUntil += now() - row.createdAt;
      row.settledAt = to === "claimed" ? null : now();
      return true;
    },

    async find(id) {
      const row = kept(id);
      return row ? show(row, now()) : null;
    },

    async findAll(ids) {
      return ids.flatMap((id) => kept(id) ?? []).map((row) => show(row, now()));
    },

    async redeem(id, redemption) {
      const row = kept(id);
      if (!row) return "absent";
      const { answer, write } = decideUse(show(row, now()), row.notes, redemption, now());
      Object.assign(row, write);
      return answer;
    },

    async list({ status, userId, key, before, limit = 100 }) {
      const place = placeOf(before);
      const wanted = (asked: string | undefined, of: string) => asked === undefined || asked === of;
      return [...rows.values()]
        .filter((row) => !isOver(row, now()))
        .map((row) => show(row, now()))
        .filter((row) => wanted(status, row.status) && wanted(userId, row.userId) && wanted(key, row.key) && newestFirst(place, row) < 0)
        .sort(newestFirst)
        .slice(0, limit);
    },

    async resolve(id, { to, note, attempt }) {
      const row = rows.get(id);
      if (!row || show(row, now()).status !== (attempt === undefined ? "unknown" : "declined")) return false;
      if (attempt !== undefined && (row.attempt !== attempt || to !== "charged")) return false;
      row.status = to;
      row.outcome = { ...row.outcome, note };
      row.retainUntil += now() - row.createdAt;
      row.settledAt = now();
      return true;
    },

    async health() {
      return {
        durable: false,
        epoch,
        now: now(),
        warnings: ["memoryLedger forgets every charge when this process ends. Use sqlLedger or redisLedger in production."],
      };
    },
  };
}
