import type { SqlValue } from "./dialect";
import type { SqlQuery } from "./sqlLedger";

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
  query(text: string, params: SqlValue[]): PromiseLike<readonly unknown[] | { rows: readonly unknown[] }>;
}
