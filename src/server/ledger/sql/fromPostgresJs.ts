import type { SqlValue } from "./dialect";
import type { SqlQuery } from "./sqlLedger";

/**
 * Lets `sqlLedger` work through `postgres` (postgres.js). Dialect `"postgres"`.
 *
 * Behind PgBouncer in transaction mode give it `prepare: false`.
 *
 * @example
 * const ledger = sqlLedger({ dialect: "postgres", query: fromPostgresJs(postgres(connectionString)) })
 */
export function fromPostgresJs(sql: PostgresJsClient): SqlQuery {
  // "Unsafe" means that the text is not built by its template tag; every value still travels as a parameter.
  return async (text, params) => ({ rows: await sql.unsafe(text, params) });
}

/** The part of a client of `postgres` that is used. */
export interface PostgresJsClient {
  unsafe(text: string, params: SqlValue[]): PromiseLike<readonly unknown[]>;
}
