import type { SqlValue } from "./dialect";
import type { SqlQuery } from "./sqlLedger";

/**
 * Lets `sqlLedger` work through `@libsql/client`: a file, Turso or sqld. Dialect `"sqlite"`.
 *
 * Give a file shared by several processes `timeout`, or a busy file refuses charges at once.
 *
 * @example
 * const ledger = sqlLedger({ dialect: "sqlite", query: fromLibsql(createClient({ url: "file:ares.db", timeout: 5000 })) })
 */
export function fromLibsql(client: LibsqlClient): SqlQuery {
  return (sql, args) => client.execute({ sql, args });
}

/** The part of a client of `@libsql/client` that is used. */
export interface LibsqlClient {
  execute(statement: { sql: string; args: SqlValue[] }): Promise<{ rows: readonly unknown[] }>;
}
