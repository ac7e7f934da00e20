import { evidenceMs } from "../erasing";
import { dialects, type SqlDialect } from "./dialect";
import { EPOCH_ID, FOR_EVER_MS } from "./schema";
import { spentNames } from "./spent";

/**
 * The statements that move a user's old rows under another name. Which rows may move is said in `mayMove`, in this order here
 * too: young, open, evidence, chain.
 */
export function eraseStatements(dialect: SqlDialect, table: string) {
  const { clock, json, among, named, onlyAresStatus } = dialects[dialect];
  const { spent } = spentNames(table);

  // Each part of `staying` reads an index of the user's rows. The third is empty while no row is open.
  const decided = `WITH open AS MATERIALIZED (SELECT created_at, fingerprint, resource FROM ${table}
WHERE user_id = :userId AND status <> 'charged' AND (status IN ('sending', 'unknown') OR (status = 'claimed' AND lease_until > ${clock}))),
evidence AS MATERIALIZED (SELECT coalesce(min(created_at) - ${evidenceMs}, CAST(${FOR_EVER_MS} AS bigint)) AS since FROM open),
staying AS MATERIALIZED (
SELECT fingerprint FROM ${table} WHERE user_id = :userId AND resource IS NOT NULL AND created_at >= :madeBefore
UNION SELECT fingerprint FROM open WHERE resource IS NOT NULL
UNION SELECT fingerprint FROM ${table} WHERE user_id = :userId AND resource IS NOT NULL AND EXISTS (SELECT 1 FROM open) AND ${isEvidence("")})`;
  const mayMove = `book.user_id = :userId AND book.id <> '${EPOCH_ID}' AND book.created_at < :madeBefore
AND NOT (book.status IN ('sending', 'unknown') OR (book.status = 'claimed' AND book.lease_until > ${clock}))
AND NOT (${isEvidence("book.")})
AND (book.resource IS NULL OR book.fingerprint NOT IN (SELECT fingerprint FROM staying))`;
  const moved = `UPDATE ${table} AS book SET id = named.value, attempt = named.value, idempotency_key = named.value, fingerprint = named.value,
user_id = :as, resource = CASE WHEN book.resource IS NULL THEN NULL ELSE named.value END,
outcome = ${onlyAresStatus}, redeemed_by = CAST('[]' AS ${json}), redeem_token = NULL
FROM ${named("names")} WHERE book.id = named.key`;

  return {
    /** A page of old rows. `moves` tells which of them may move. */
    erasable: `${decided}
SELECT book.id, book.created_at, ${mayMove} AS moves FROM ${table} AS book
WHERE book.user_id = :userId AND book.created_at < :madeBefore AND (book.created_at, book.id) > (:after, :afterId)
ORDER BY book.created_at, book.id LIMIT :limit`,

    /**
     * Moves the rows that still may. PostgreSQL decides on rows as they were when the statement began. So it holds them, and
     * a row that was written meanwhile stays, together with all rows of its resource. A claim that goes on from a chain
     * writes the first row of that chain.
     */
    erase:
      dialect === "postgres"
        ? `${decided},
chosen AS MATERIALIZED (SELECT book.id, book.fingerprint, book.resource, CAST(book.xmin AS text) AS version FROM ${table} AS book
WHERE ${among(`SELECT named.key FROM ${named("names")}`)} AND ${mayMove}),
held AS MATERIALIZED (SELECT book.id, CAST(book.xmin AS text) AS version FROM ${table} AS book
WHERE ${among("SELECT chosen.id FROM chosen")} ORDER BY book.created_at, book.id FOR UPDATE),
written AS MATERIALIZED (SELECT chosen.id, chosen.fingerprint, chosen.resource FROM chosen
WHERE NOT EXISTS (SELECT 1 FROM held WHERE held.id = chosen.id AND held.version = chosen.version))
${moved} AND book.id IN (SELECT id FROM chosen) AND book.id NOT IN (SELECT id FROM written)
AND (book.resource IS NULL OR book.fingerprint NOT IN (SELECT fingerprint FROM written WHERE resource IS NOT NULL)) RETURNING book.id`
        : `${decided}
${moved} AND ${mayMove} RETURNING id`,

    /** Forgets the sums of a user who has no row left. No charge may have been added since the statement began. */
    forgetSums: `DELETE FROM ${spent} WHERE user_id = :userId AND begun = (SELECT begun FROM ${spent} WHERE user_id = :userId)
AND NOT EXISTS (SELECT 1 FROM ${table} AS other WHERE other.user_id = :userId) RETURNING user_id`,
  };
}

/** True for a charge by which the balance judges an open row. */
function isEvidence(row: string): string {
  return `${row}status = 'charged' AND coalesce(${row}settled_at, 0) > (SELECT since FROM evidence)`;
}
