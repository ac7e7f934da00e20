import * as z from "zod/mini";
import { need } from "../contract";
import {
  bind,
  dialects,
  type SqlDialect,
  SqlInteger,
  type SqlQuery,
  type SqlValue,
  sqlSetup,
  untilSerialized,
} from "../server/index";
import type { TokenRow } from "./tokenRow";
import type { TokenStore } from "./tokenStore";

/** The options of `sqlTokens`. */
export interface SqlTokensOptions {
  /** Runs one statement; `fromPg`, `fromLibsql` and the like of `ares-react/server` make one. */
  query: SqlQuery;
  dialect: SqlDialect;
  /** @default "ares_tokens" */
  table?: string;
}

/** What `sqlTokens` returns. */
export interface SqlTokens extends TokenStore {
  /** The statements that `setup` runs, for a migration. */
  schema: readonly string[];
  /** Creates the table where it is missing. May run at every start. In development the first request does it. */
  setup(): Promise<void>;
}

/** The columns beside `id`, each with its type and the member of a row that it holds. */
const COLUMNS = [
  ["revision", "text NOT NULL", "revision"],
  ["version", "text NOT NULL", "version"],
  ["account", "text NOT NULL", "account"],
  ["holds", "text", "holds"],
  ["access_token", "text NOT NULL", "accessToken"],
  ["refresh_token", "text", "refreshToken"],
  ["stored_at", "bigint NOT NULL", "storedAt"],
  ["expires_at", "bigint NOT NULL", "expiresAt"],
  ["signed_in_since", "bigint NOT NULL", "signedInSince"],
  ["step", "text NOT NULL", "step"],
  ["step_until", "bigint NOT NULL", "stepUntil"],
  ["retry_at", "bigint NOT NULL", "retryAt"],
  ["refused_at", "bigint", "refusedAt"],
  ["ended", "bigint NOT NULL", "ended"],
] as const satisfies readonly (readonly [string, string, keyof TokenRow])[];

/**
 * Keeps the links between users and ARES in PostgreSQL or SQLite, through the client that the ledger uses. Tokens are
 * encrypted before they reach the database.
 *
 * One statement a verb, without session state, so it works behind a pooler and on serverless.
 *
 * @example
 * const tokens = sqlTokens({ dialect: "postgres", query: fromPg(new Pool({ connectionString })) })
 * await tokens.setup()
 *
 * @throws {AresError} `invalid_request` for a table name that would need quoting.
 */
export function sqlTokens({ query, dialect, table = "ares_tokens" }: SqlTokensOptions): SqlTokens {
  need(
    /^[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)?$/.test(table),
    `"${table}" is no table name for sqlTokens. Use lower-case letters, digits and "_", with a schema in front if needed.`,
  );
  const schema = schemaOf(table);
  const statements = statementsOf(dialect, table);
  const { setup, inDevelopment } = sqlSetup(query, schema);

  async function run(text: string, values: Readonly<Record<string, SqlValue>>) {
    await inDevelopment();
    return (await untilSerialized(() => query(...bind(dialect, text, values)))).rows;
  }

  /** True where a failed write met another row that holds the same. Each driver says so in other words. */
  async function isTaken(id: string, { holds }: TokenRow): Promise<boolean> {
    return holds !== null && (await run(statements.holder, { id, holds })).length > 0;
  }

  return {
    schema,
    setup,

    async read(id) {
      const [raw] = await run(statements.read, { id });
      return readRow(raw);
    },

    async write(id, row, was) {
      const values = { ...row, id, ended: row.ended ? 1 : 0 };
      try {
        const rows =
          was === null
            ? await run(statements.insert, values)
            : await run(statements.update, { ...values, was });
        return rows.length > 0 ? "written" : "stale";
      } catch (error) {
        if (await isTaken(id, row)) return "taken";
        throw error;
      }
    },

    async remove(id) {
      await run(statements.remove, { id });
    },
  };
}

function schemaOf(table: string): string[] {
  const columns = COLUMNS.map(([name, type]) => `  ${name} ${type}`);
  return [
    `CREATE TABLE IF NOT EXISTS ${table} (\n  id text PRIMARY KEY NOT NULL,\n${columns.join(",\n")}\n)`,
    `CREATE UNIQUE INDEX IF NOT EXISTS ${table.replace(/^.*\./, "")}_holds ON ${table} (holds)`,
  ];
}

function statementsOf(dialect: SqlDialect, table: string) {
  const names = COLUMNS.map(([name]) => name);
  // The cast tells the type of a value that is null.
  const values = COLUMNS.map(([, type, member]) => `CAST(:${member} AS ${type.split(" ")[0]})`);
  const set = names.map((name, index) => `${name} = ${values[index]}`);
  return {
    read: `SELECT clock.read_at, kept.* FROM (SELECT ${dialects[dialect].clock} AS read_at) AS clock LEFT JOIN ${table} AS kept ON kept.id = :id`,
    // A repeated write meets its own row.
    insert: `INSERT INTO ${table} AS kept (id, ${names.join(", ")}) VALUES (:id, ${values.join(", ")})
ON CONFLICT (id) DO UPDATE SET revision = excluded.revision WHERE kept.revision = excluded.revision RETURNING id`,
    update: `UPDATE ${table} SET ${set.join(", ")} WHERE id = :id AND (revision = :was OR revision = :revision) RETURNING id`,
    holder: `SELECT id FROM ${table} WHERE holds = :holds AND id <> :id`,
    remove: `DELETE FROM ${table} WHERE id = :id`,
  };
}

const Clock = /* @__PURE__ */ (() => z.looseObject({ read_at: SqlInteger }))();

const Stored = /* @__PURE__ */ (() =>
  z.object({
    revision: z.string(),
    version: z.string(),
    account: z.string(),
    holds: z.nullable(z.string()),
    access_token: z.string(),
    refresh_token: z.nullable(z.string()),
    stored_at: SqlInteger,
    expires_at: SqlInteger,
    signed_in_since: SqlInteger,
    step: z.enum(["stored", "claimed", "sent"]),
    step_until: SqlInteger,
    retry_at: SqlInteger,
    refused_at: z.nullable(SqlInteger),
    ended: SqlInteger,
  }))();

function readRow(raw: unknown): { row: TokenRow | null; now: number } {
  const clock = Clock.parse(raw);
  const isThere = typeof clock.id === "string";
  return { row: isThere ? rowOf(Stored.parse(raw)) : null, now: clock.read_at };
}

function rowOf(stored: z.infer<typeof Stored>): TokenRow {
  return {
    revision: stored.revision,
    version: stored.version,
    account: stored.account,
    holds: stored.holds,
    accessToken: stored.access_token,
    refreshToken: stored.refresh_token,
    storedAt: stored.stored_at,
    expiresAt: stored.expires_at,
    signedInSince: stored.signed_in_since,
    step: stored.step,
    stepUntil: stored.step_until,
    retryAt: stored.retry_at,
    refusedAt: stored.refused_at,
    ended: stored.ended === 1,
  };
}
