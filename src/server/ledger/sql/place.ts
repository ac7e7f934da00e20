import * as z from "zod/mini";
import type { LedgerPlace } from "../ledger";
import type { SqlDialect, SqlQuery } from "./dialect";
import { DatabaseFile } from "./health";
import { SqlInteger } from "./row";

const PostgresPlace = /* @__PURE__ */ (() =>
  z.object({
    database: z.string(),
    address: z.nullable(z.string()),
    port: z.nullable(SqlInteger),
    rows: z.nullable(SqlInteger),
  }))();

/** Where the table stands. PostgreSQL estimates its rows by itself; SQLite would have to count them. */
export function placeOf(dialect: SqlDialect, query: SqlQuery, table: string): Promise<LedgerPlace> {
  return dialect === "postgres" ? postgresPlace(query, table) : sqlitePlace(query);
}

async function postgresPlace(query: SqlQuery, table: string): Promise<LedgerPlace> {
  const { rows: found } = await query(
    `SELECT current_database() AS database, host(inet_server_addr()) AS address, inet_server_port() AS port,
(SELECT CAST(reltuples AS bigint) FROM pg_class WHERE oid = to_regclass('${table}')) AS rows`,
    [],
  );
  const { database, address, port, rows } = PostgresPlace.parse(found[0]);
  const server = address === null ? "" : ` at ${address}:${port}`;
  // A table that was never analyzed has an estimate of -1.
  const estimate = rows !== null && rows >= 0 ? { rows } : {};
  return { host: `database ${database}${server}`, ...estimate };
}

async function sqlitePlace(query: SqlQuery): Promise<LedgerPlace> {
  const files = (await query("PRAGMA database_list", [])).rows.map((row) =>
    DatabaseFile.parse(row),
  );
  const file = files.find(({ name }) => name === "main")?.file;
  return file ? { host: `file ${file}` } : {};
}
