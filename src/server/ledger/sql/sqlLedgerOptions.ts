import type { Ledger } from "../ledger";
import type { SqlDialect, SqlQuery } from "./dialect";

/** The options of `sqlLedger`. */
export interface SqlLedgerOptions {
  /** Runs one statement with its parameters in order; `fromPg`, `fromLibsql` and the like make one. */
  query: SqlQuery;
  dialect: SqlDialect;
  /** @default "ares_charges" */
  table?: string;
  /**
   * How far the clock that mints keys may run ahead of the database's, in milliseconds. A new ledger refuses keys of its
   * first moments, because they could be older than the ledger.
   * @default 2000
   */
  skewMs?: number;
  /** @default Math.random */
  random?: () => number;
}

/** What `sqlLedger` returns. */
export interface SqlLedger extends Ledger {
  /** The statements that `setup` runs; see `ledgerSchema`. */
  schema: readonly string[];
  /**
   * Creates the tables, the indexes and the epoch where they are missing. May run at every start. In development
   * the first verb does this by itself. Elsewhere `npx ares-react setup <module>` does.
   */
  setup(): Promise<void>;
  /** Removes at most `limit` rows whose retention has ended, and returns how many. Claims do this from time to time. */
  purge(limit?: number): Promise<number>;
}
