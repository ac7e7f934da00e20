import type { SqlValue } from "./dialect";
import type { SqlQuery } from "./sqlLedger";

/**
 * Lets `sqlLedger` work through `@electric-sql/pglite`, PostgreSQL inside this process. Dialect `"postgres"`.
 *
 * It is made for tests and for one process: `health()` warns about its settings.
 *
 * @example
 * const ledger = sqlLedger({ dialect: "postgres", query: fromPglite(new PGlite("./ledger")) })
 */
export function fromPglite(db: PgliteClient): SqlQuery {
  return (sql, params) => db.query(sql, params);
}

/** The part of a `PGlite` that is used. */
export interface PgliteClient {
  query(sql: string, params: SqlValue[]): Promise<{ rows: readonly unknown[] }>;
}
