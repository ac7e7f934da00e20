import { type Ledger, maxSkewMs } from "./ledger";
import { createMemoryBook } from "./memoryBook";
import { type StoredRow, show } from "./memoryRow";
import { spendingOf, untilRoom } from "./spending";
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
  if (name === undefined) return openLedger(now, [NO_NAME]);
  const shared: { [BOOKS]?: Map<string, Ledger>; crypto?: unknown } = globalThis;
  const books = shared[BOOKS] ?? new Map<string, Ledger>();
  shared[BOOKS] = books;
  const ledger = books.get(name) ?? openLedger(now);
  books.set(name, ledger);
  return ledger;
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

const NO_NAME = "memoryLedger has no name, so a framework that loads this module twice has two ledgers. Name the ledger.";

/** The named ledgers of this process. Each copy of this module finds them here. */
const BOOKS = /* @__PURE__ */ Symbol.for("ares-react.memoryLedgers");

function openLedger(now: () => number, warnings: string[] = []): Ledger {
  const epoch = now();
  const book = createMemoryBook(now);

  function begin(row: StoredRow, leaseMs: number) {
    book.move(row, "sending");
    row.leaseUntil = now() + leaseMs;
  }

  /** The row of an attempt that may begin. */
  function ready(id: string, attempt: string): StoredRow | undefined {
    const row = book.stored(id);
    return row?.attempt === attempt && (row.status === "claimed" || row.status === "sending") ? row : undefined;
  }

  return {
    async claim(id, claim) {
      const skewed = claim.now !== undefined && Math.abs(now() - claim.now) > maxSkewMs;
      if (!skewed) book.sweep();
      const row = book.kept(id);
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
      if ((book.holder(claim) ?? id) !== id) return { k: "mismatch" };
      if (!row && claim.mintedAt < epoch) return { k: "reset" };

      const { leaseMs, retainMs, mintedAt: _, now: __, ...facts } = claim;
      book.put({
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
      const row = ready(id, attempt);
      if (row) begin(row, leaseMs);
      return row !== undefined;
    },

    async beginWithin(id, { attempt, leaseMs, most }) {
      const row = ready(id, attempt);
      if (!row) return { k: "no" };
      const leftMs = row.status === "sending" ? 0 : untilRoom(book.buckets(row.userId), now(), most, row.hundredths);
      if (leftMs === 0) begin(row, leaseMs);
      else row.leaseUntil = now();
      return leftMs === 0 ? { k: "yes" } : { k: "over", leftMs };
    },

    spent: async (userId) => spendingOf(book.buckets(userId), now()),

    async settle(id, { attempt, to, outcome }) {
      const row = book.stored(id);
      if (row?.attempt !== attempt) return false;
      if (row.status === to) return true;
      const open = row.status === "sending" || (row.status === "unknown" && to !== "claimed");
      if (!open) return false;
      book.move(row, to);
      row.outcome = outcome;
      row.leaseUntil = now();
      row.retainUntil += now() - row.createdAt;
      row.settledAt = to === "claimed" ? null : now();
      return true;
    },

    async find(id) {
      const row = book.kept(id);
      return row ? show(row, now()) : null;
    },

    async findAll(ids) {
      return ids.flatMap((id) => book.kept(id) ?? []).map((row) => show(row, now()));
    },

    async newest(userId, fingerprints) {
      return fingerprints
        .flatMap((fingerprint) => book.kept(book.newest({ userId, fingerprint })?.id ?? "") ?? [])
        .map((row) => show(row, now()));
    },

    async redeem(id, redemption) {
      const row = book.kept(id);
      if (!row) return "absent";
      const { answer, write } = decideUse(show(row, now()), row.notes, redemption, now());
      Object.assign(row, write);
      return answer;
    },

    list: async (filter) => book.list(filter),

    async resolve(id, { to, note, attempt }) {
      const row = book.stored(id);
      if (!row || show(row, now()).status !== (attempt === undefined ? "unknown" : "declined")) return false;
      if (attempt !== undefined && (row.attempt !== attempt || to !== "charged")) return false;
      book.move(row, to);
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
        warnings: ["memoryLedger forgets every charge when this process ends. Use sqlLedger or redisLedger in production.", ...warnings],
      };
    },
  };
}
