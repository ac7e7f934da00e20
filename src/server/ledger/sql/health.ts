import * as z from "zod/mini";
import type { SqlDialect, SqlQuery } from "./dialect";
import { SqlInteger } from "./row";
import { columnsOf, indexesOf } from "./schema";
import { spentNames } from "./spent";

const PostgresSettings = /* @__PURE__ */ (() =>
  z.object({
    synchronous_commit: z.string(),
    fsync: z.string(),
    full_page_writes: z.string(),
    persistence: z.nullable(z.string()),
    hot_standby: z.boolean(),
    isolation: z.string(),
  }))();

/** What would lose a confirmed write, in sentences that say what to change. Empty: nothing found; null: the database does not tell. */
export function durabilityWarnings(
  dialect: SqlDialect,
  query: SqlQuery,
  table: string,
): Promise<string[] | null> {
  return dialect === "postgres" ? postgresWarnings(query, table) : sqliteWarnings(query);
}

/** What a row of the table lacks, in sentences that say what to do; undefined: nothing. Every column stands in every row. */
export function columnFault(row: unknown, table: string): string | undefined {
  const missing = Object.keys(columnsOf("")).filter(
    (column) => !(typeof row === "object" && row !== null && column in row),
  );
  if (missing.length === 0) return undefined;
  const lacks = `The table ${table} lacks the ${missing.length > 1 ? "columns" : "column"} ${missing.join(", ")}.`;
  return `${lacks} Add what is missing as ledger.schema has it. ${SETUP}`;
}

const IndexName = /* @__PURE__ */ (() => z.object({ name: z.string() }))();

/**
 * The indexes that a table may lack, and SQLite's trigger: it was rebuilt, or its schema is not ours. Without the indexes the ledger is right, but reads the whole table.
 * Without the trigger no `spendCap` works.
 */
export async function indexWarnings(
  dialect: SqlDialect,
  query: SqlQuery,
  table: string,
): Promise<string[]> {
  const [name = "", schema] = table.split(".").reverse();
  const text =
    dialect === "postgres"
      ? `SELECT indexname AS name FROM pg_indexes WHERE tablename = '${name}'${schema ? ` AND schemaname = '${schema}'` : ""}`
      : `SELECT name FROM ${schema ? `${schema}.` : ""}sqlite_master WHERE type IN ('index', 'trigger') AND tbl_name = '${name}'`;
  const found = new Set((await query(text, [])).rows.map((row) => IndexName.parse(row).name));
  const missing = indexesOf(table).filter((index) => !found.has(index));
  const { trigger } = spentNames(table);
  const lacksTrigger = dialect === "sqlite" && !found.has(trigger);
  const lacks = [
    ...(missing.length > 0
      ? [`the ${missing.length > 1 ? "indexes" : "index"} ${missing.join(", ")}`]
      : []),
    ...(lacksTrigger ? [`the trigger ${trigger}`] : []),
  ];
  return lacks.map((each) => `The table ${table} lacks ${each}. ${SETUP}`);
}

async function postgresWarnings(query: SqlQuery, table: string): Promise<string[]> {
  const { rows } = await query(
    `SELECT current_setting('synchronous_commit') AS synchronous_commit, current_setting('fsync') AS fsync,
current_setting('full_page_writes') AS full_page_writes, pg_is_in_recovery() AS hot_standby,
current_setting('default_transaction_isolation') AS isolation,
(SELECT CAST(relpersistence AS text) FROM pg_class WHERE oid = to_regclass('${table}')) AS persistence`,
    [],
  );
  const settings = PostgresSettings.parse(rows[0]);
  const warnings: string[] = [];
  if (settings.synchronous_commit === "off") {
    warnings.push(
      "PostgreSQL confirms writes before they are on disk: a crash could forget a charge. Set synchronous_commit = on for this role or database.",
    );
  }
  if (settings.fsync === "off")
    warnings.push(
      "PostgreSQL runs with fsync = off: a power cut could forget charges. Set fsync = on.",
    );
  if (settings.full_page_writes === "off")
    warnings.push(
      "PostgreSQL runs with full_page_writes = off: a power cut could damage the ledger. Set it to on.",
    );
  if (settings.persistence === "u" || settings.persistence === "t") {
    warnings.push(
      `The table ${table} is unlogged or temporary: a crash empties it. Run ALTER TABLE ${table} SET LOGGED.`,
    );
  }
  if (settings.isolation !== "read committed") {
    warnings.push(
      `PostgreSQL runs with default_transaction_isolation = ${settings.isolation}: it refuses charges at the same instant. Set it to read committed for this role.`,
    );
  }
  if (settings.hot_standby)
    warnings.push(
      "This connection leads to a read-only replica of PostgreSQL. Connect to the primary.",
    );
  return warnings;
}

const Synchronous = /* @__PURE__ */ (() => z.object({ synchronous: SqlInteger }))();
const JournalMode = /* @__PURE__ */ (() => z.object({ journal_mode: z.string() }))();
/** A line of `PRAGMA database_list`. */
export const DatabaseFile = /* @__PURE__ */ (() =>
  z.object({ name: z.string(), file: z.nullable(z.string()) }))();

async function sqliteWarnings(query: SqlQuery): Promise<string[] | null> {
  const settings = await readSqliteSettings(query);
  if (settings === null) return null;

  const { synchronous, journal, file } = settings;
  const warnings: string[] = [];
  if (file === "" || journal === "memory") {
    warnings.push(
      "This SQLite database lives in memory, or journals there: it forgets charges when the process ends. Open a file with journal_mode = WAL.",
    );
  }
  if (journal === "off")
    warnings.push(
      "SQLite runs with journal_mode = OFF: a crash could damage the ledger. Run PRAGMA journal_mode = WAL.",
    );
  if (synchronous === 0)
    warnings.push(
      "SQLite runs with synchronous = OFF: a power cut could forget charges. Run PRAGMA synchronous = FULL.",
    );
  if (synchronous === 1) {
    warnings.push(
      "SQLite runs with synchronous = NORMAL: a power cut could forget the last charges. Run PRAGMA synchronous = FULL.",
    );
  }
  return warnings;
}

/** `null` where a hosted database refuses PRAGMA; a store that can't be reached has failed before this is asked. */
async function readSqliteSettings(query: SqlQuery) {
  try {
    const [synchronous, journal, files] = [
      await query("PRAGMA synchronous", []),
      await query("PRAGMA journal_mode", []),
      await query("PRAGMA database_list", []),
    ];
    const main = files.rows
      .map((row) => DatabaseFile.parse(row))
      .find(({ name }) => name === "main");
    return {
      synchronous: Synchronous.parse(synchronous.rows[0]).synchronous,
      journal: JournalMode.parse(journal.rows[0]).journal_mode.toLowerCase(),
      file: main?.file ?? "",
    };
  } catch {
    return null;
  }
}

export const notTold =
  "This SQL service does not tell its settings. Make sure that it confirms a write only when it is on disk.";
const SETUP =
  "Run npx ares-react setup <your module that exports ares>, or the statements of ledger.schema.";
const noTable = (table: string) => `The table ${table} is missing. ${SETUP}`;
export const noTrigger = (table: string) =>
  `The table ${table} lacks the trigger ${spentNames(table).trigger}. ${SETUP}`;

/** What a failed statement says about the table, in the words of either dialect; undefined: something else failed. */
export function schemaFault(error: unknown, table: string): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { message } = error;
  if (/no such column|column .* does not exist|has no column named/i.test(message))
    return `The table ${table} lacks a column: ${message}. Add what is missing as ledger.schema has it. ${SETUP}`;
  if (!/no such table|relation .* does not exist/i.test(message)) return undefined;
  const missing =
    /no such table: (?:main\.)?([\w.]+)/i.exec(message) ?? /relation "([\w.]+)"/i.exec(message);
  return noTable(missing?.[1] ?? table);
}
