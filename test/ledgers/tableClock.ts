import type { SqlQuery } from "../../src/server";
import { dialects, type SqlDialect } from "../../src/server/ledger/sql/dialect";

/** A clock that stands in a table of the database, so that triggers read it too. */
export interface TableClock {
  /** A way to the database on which the clock of the table is the database's own. */
  on(query: SqlQuery): SqlQuery;
  set(ms: number): Promise<unknown>;
}

/** Puts the clock at zero. `read` makes the time out of the number in the table. */
export async function tableClock(
  dialect: SqlDialect,
  query: SqlQuery,
  read = (at: string) => at,
): Promise<TableClock> {
  const statements = [
    "CREATE TABLE IF NOT EXISTS test_clock (at bigint NOT NULL)",
    "DELETE FROM test_clock",
    "INSERT INTO test_clock VALUES (0)",
  ];
  for (const statement of statements) await query(statement, []);
  const time = read("(SELECT at FROM test_clock)");
  return {
    on: (each) => (sql, params) => each(sql.replaceAll(dialects[dialect].clock, time), params),
    set: (ms) => query(`UPDATE test_clock SET at = ${ms}`, []),
  };
}
