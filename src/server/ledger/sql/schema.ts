import { AresError } from "../../../contract";
import { dialects, type SqlDialect } from "./dialect";
import { spentNames, spentSchema } from "./spent";

/** The id of the row that holds the ledger's epoch. A loss of the charges loses this row too. */
export const EPOCH_ID = "epoch";

/** Longer than any ledger lives, and still an exact integer when added to a time. */
export const FOR_EVER_MS = 1e15;

/**
 * Gives the statements that create the tables, the indexes and the epoch row of `sqlLedger`. On SQLite a trigger adds up what
 * users under a cap spend.
 *
 * `await ledger.setup()` runs the statements, at every start if you like. Put them into a migration when the app's
 * database role may not create tables. Never truncate the table: `claim` removes rows whose retention has ended.
 *
 * @example
 * console.log(ledgerSchema("postgres").join(";\n"))
 *
 * @throws {AresError} `invalid_request` for a table name that would need quoting.
 */
export function ledgerSchema(
  dialect: SqlDialect,
  { table = "ares_charges" }: { table?: string } = {},
): string[] {
  if (!/^[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)?$/.test(table)) {
    throw new AresError(
      "invalid_request",
      `ARES: "${table}" is no table name for sqlLedger. Use lower-case letters, digits and "_", with a schema in front if needed.`,
    );
  }
  const { clock, json } = dialects[dialect];
  const [byStatus, byUser, byKey, byRetention, uncharged, byResource] = indexesOf(table);
  return [
    `CREATE TABLE IF NOT EXISTS ${table} (
${Object.entries(columnsOf(json))
  .map(([name, type]) => `  ${name} ${type}`)
  .join(",\n")}
)`,
    `CREATE INDEX IF NOT EXISTS ${byStatus} ON ${table} (status, created_at)`,
    `CREATE INDEX IF NOT EXISTS ${byUser} ON ${table} (user_id, created_at)`,
    `CREATE INDEX IF NOT EXISTS ${byKey} ON ${table} (user_id, idempotency_key)`,
    `CREATE INDEX IF NOT EXISTS ${byRetention} ON ${table} (retain_until)`,
    `CREATE INDEX IF NOT EXISTS ${uncharged} ON ${table} (user_id, status, created_at) WHERE status <> 'charged'`,
    `CREATE INDEX IF NOT EXISTS ${byResource} ON ${table} (user_id, fingerprint, created_at) WHERE resource IS NOT NULL AND status <> 'declined'`,
    ...spentSchema(dialect, table),
    `INSERT INTO ${table} (id, status, attempt, idempotency_key, fingerprint, user_id, usage_name, hundredths, created_at, lease_until, retain_until, retain_ms, uncharged_ms)
SELECT '${EPOCH_ID}', '${EPOCH_ID}', '', '', '', '', '', 0, at, at, at + ${FOR_EVER_MS}, ${FOR_EVER_MS}, ${FOR_EVER_MS} FROM (SELECT ${clock} AS at) AS clock WHERE true
ON CONFLICT (id) DO NOTHING`,
  ];
}

/** The columns that the schema creates, with their types. */
export function columnsOf(json: string) {
  return {
    id: "text PRIMARY KEY NOT NULL",
    status: "text NOT NULL",
    attempt: "text NOT NULL",
    idempotency_key: "text NOT NULL",
    fingerprint: "text NOT NULL",
    user_id: "text NOT NULL",
    usage_name: "text NOT NULL",
    resource: "text",
    hundredths: "bigint NOT NULL",
    created_at: "bigint NOT NULL",
    lease_until: "bigint NOT NULL",
    retain_until: "bigint NOT NULL",
    retain_ms: "bigint NOT NULL",
    uncharged_ms: "bigint NOT NULL",
    settled_at: "bigint",
    outcome: `${json} NOT NULL DEFAULT '{}'`,
    redeemed_by: `${json} NOT NULL DEFAULT '[]'`,
    redeem_token: "text",
  } as const;
}

/** The table of a trial. PostgreSQL cuts names after 63 characters, and the indexes of the table have longer ones. */
export function trialTable(table: string, name: string): string {
  const [own = "", ...schema] = table.split(".").reverse();
  return [...schema, `${own.slice(0, 30)}_${name}`].join(".");
}

/** Removes everything that the schema creates. */
export function dropStatements(table: string): string[] {
  return [`DROP TABLE IF EXISTS ${table}`, `DROP TABLE IF EXISTS ${spentNames(table).spent}`];
}

/** The names of the indexes that the schema creates. */
export function indexesOf(table: string) {
  const name = table.replace(/^.*\./, "");
  return [
    `${name}_by_status`,
    `${name}_by_user`,
    `${name}_by_key`,
    `${name}_by_retention`,
    `${name}_uncharged`,
    `${name}_by_resource`,
  ] as const;
}
