import type { SqlValue } from "./dialect";
import type { SqlQuery } from "./sqlLedger";

/**
 * Lets `sqlLedger` work through `better-sqlite3`. Dialect `"sqlite"`.
 *
 * It opens databases in WAL mode with `synchronous = NORMAL`: run `db.pragma("synchronous = FULL")`, or a
 * power cut can forget the last charges. `health()` tells.
 *
 * @example
 * const ledger = sqlLedger({ dialect: "sqlite", query: fromBetterSqlite3(new Database("ares.db")) })
 */
export function fromBetterSqlite3(db: BetterSqlite3Client): SqlQuery {
  return async (sql, params) => {
    const statement = db.prepare(sql);
    if (statement.reader) return { rows: statement.all(...params) };
    statement.run(...params);
    return { rows: [] };
  };
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
