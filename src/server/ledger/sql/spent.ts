import { windowMs } from "../spending";
import { dialects, type SqlDialect } from "./dialect";

/** The statuses that count as spent. */
const COUNTED = "('sending', 'unknown', 'charged')";

/** The table of sums, and the name of SQLite's trigger. */
export function spentNames(table: string) {
  return { spent: `${table}_spent`, trigger: `${table.replace(/^.*\./, "")}_counts` };
}

/**
 * Gives the statements that create the sums of the users who charge under a cap: one row a user. No sum is less than what
 * the user's charges of its window add up to. `begun` counts the charges that were added, so that no sum that was read
 * before a charge is written after it.
 *
 * SQLite can't write two tables in one statement, so a trigger adds. It fires for no user without sums.
 */
export function spentSchema(dialect: SqlDialect, table: string): string[] {
  const { spent, trigger } = spentNames(table);
  const create = `CREATE TABLE IF NOT EXISTS ${spent} (user_id text PRIMARY KEY NOT NULL, minute bigint NOT NULL, day bigint NOT NULL, begun bigint NOT NULL)`;
  if (dialect === "postgres") return [create];
  return [
    create,
    `CREATE TRIGGER IF NOT EXISTS ${trigger} AFTER UPDATE OF status ON ${table}
WHEN NEW.status IN ${COUNTED} AND OLD.status NOT IN ${COUNTED} AND EXISTS (SELECT 1 FROM ${spent} WHERE user_id = NEW.user_id) BEGIN
UPDATE ${spent} SET ${added("NEW.")} WHERE user_id = NEW.user_id;
END`,
  ];
}

/** The sums with one more charge. */
function added(row: string, sums = ""): string {
  return `minute = ${sums}minute + ${row}hundredths, day = ${sums}day + ${row}hundredths, begun = ${sums}begun + 1`;
}

/** True while SQLite's trigger adds. A table that is dropped or rebuilt loses its trigger. */
function addsUp(dialect: SqlDialect, table: string): string {
  if (dialect === "postgres") return "true";
  const { trigger } = spentNames(table);
  return `EXISTS (SELECT 1 FROM sqlite_master WHERE type = 'trigger' AND name = '${trigger}' AND tbl_name = '${table}')`;
}

/**
 * The statements that hold users within limits. `mayBegin` is the fence of `begin`, `state` a row's status.
 *
 * A charge that fits beside the sums is added and begins, in one step. Otherwise the sums may be too high: charges have
 * left their window, or were not made. Then the user's rows are added up, and the row of sums begins anew.
 */
export function spentStatements(
  dialect: SqlDialect,
  table: string,
  { mayBegin, state, correct }: { mayBegin: string; state: string; correct: string },
) {
  const { clock } = dialects[dialect];
  const { spent } = spentNames(table);
  const fits =
    "sums.user_id = book.user_id AND sums.minute + book.hundredths <= :minute AND sums.day + book.hundredths <= :day";
  const send = `UPDATE ${table} AS book SET status = 'sending', lease_until = ${clock} + :leaseMs WHERE ${mayBegin}`;
  // The clock is read once, and the status is hidden from the planner of PostgreSQL: it then reads the user's own index.
  const within = (ms: number, userId: string) =>
    `FROM ${table} AS each WHERE each.user_id = ${userId} AND each.created_at > (SELECT ${clock}) - ${ms} AND (each.status || '') IN ${COUNTED}`;
  const sum = (window: keyof typeof windowMs) =>
    `CASE WHEN sums.${window} + book.hundredths <= :${window} THEN sums.${window}
ELSE (SELECT coalesce(sum(each.hundredths), 0) ${within(windowMs[window], "book.user_id")}) END AS ${window}`;
  const wait = (window: keyof typeof windowMs) =>
    `CASE WHEN :${window} > 0 THEN ${windowMs[window]} + coalesce((SELECT min(freeing.created_at) FROM
(SELECT each.created_at, sum(each.hundredths) OVER (ORDER BY each.created_at, each.id) AS freed ${within(windowMs[window], ":userId")}) AS freeing
WHERE freeing.freed >= :${window}) - ${clock}, 0) ELSE 0 END AS ${window}`;

  return {
    beginWithin:
      dialect === "postgres"
        ? `WITH added AS (UPDATE ${spent} AS sums SET ${added("book.", "sums.")} FROM ${table} AS book
WHERE ${mayBegin} AND ${state} = 'claimed' AND ${fits} RETURNING sums.user_id)
${send} AND (${state} = 'sending' OR EXISTS (SELECT 1 FROM added)) RETURNING id`
        : `${send} AND (${state} = 'sending' OR (${addsUp(dialect, table)} AND EXISTS (SELECT 1 FROM ${spent} AS sums WHERE ${fits}))) RETURNING id`,

    /** The sums of a user whose charge did not fit: added up, where the sum that is kept leaves no room. */
    spending: `SELECT book.status, book.user_id, book.hundredths, sums.begun, ${addsUp(dialect, table)} AS adds_up,
${sum("minute")},
${sum("day")}
FROM ${table} AS book LEFT JOIN ${spent} AS sums ON sums.user_id = book.user_id WHERE ${mayBegin}`,

    /** Begins a user's row of sums, or begins it anew, unless another charge was added since the sums were read. */
    keepSums: `INSERT INTO ${spent} AS sums (user_id, minute, day, begun) VALUES (:userId, :minute, :day, 0)
ON CONFLICT (user_id) DO UPDATE SET minute = excluded.minute, day = excluded.day WHERE sums.begun = :begun`,

    /** Gives up a claim, and tells how long each window needs to have so many hundredths less. */
    giveUp: `UPDATE ${table} SET lease_until = ${clock} WHERE id = :id AND attempt = :attempt AND ${state} = 'claimed'
RETURNING ${wait("minute")},
${wait("day")}`,

    // A corrected end is a charge that counts again. No sums on PostgreSQL may be about to begin without the charge.
    correct:
      dialect === "postgres"
        ? `WITH corrected AS (${correct} RETURNING user_id, hundredths)
INSERT INTO ${spent} AS sums (user_id, minute, day, begun) SELECT user_id, :unread, :unread, 1 FROM corrected
ON CONFLICT (user_id) DO UPDATE SET minute = excluded.minute, day = excluded.day, begun = sums.begun + 1 RETURNING user_id`
        : `${correct} RETURNING id`,
  };
}
