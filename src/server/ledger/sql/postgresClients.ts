import type { SqlQuery, SqlValue } from "./dialect";
/**
 * Lets `sqlLedger` work through `pg`: a pool, or one client. Dialect `"postgres"`.
 *
 * Nothing is prepared or kept in a session, so a pooler in transaction mode may stand in between.
 * Give a pool an error listener: without one, a restart of PostgreSQL ends the process. `health()` checks it.
 *
 * @example
 * const pool = new Pool({ connectionString })
 * pool.on("error", (error) => console.error(error.message))
 * const ledger = sqlLedger({ dialect: "postgres", query: fromPg(pool) })
 */
export function fromPg(pool: PgClient): SqlQuery {
  const query = (sql: string, params: SqlValue[]) => pool.query(sql, params);
  return Object.assign(query, {
    warnings: () => (pool.listenerCount?.("error") === 0 ? [NO_LISTENER] : []),
  });
}

const NO_LISTENER =
  'The pool of pg has no error listener: a restart of PostgreSQL ends this process. Add pool.on("error", (error) => console.error(error.message)).';

/** The part of a pool or client of `pg` that is used. */
export interface PgClient {
  listenerCount?(event: "error"): number;
  query(sql: string, params: SqlValue[]): Promise<{ rows: readonly unknown[] }>;
}

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

/**
 * Lets `sqlLedger` work through `neon()` of `@neondatabase/serverless`, over HTTP. Dialect `"postgres"`.
 *
 * For its `Pool` use `fromPg`.
 *
 * @example
 * const ledger = sqlLedger({ dialect: "postgres", query: fromNeon(neon(connectionString)) })
 */
export function fromNeon(sql: NeonClient): SqlQuery {
  return async (text, params) => {
    const answer = await sql.query(text, params);
    return "rows" in answer ? answer : { rows: answer };
  };
}

/** The part of `neon()` that is used, with `fullResults` or without. */
export interface NeonClient {
  query(
    text: string,
    params: SqlValue[],
  ): PromiseLike<readonly unknown[] | { rows: readonly unknown[] }>;
}

/**
 * Lets `sqlLedger` work through `@electric-sql/pglite`, PostgreSQL inside this process. Dialect `"postgres"`.
 *
 * PGlite is made for tests and for one process. `health()` warns about its settings.
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
