import type { SqlValue } from "./dialect";
import type { SqlQuery } from "./sqlLedger";

/**
 * Lets `sqlLedger` work through `pg`: a pool, or one client. Dialect `"postgres"`.
 *
 * Nothing is prepared or kept in a session, so a pooler in transaction mode may stand in between.
 *
 * @example
 * const ledger = sqlLedger({ dialect: "postgres", query: fromPg(new Pool({ connectionString })) })
 */
export function fromPg(pool: PgClient): SqlQuery {
  return (sql, params) => pool.query(sql, params);
}

/** The part of a pool or client of `pg` that is used. */
export interface PgClient {
  query(sql: string, params: SqlValue[]): Promise<{ rows: readonly unknown[] }>;
}
