import type { ChargeStatus } from "../../../contract";
import { dialects, type SqlDialect } from "./dialect";
import { eraseStatements } from "./erase";
import { EPOCH_ID, FOR_EVER_MS } from "./schema";
import { spentStatements } from "./spent";

/** The columns of a claim's facts. Those in `FRESH` are empty in a new row, and those in `RESET` get their defaults. */
const CLAIMED = [
  "id",
  "status",
  "attempt",
  "idempotency_key",
  "fingerprint",
  "user_id",
  "usage_name",
  "resource",
  "hundredths",
  "created_at",
  "lease_until",
  "retain_until",
  "retain_ms",
  "uncharged_ms",
] as const;
const FRESH = ["settled_at", "outcome"] as const;
const RESET = ["redeemed_by", "redeem_token"] as const;

/** One statement per operation. Each is atomic without a transaction, also in READ COMMITTED. */
export function sqlStatements(dialect: SqlDialect, table: string) {
  const { clock, json, listed, among, held, outcomeWithNote } = dialects[dialect];
  // One instant per claim: a lease that ended between two readings of the clock would tear the row.
  const at = "excluded.created_at";
  const forgotten = ended("book.", at);
  const free = `(book.status = 'claimed' AND (book.lease_until <= ${at} OR book.attempt = excluded.attempt))`;
  // Nobody takes a declined row without keeping its refusal. On PostgreSQL the row may be younger than what `refused` read.
  const isKept =
    dialect === "postgres"
      ? "EXISTS (SELECT 1 FROM refused WHERE refused.attempt = book.attempt)"
      : "true";
  const declined = `(book.status = 'declined' AND book.idempotency_key <> excluded.idempotency_key AND ${isKept})`;
  const take = `(${forgotten} OR (book.fingerprint = excluded.fingerprint AND (${free} OR ${declined})))`;
  const set = [...CLAIMED.slice(1), ...FRESH, ...RESET].map(
    (column) => `${column} = CASE WHEN ${take} THEN excluded.${column} ELSE book.${column} END`,
  );
  const fresh = `CAST(NULL AS bigint), CAST('{}' AS ${json})`;
  const claimed =
    "SELECT :id, 'claimed', :attempt, :key, :fingerprint, :userId, :usage, :resource, :hundredths";
  const epoch = `SELECT '${EPOCH_ID}', '${EPOCH_ID}', '', '', '', '', '', CAST(NULL AS text), CAST(0 AS bigint)`;
  const forEver = `CAST(${FOR_EVER_MS} AS bigint)`;
  const expired = `(status = 'sending' AND lease_until <= ${clock})`;
  // A row that is named is found by its id: the planner of PostgreSQL can't see through the empty text. A planner that
  // has learned that all rows are charged would else read the index of all other rows.
  const state = "(status || '')";
  const kept = `${state} <> '${EPOCH_ID}' AND NOT ${ended("", clock)}`;
  // Only a charged or unknown row may be the proof of a charge.
  const retained = `${clock} + CASE WHEN :to IN ('charged', 'unknown') THEN retain_ms ELSE uncharged_ms END`;
  // A chain may be erased while a claim goes on from its end. On PostgreSQL such a claim writes the first row: a run of
  // `erase` that began before then sees that row written, and leaves the chain alone.
  const standing =
    dialect === "postgres"
      ? `UPDATE ${table} AS book SET lease_until = book.lease_until WHERE book.id = :head AND book.attempt = :headAttempt RETURNING book.id`
      : `SELECT id FROM ${table} WHERE id = :head AND attempt = :headAttempt`;
  // Two claims of one key at the same instant do not see each other's row. The later `begin` sees the other row.
  const mayBegin = `id = :id AND attempt = :attempt AND ${state} IN ('claimed', 'sending') AND NOT EXISTS (SELECT 1 FROM ${table} AS other
WHERE other.user_id = book.user_id AND other.idempotency_key = book.idempotency_key AND other.id <> book.id)`;
  const resolve = `UPDATE ${table} SET status = :to, settled_at = ${clock}, retain_until = ${retained}, outcome = ${outcomeWithNote} WHERE id = :id`;
  // A row that stands answers its claim. Another key's refusal stands for that key alone.
  const stands = `EXISTS (SELECT 1 FROM ${table} WHERE id = :id AND NOT ${ended("", "at")}
AND NOT (status = 'declined' AND idempotency_key <> :key AND fingerprint = :fingerprint))`;
  // The oldest row of a full window, by the index of the user's rows. No more of them are read than the window may hold.
  const oldestOfFull = (column: string, at: string) =>
    `SELECT ${column} FROM ${table} AS each WHERE each.user_id = :userId AND each.created_at > ${at} - :windowMs
ORDER BY each.created_at DESC LIMIT 1 OFFSET :others`;
  const correct = `${resolve} AND attempt = :attempt AND ${state} = 'declined' AND :to = 'charged'`;

  // A row that is not taken is updated with its own values, so that RETURNING shows the row.
  // The refusal of a displaced key comes before the claim: afterwards its row is another one.
  const claim = (within = "") => `WITH clock AS (SELECT ${clock} AS at),
standing AS (${standing}),
allowed AS MATERIALIZED (SELECT at FROM clock
WHERE abs(at - :now) <= :maxSkewMs AND (NOT EXISTS (SELECT 1 FROM ${table} WHERE user_id = :userId AND idempotency_key = :key AND id <> :id)
OR EXISTS (SELECT 1 FROM ${table} WHERE id = :id AND (status IN ('sending', 'charged', 'unknown') OR (status = 'claimed' AND lease_until > at AND attempt <> :attempt))))
AND (:head = '' OR EXISTS (SELECT 1 FROM standing))
AND (EXISTS (SELECT 1 FROM ${table} WHERE id = :id)
OR :mintedAt >= :skewMs + coalesce((SELECT created_at FROM ${table} WHERE id = '${EPOCH_ID}'), at))${within}),
refused AS (SELECT * FROM ${table}
WHERE id = :id AND ${state} = 'declined' AND idempotency_key <> :key AND fingerprint = :fingerprint AND EXISTS (SELECT 1 FROM allowed) ${held})
INSERT INTO ${table} AS book (${[...CLAIMED, ...FRESH].join(", ")})
${epoch}, at, at, at + ${FOR_EVER_MS}, ${forEver}, ${forEver}, ${fresh} FROM clock WHERE NOT EXISTS (SELECT 1 FROM ${table} WHERE id = '${EPOCH_ID}')
UNION ALL
SELECT id || ' ' || idempotency_key, ${[...CLAIMED.slice(1), ...FRESH].join(", ")} FROM refused
UNION ALL
${claimed}, at, at + :leaseMs, at + :unchargedMs, :retainMs, :unchargedMs, ${fresh} FROM allowed
WHERE true
ON CONFLICT (id) DO UPDATE SET ${set.join(",\n")}
RETURNING *, ${clock} AS read_at`;

  return {
    claim: claim(),

    /** As `claim`, within a limit on the rows that a user adds. */
    claimWithin: claim(`\nAND (${stands} OR NOT EXISTS (${oldestOfFull("1", "at")}))`),

    /** How long a user's full window needs to have room for one more row. */
    untilRoom: oldestOfFull(
      `each.created_at + :windowMs - ${clock} AS left_ms`,
      `(SELECT ${clock})`,
    ),

    begin: `UPDATE ${table} AS book SET status = 'sending', lease_until = ${clock} + :leaseMs WHERE ${mayBegin} RETURNING id`,

    ...spentStatements(dialect, table, { mayBegin, state, correct }),

    ...eraseStatements(dialect, table),

    // A repeated settlement changes nothing: the first answer of a charge is its evidence.
    settle: `UPDATE ${table} SET
outcome = CASE WHEN status = :to THEN outcome ELSE CAST(:outcome AS ${dialects[dialect].json}) END,
lease_until = CASE WHEN status = :to THEN lease_until ELSE ${clock} END,
retain_until = CASE WHEN status = :to THEN retain_until ELSE ${retained} END,
settled_at = CASE WHEN status = :to THEN settled_at WHEN :to = 'claimed' THEN NULL ELSE ${clock} END,
status = :to
WHERE id = :id AND attempt = :attempt AND (${state} = :to OR ${state} = 'sending' OR (${state} = 'unknown' AND :to <> 'claimed')) RETURNING id`,

    find: `SELECT *, ${clock} AS read_at FROM ${table} WHERE id = :id AND ${kept}`,

    findAll: `SELECT *, ${clock} AS read_at FROM ${table} WHERE ${among(`SELECT value FROM ${listed("ids")}`)} AND ${kept}`,

    newest: `SELECT *, ${clock} AS read_at FROM ${table} WHERE ${kept} AND ${among(`SELECT (
SELECT each.id FROM ${table} AS each WHERE each.user_id = :userId AND each.fingerprint = listed.value AND each.resource IS NOT NULL AND each.status <> 'declined'
ORDER BY each.created_at DESC LIMIT 1) FROM ${listed("fingerprints")}`)}`,

    // The notes tell one write from every other, so two writers of one row never undo each other.
    use: `UPDATE ${table} SET redeemed_by = CAST(:redeemedBy AS ${dialects[dialect].json}), redeem_token = :notes
WHERE id = :id AND attempt = :attempt AND status <> 'declined' AND coalesce(redeem_token, '') = :seen RETURNING id`,

    resolve: `${resolve} AND (${state} = 'unknown' OR (${state} = 'sending' AND lease_until <= ${clock})) RETURNING id`,

    list: (only: Listed) => `SELECT *, ${clock} AS read_at FROM ${table}
WHERE ${conditionsOf(only, expired, clock)} AND ${kept}
ORDER BY ${createdAtOf(only)} DESC, id DESC LIMIT :limit`,

    purge: `DELETE FROM ${table} WHERE id IN (
SELECT id FROM ${table} WHERE ${ended("", clock)} ORDER BY retain_until LIMIT :limit
) AND ${ended("", clock)} RETURNING id`,

    epoch: `SELECT *, ${clock} AS read_at FROM ${table} WHERE id = '${EPOCH_ID}'`,
  };
}

/** What the rows of a list have in common. */
interface Listed {
  status?: ChargeStatus | undefined;
  userId?: string | undefined;
  key?: string | undefined;
}

function conditionsOf(only: Listed, expired: string, clock: string): string {
  const createdAt = createdAtOf(only);
  const conditions = [shownAs(only.status, expired)];
  // The index of the rows that are not charged holds few rows. Its condition stands here, so that the planner may take it.
  if (isAmongFew(only)) conditions.push("status <> 'charged'");
  if (only.userId !== undefined) conditions.push("user_id = :userId");
  if (only.key !== undefined) conditions.push("idempotency_key = :key");
  conditions.push(`(${createdAt}, id) < (:before, :beforeId)`);
  conditions.push(`${createdAt} >= ${clock} - :maxAgeMs`);
  return conditions.join(" AND ");
}

/** The plus keeps SQLite from the index of the order: the key's own index, or that of few rows, comes first. */
function createdAtOf(only: Listed): string {
  return only.key === undefined && !isAmongFew(only) ? "created_at" : "+created_at";
}

function isAmongFew({ userId, status }: Listed): boolean {
  return userId !== undefined && status !== undefined && status !== "charged";
}

/** True for a row that reads as this status: a `sending` row reads as `unknown` once its lease has ended. */
function shownAs(status: ChargeStatus | undefined, expired: string): string {
  switch (status) {
    case undefined:
      return `status <> '${EPOCH_ID}'`;
    case "unknown":
      return `status IN ('unknown', 'sending') AND (status = 'unknown' OR ${expired})`;
    case "sending":
      return `status = 'sending' AND NOT ${expired}`;
    default:
      return "status = :status";
  }
}

/** True for a row that may be forgotten: its retention and its lease have ended, and its outcome is known. */
function ended(row: string, now: string): string {
  const idle = `(${row}status IN ('charged', 'declined') OR (${row}status = 'claimed' AND ${row}lease_until <= ${now}))`;
  return `(${row}retain_until <= ${now} AND ${idle})`;
}
