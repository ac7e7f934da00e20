import { bucketMs } from "../spending";
import { dialects, type SqlDialect } from "./dialect";

/** The statuses that count as spent. */
const COUNTED = "('sending', 'unknown', 'charged')";
const widths = () =>
  `(SELECT ${bucketMs.minute} AS width UNION ALL SELECT ${bucketMs.day} AS width) AS widths`;

/** The table of sums, and the name of its trigger. */
export function spentNames(table: string) {
  return {
    spent: `${table}_spent`,
    trigger: `${table.replace(/^.*\./, "")}_counts`,
    fn: `${table}_counts`,
  };
}

/** True while the trigger counts. A table that is dropped or rebuilt loses its trigger. */
function hasTrigger(dialect: SqlDialect, table: string, enabled = ""): string {
  const { trigger } = spentNames(table);
  return dialect === "sqlite"
    ? `EXISTS (SELECT 1 FROM ${table.replace(/[^.]*$/, "sqlite_master")} WHERE type = 'trigger' AND name = '${trigger}' AND tbl_name = '${table.replace(/^.*\./, "")}')`
    : `EXISTS (SELECT 1 FROM pg_trigger WHERE tgname = '${trigger}' AND tgrelid = to_regclass('${table}')${enabled})`;
}

/**
 * Gives the statements that create the table of what users spend, and the trigger that counts. The trigger sees each change
 * of a row's status once.
 */
export function spentSchema(dialect: SqlDialect, table: string): string[] {
  const { clock } = dialects[dialect];
  const { spent, trigger, fn } = spentNames(table);
  const columns =
    "user_id text NOT NULL, width bigint NOT NULL, bucket bigint NOT NULL, hundredths bigint NOT NULL";
  const create = `CREATE TABLE IF NOT EXISTS ${spent} (${columns}, PRIMARY KEY (user_id, width, bucket))`;
  // A row that another attempt takes over has outlived its retention, and what was spent stays spent.
  const when = `(NEW.status IN ${COUNTED}) <> (OLD.status IN ${COUNTED}) AND NEW.attempt = OLD.attempt`;
  const count = `INSERT INTO ${spent} (user_id, width, bucket, hundredths)
SELECT NEW.user_id, width, NEW.created_at / width, CASE WHEN NEW.status IN ${COUNTED} THEN NEW.hundredths ELSE -NEW.hundredths END FROM ${widths()} WHERE true
ON CONFLICT (user_id, width, bucket) DO UPDATE SET hundredths = ${spent}.hundredths + excluded.hundredths;
DELETE FROM ${spent} WHERE user_id = NEW.user_id AND bucket < ${clock} / width - 60;`;

  if (dialect === "sqlite") {
    return [
      create,
      `CREATE TRIGGER IF NOT EXISTS ${trigger} AFTER UPDATE OF status ON ${table} WHEN ${when} BEGIN\n${count}\nEND`,
    ];
  }
  return [
    create,
    // The function runs as its owner, so it looks for the sums among temporary tables last: another role could put a table of
    // its own there.
    `DO $setup$ BEGIN
IF NOT ${hasTrigger(dialect, table)} THEN
CREATE OR REPLACE FUNCTION ${fn}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $count$
DECLARE most text := coalesce(current_setting('ares.most', true), '');
BEGIN
PERFORM pg_advisory_xact_lock(hashtextextended(NEW.user_id, ${bucketMs.day}));
IF OLD.status = 'claimed' AND most <> '' AND ${passesLimit(dialect, table, "NEW.", "CAST(split_part(most, ' ', 1) AS bigint)", "CAST(split_part(most, ' ', 2) AS bigint)")} THEN
OLD.lease_until := ${clock};
RETURN OLD;
END IF;
${count}
RETURN NEW;
END $count$;
REVOKE ALL ON FUNCTION ${fn}() FROM PUBLIC;
EXECUTE format('ALTER FUNCTION ${fn}() SET search_path = %s, pg_temp', current_setting('search_path'));
CREATE TRIGGER ${trigger} BEFORE UPDATE OF status ON ${table} FOR EACH ROW WHEN (${when}) EXECUTE FUNCTION ${fn}();
END IF;
END $setup$`,
  ];
}

/** True when a row's charge would pass a limit. */
function passesLimit(
  dialect: SqlDialect,
  table: string,
  row: string,
  minute: string,
  day: string,
): string {
  const sum = (width: number) =>
    `coalesce((SELECT sum(each.hundredths) FROM ${spentNames(table).spent} AS each WHERE each.user_id = ${row}user_id AND each.width = ${width} AND each.bucket >= ${dialects[dialect].clock} / ${width} - 60), 0)`;
  return `(${sum(bucketMs.minute)} + ${row}hundredths > ${minute} OR ${sum(bucketMs.day)} + ${row}hundredths > ${day})`;
}

/** The statements that count and tell what a user spends. `where` is the fence of `begin`. */
export function spentStatements(dialect: SqlDialect, table: string, where: string) {
  const { clock } = dialects[dialect];
  const { spent } = spentNames(table);
  const passes = `(book.status = 'claimed' AND ${passesLimit("sqlite", table, "book.", ":minute", ":day")})`;
  return {
    // PostgreSQL decides in the trigger, under the lock of the user. SQLite has one writer at a time.
    beginWithin:
      dialect === "sqlite"
        ? `UPDATE ${table} AS book SET lease_until = CASE WHEN ${passes} THEN ${clock} ELSE ${clock} + :leaseMs END,
status = CASE WHEN ${passes} THEN book.status ELSE 'sending' END WHERE ${where}
RETURNING status, user_id, hundredths, ${hasTrigger(dialect, table)} AS counted`
        : `UPDATE ${table} AS book SET status = 'sending', lease_until = ${clock} + :leaseMs WHERE ${where}
AND set_config('ares.most', :most, true) <> ''
RETURNING book.status, book.user_id, book.hundredths, ${hasTrigger(dialect, table, " AND tgenabled IN ('O', 'A')")} AS counted`,

    spent: `SELECT width, bucket, hundredths, read_at FROM (SELECT ${clock} AS read_at) AS clock
LEFT JOIN ${spent} AS each ON each.user_id = :userId AND bucket >= read_at / width - 60`,
  };
}
