import type { SqlValue } from "./dialect";
import type { SqlQuery } from "./sqlLedger";

/**
 * Lets `sqlLedger` work through `node:sqlite` (Node 22.13 and newer) or `bun:sqlite`. Dialect `"sqlite"`.
 *
 * For a file shared by several processes open it with `timeout`, or a busy file refuses charges at once.
 *
 * @example
 * const ledger = sqlLedger({ dialect: "sqlite", query: fromNodeSqlite(new DatabaseSync("ares.db", { timeout: 5000 })) })
 */
export function fromNodeSqlite(db: NodeSqliteClient): SqlQuery {
  return async (sql, params) => ({ rows: db.prepare(sql).all(...params) });
}

/** The part of a `DatabaseSync` that is used. */
export interface NodeSqliteClient {
  prepare(sql: string): { all(...params: SqlValue[]): readonly unknown[] };
}
