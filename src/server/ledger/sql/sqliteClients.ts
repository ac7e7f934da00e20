import type { SqlQuery, SqlValue } from "./dialect";

/**
 * Sets a file's connection up before its first statement: WAL is quicker, and FULL keeps each confirmed write through a power cut.
 * A busy or read-only file keeps its journal. `health()` reads both settings on the same connection.
 */
function withWal(query: SqlQuery): SqlQuery {
  const set = async (pragma: string) => void (await query(pragma, []).catch(() => {}));
  let ready: Promise<void> | undefined;
  return async (sql, params) => {
    // FULL comes first, and once more: a driver may lower it when the journal changes.
    ready ??= set("PRAGMA synchronous = FULL")
      .then(() => set("PRAGMA journal_mode = WAL"))
      .then(() => set("PRAGMA synchronous = FULL"));
    await ready;
    return query(sql, params);
  };
}

/**
 * Lets `sqlLedger` work through `better-sqlite3`. Dialect `"sqlite"`.
 *
 * The connection gets `journal_mode = WAL` and `synchronous = FULL` before its first statement. `health()` checks both.
 *
 * @example
 * const ledger = sqlLedger({ dialect: "sqlite", query: fromBetterSqlite3(new Database("ares.db")) })
 */
export function fromBetterSqlite3(db: BetterSqlite3Client): SqlQuery {
  return withWal(async (sql, params) => {
    const statement = db.prepare(sql);
    if (statement.reader) return { rows: statement.all(...params) };
    statement.run(...params);
    return { rows: [] };
  });
}

/** The part of a database of `better-sqlite3` that is used. */
export interface BetterSqlite3Client {
  prepare(sql: string): {
    /** True when the statement returns rows. */
    reader: boolean;
    all(...params: SqlValue[]): readonly unknown[];
    run(...params: SqlValue[]): unknown;
  };
}

/**
 * Lets `sqlLedger` work through `node:sqlite` (Node 22.13 and newer) or `bun:sqlite`. Dialect `"sqlite"`.
 *
 * The connection gets `journal_mode = WAL` and `synchronous = FULL` before its first statement.
 * For a file shared by several processes open it with `timeout`, or a busy file refuses charges at once.
 *
 * @example
 * const ledger = sqlLedger({ dialect: "sqlite", query: fromNodeSqlite(new DatabaseSync("ares.db", { timeout: 5000 })) })
 */
export function fromNodeSqlite(db: NodeSqliteClient): SqlQuery {
  return withWal(async (sql, params) => ({ rows: db.prepare(sql).all(...params) }));
}

/** The part of a `DatabaseSync` that is used. */
export interface NodeSqliteClient {
  prepare(sql: string): { all(...params: SqlValue[]): readonly unknown[] };
}

/**
 * Lets `sqlLedger` work through `@libsql/client`: a file, Turso or sqld. Dialect `"sqlite"`.
 *
 * A file's connection gets `journal_mode = WAL` and `synchronous = FULL` before its first statement. The client opens further
 * connections for statements at the same time. Such a connection finds WAL in the file, and has libSQL's own default, FULL.
 * Give a file shared by several processes `timeout`, or a busy file refuses charges at once.
 *
 * @example
 * const ledger = sqlLedger({ dialect: "sqlite", query: fromLibsql(createClient({ url: "file:ares.db", timeout: 5000 })) })
 */
export function fromLibsql(client: LibsqlClient): SqlQuery {
  const query: SqlQuery = (sql, args) => client.execute({ sql, args });
  if (client.protocol !== "file") return query;
  return withWal((sql, args) =>
    /^\s*(SELECT|PRAGMA)\b/i.test(sql) ? query(sql, args) : writeToFile(client, { sql, args }),
  );
}

/**
 * Writes in a transaction of its own. After a busy file libSQL goes on as if it had committed, and no other server sees the write:
 * its next `COMMIT` says so, and the connection is of no use until another is opened.
 *
 * @source https://github.com/tursodatabase/libsql-client-ts/issues/352, seen with 0.18.0
 */
async function writeToFile(
  client: LibsqlClient,
  statement: LibsqlStatement,
): Promise<{ rows: readonly unknown[] }> {
  try {
    const [result] = await client.batch([statement], "write");
    return result ?? { rows: [] };
  } catch (error) {
    const isBusy = error instanceof Error && "code" in error && error.code === "SQLITE_BUSY";
    if (isBusy) await client.reconnect?.();
    throw error;
  }
}

/** The part of a client of `@libsql/client` that is used. */
export interface LibsqlClient {
  /** `"file"` for a file on this machine. A server has settings of its own. */
  protocol?: string;
  execute(statement: LibsqlStatement): Promise<{ rows: readonly unknown[] }>;
  batch(
    statements: LibsqlStatement[],
    mode: "write",
  ): Promise<readonly { rows: readonly unknown[] }[]>;
  /** Opens the file anew: an open transaction of the app on this client ends. */
  reconnect?(): unknown;
}

interface LibsqlStatement {
  sql: string;
  args: SqlValue[];
}

/**
 * Lets `sqlLedger` work through Cloudflare D1. Dialect `"sqlite"`.
 *
 * Do not give it a session of read replicas: every read must come from the primary.
 *
 * @example
 * const ledger = sqlLedger({ dialect: "sqlite", query: fromD1(env.DB) })
 */
export function fromD1(db: D1Client): SqlQuery {
  return async (sql, params) => {
    const statement = db.prepare(sql);
    const { results } = await (params.length > 0 ? statement.bind(...params) : statement).all();
    return { rows: results };
  };
}

/** The part of a `D1Database` that is used. */
export interface D1Client {
  prepare(sql: string): D1Statement;
}

interface D1Statement {
  bind(...params: SqlValue[]): D1Statement;
  all(): Promise<{ results: readonly unknown[] }>;
}
