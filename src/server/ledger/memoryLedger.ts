import { mayMove } from "./erasing";
import {
  type ChargeFilter,
  type ChargeRow,
  type Claim,
  type ClaimLimit,
  type ClaimResult,
  type Ledger,
  maxSkewMs,
} from "./ledger";
import { cursorOf, newestFirst, provesNoCharge } from "./rows";
import { counts, untilRoom } from "./spending";
import { decideUse, factsOfUses, NO_NOTES, type UseNotes } from "./uses";

/**
 * Keeps the ledger in this process's memory, for development and tests. Its code is the reference for every other ledger:
 * one `Map` by id, and plain loops over the rows of one user.
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

/** The options of `memoryLedger`. */
export interface MemoryLedgerOptions {
  /** @default Date.now */
  now?: () => number;
  /**
   * Shares one ledger of this name within the process. A framework may load a module twice, for example Next.js for its
   * route handlers and its server components. Without a name each call makes its own ledger.
   */
  name?: string;
}

const NO_NAME =
  "memoryLedger has no name, so a framework that loads this module twice has two ledgers. Name the ledger.";

/** The named ledgers of this process. Each copy of this module finds them here. */
const BOOKS = /* @__PURE__ */ Symbol.for("ares-react.memoryLedgers");

/** A row as it is stored. */
interface Row extends Omit<ChargeRow, "leaseLeftMs" | "ageMs" | "settledAgoMs"> {
  leaseUntil: number;
  retainUntil: number;
  retainMs: number;
  unchargedMs: number;
  notes: UseNotes;
}

/** Before every row. */
const FIRST = { createdAt: Number.NEGATIVE_INFINITY, id: "" };

/** A row that tells no more than what was charged, and when. */
function nameless(row: Row, userId: string): Row {
  const name = crypto.randomUUID();
  const { aresStatus } = row.outcome;
  return {
    ...row,
    id: name,
    attempt: name,
    key: name,
    fingerprint: name,
    userId,
    resource: row.resource === null ? null : name,
    outcome: aresStatus === undefined ? {} : { aresStatus },
    redeemedBy: [],
    notes: NO_NOTES,
  };
}

function openLedger(now: () => number, warnings: string[] = []): Ledger {
  const epoch = now();
  const rows = new Map<string, Row>();
  /** The rows of each user, in the order of their claims. */
  const users = new Map<string, Set<Row>>();
  let sweepAt = 1024;

  function put(row: Row): void {
    const previous = rows.get(row.id);
    if (previous) remove(previous);
    rows.set(row.id, row);
    users.set(row.userId, (users.get(row.userId) ?? new Set()).add(row));
  }

  function remove(row: Row): void {
    rows.delete(row.id);
    const others = users.get(row.userId);
    others?.delete(row);
    if (others?.size === 0) users.delete(row.userId);
  }

  function rowsOf(userId: string): Row[] {
    return [...(users.get(userId) ?? [])];
  }

  /** True for a row that may be forgotten: its retention and its lease have ended, and its outcome is known. */
  function isForgotten({ status, leaseUntil, retainUntil }: Row): boolean {
    if (retainUntil > now()) return false;
    switch (status) {
      case "charged":
      case "declined":
        return true;
      case "claimed":
        return leaseUntil <= now();
      default:
        return false;
    }
  }

  /** Removes the rows that may be forgotten, whenever the book has doubled. */
  function sweep(): void {
    if (rows.size < sweepAt) return;
    for (const row of [...rows.values()]) if (isForgotten(row)) remove(row);
    sweepAt = Math.max(1024, rows.size * 2);
  }

  function kept(id: string): Row | undefined {
    const row = rows.get(id);
    return row && !isForgotten(row) ? row : undefined;
  }

  /** The row as callers see it: a `sending` row reads as `unknown` once its lease has ended. */
  function show({
    leaseUntil,
    retainUntil: _,
    retainMs: __,
    unchargedMs: ___,
    notes,
    ...row
  }: Row): ChargeRow {
    const isLost = row.status === "sending" && leaseUntil <= now();
    return {
      ...row,
      status: isLost ? "unknown" : row.status,
      outcome: { ...row.outcome },
      redeemedBy: [...row.redeemedBy],
      ...factsOfUses(row.redeemedBy, notes, now()),
      leaseLeftMs: leaseUntil - now(),
      ageMs: now() - row.createdAt,
      settledAgoMs: row.settledAt === null ? null : now() - row.settledAt,
    };
  }

  /** The answer of a row that a claim may not take; none for a free row, and for one that another key's refusal holds. */
  function standing(row: Row, { attempt, key, fingerprint }: Claim): ClaimResult | undefined {
    if (row.fingerprint !== fingerprint) return { k: "mismatch" };
    const shown = show(row);
    switch (shown.status) {
      case "claimed":
        return row.leaseUntil <= now() || row.attempt === attempt
          ? undefined
          : { k: "busy", row: shown };
      case "sending":
        return { k: "busy", row: shown };
      case "declined":
        return row.key === key ? { k: "done", row: shown } : undefined;
      default:
        return { k: "done", row: shown };
    }
  }

  /** Why a claim may take no row, although the row is free. */
  function refusal(id: string, row: Row | undefined, claim: Claim): ClaimResult | undefined {
    if (differs(claim.now)) return { k: "skew" };
    if (standsElsewhere(id, claim)) return { k: "mismatch" };
    if (claim.head && kept(claim.head.id)?.attempt !== claim.head.attempt) return { k: "gone" };
    return !row && claim.mintedAt < epoch ? { k: "reset" } : undefined;
  }

  /** True when the app's clock differs too much from the ledger's. */
  function differs(clock: number | undefined): boolean {
    return clock !== undefined && Math.abs(now() - clock) > maxSkewMs;
  }

  /** True when the key of a claim stands in another row. */
  function standsElsewhere(id: string, { userId, key }: Claim): boolean {
    return rowsOf(userId).some((other) => other.key === key && other.id !== id);
  }

  /** The answer to a claim that may take no row. */
  function answerTo(id: string, claim: Claim): ClaimResult | undefined {
    if (!differs(claim.now)) sweep();
    const row = kept(id);
    return (row && standing(row, claim)) ?? refusal(id, row, claim);
  }

  /** True where a claim that may take a row adds one: its refusal keeps a declined row of another key. */
  function addsRow(id: string): boolean {
    const row = kept(id);
    return !row || row.status === "declined";
  }

  /** How long until a user may add a row; 0: now. The oldest row of a full window has to leave it. */
  function untilRoomFor(userId: string, { rows, windowMs }: ClaimLimit): number {
    const oldest = rowsOf(userId).sort(newestFirst)[rows - 1];
    return oldest ? Math.max(0, oldest.createdAt + windowMs - now()) : 0;
  }

  function take(id: string, claim: Claim): ClaimResult {
    const row = kept(id);
    // A late repeat of the declined key must still meet its refusal.
    if (row?.status === "declined") put({ ...row, id: `${row.id} ${row.key}` });
    put(rowOf(id, claim));
    return { k: "mine" };
  }

  /** The new row of a claim. */
  function rowOf(id: string, claim: Claim): Row {
    const { attempt, key, fingerprint, userId, usage, resource, hundredths } = claim;
    const { leaseMs, retainMs, unchargedMs = retainMs } = claim;
    return {
      attempt,
      key,
      fingerprint,
      userId,
      usage,
      resource,
      hundredths,
      id,
      status: "claimed",
      leaseUntil: now() + leaseMs,
      retainUntil: now() + unchargedMs,
      retainMs,
      unchargedMs,
      createdAt: now(),
      settledAt: null,
      outcome: {},
      redeemedBy: [],
      notes: NO_NOTES,
    };
  }

  /** The row of an attempt that may begin. */
  function ready(id: string, attempt: string): Row | undefined {
    const row = rows.get(id);
    return row?.attempt === attempt && (row.status === "claimed" || row.status === "sending")
      ? row
      : undefined;
  }

  function begin(row: Row, leaseMs: number): void {
    row.status = "sending";
    row.leaseUntil = now() + leaseMs;
  }

  function end(row: Row, status: Row["status"]): void {
    row.status = status;
    row.settledAt = status === "claimed" ? null : now();
    // The retention begins anew, however late the end comes.
    row.retainUntil = now() + (provesNoCharge(status) ? row.unchargedMs : row.retainMs);
  }

  function list({
    status,
    userId,
    key,
    before,
    limit = 100,
    maxAgeMs = Number.POSITIVE_INFINITY,
  }: ChargeFilter): ChargeRow[] {
    const cursor = cursorOf(before);
    return (userId === undefined ? [...rows.values()] : rowsOf(userId))
      .filter((row) => !isForgotten(row))
      .filter((row) => newestFirst(cursor, row) < 0 && row.createdAt >= now() - maxAgeMs)
      .filter((row) => key === undefined || row.key === key)
      .map(show)
      .filter((row) => status === undefined || row.status === status)
      .sort(newestFirst)
      .slice(0, limit);
  }

  return {
    store: { engine: "memory", name: "this process" },
    async claim(id, claim) {
      return answerTo(id, claim) ?? take(id, claim);
    },

    async claimWithin(id, { most, ...claim }) {
      const answer = answerTo(id, claim);
      if (answer) return answer;
      const leftMs = addsRow(id) ? untilRoomFor(claim.userId, most) : 0;
      return leftMs > 0 ? { k: "over", leftMs } : take(id, claim);
    },

    async begin(id, { attempt, leaseMs }) {
      const row = ready(id, attempt);
      if (row) begin(row, leaseMs);
      return row !== undefined;
    },

    async beginWithin(id, { attempt, leaseMs, most }) {
      const row = ready(id, attempt);
      if (!row) return { k: "no" };
      const counted = rowsOf(row.userId).filter(({ status }) => counts(status));
      const leftMs = row.status === "sending" ? 0 : untilRoom(counted, now(), most, row.hundredths);
      if (leftMs > 0) {
        row.leaseUntil = now();
        return { k: "over", leftMs };
      }
      begin(row, leaseMs);
      return { k: "yes" };
    },

    async settle(id, { attempt, to, outcome }) {
      const row = rows.get(id);
      if (row?.attempt !== attempt) return false;
      if (row.status === to) return true;
      const mayEnd = row.status === "sending" || (row.status === "unknown" && to !== "claimed");
      if (!mayEnd) return false;
      end(row, to);
      row.outcome = outcome;
      row.leaseUntil = now();
      return true;
    },

    async find(id) {
      const row = kept(id);
      return row ? show(row) : null;
    },

    async findAll(ids) {
      return ids.flatMap((id) => kept(id) ?? []).map(show);
    },

    async newest(userId, fingerprints) {
      const ofResources = rowsOf(userId).filter(
        (row) => row.resource !== null && row.status !== "declined" && !isForgotten(row),
      );
      return fingerprints
        .flatMap(
          (fingerprint) => ofResources.findLast((row) => row.fingerprint === fingerprint) ?? [],
        )
        .map(show);
    },

    async redeem(id, redemption) {
      const row = kept(id);
      if (!row) return "absent";
      const { answer, write } = decideUse(show(row), row.notes, redemption, now());
      if (write) {
        row.redeemedBy = write.redeemedBy;
        row.notes = write.notes;
      }
      return answer;
    },

    async list(filter) {
      return list(filter);
    },

    async resolve(id, { to, note, attempt }) {
      const row = rows.get(id);
      if (!row) return false;
      const { status } = show(row);
      const isEnded = attempt === undefined && status === "unknown";
      const isCorrected = attempt === row.attempt && status === "declined" && to === "charged";
      if (!isEnded && !isCorrected) return false;
      end(row, to);
      row.outcome = { ...row.outcome, note };
      return true;
    },

    async erase(userId, { as, madeBefore, after = FIRST, limit = 100 }) {
      const own = rowsOf(userId);
      const moves = mayMove(own, now(), madeBefore);
      const page = own
        .filter((row) => row.createdAt < madeBefore && newestFirst(row, after) < 0)
        .sort((a, b) => newestFirst(b, a))
        .slice(0, limit);
      const moving = page.filter(moves);
      for (const row of moving) {
        remove(row);
        put(nameless(row, as));
      }
      const last = page.length < limit ? undefined : page.at(-1);
      return {
        moved: moving.length,
        next: last ? { createdAt: last.createdAt, id: last.id } : null,
      };
    },

    async health() {
      return {
        durable: false,
        epoch,
        now: now(),
        warnings: [
          "memoryLedger forgets every charge when this process ends. Use sqlLedger or redisLedger in production.",
          ...warnings,
        ],
      };
    },
  };
}
