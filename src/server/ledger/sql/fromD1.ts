import type { SqlValue } from "./dialect";
import type { SqlQuery } from "./sqlLedger";

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
