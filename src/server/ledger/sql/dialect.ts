/** What the SQL of PostgreSQL and of SQLite do not share. */
export type SqlDialect = "postgres" | "sqlite";

export type SqlValue = string | number | null;

interface DialectText {
  /** Milliseconds since 1970 on the database's own clock. */
  clock: string;
  json: string;
  /** The n-th parameter: drivers of SQLite count question marks. */
  parameter(n: number): string;
  /** A parameter that holds a list as JSON, as rows with the column `value`. One parameter, because D1 takes no more than a hundred. */
  listed(name: string): string;
  /** A parameter that holds an object as JSON, as rows with the columns `key` and `value`. */
  named(name: string): string;
  /** True for the rows whose ids a query tells. */
  among(query: string): string;
  /** Holds the rows of a query until the statement ends, and reads them as they are by then. SQLite has one writer at a time. */
  held: string;
  /** `outcome` with the note written into it. */
  outcomeWithNote: string;
  /** `outcome` with nothing left but ARES's status, where there is one. */
  onlyAresStatus: string;
}

/** The two dialects. Parameters in these texts are written `:name`, see `bind`. */
export const dialects: Record<SqlDialect, DialectText> = {
  postgres: {
    clock: "CAST(floor(extract(epoch FROM clock_timestamp()) * 1000) AS bigint)",
    json: "jsonb",
    parameter: (n) => `$${n}`,
    listed: (name) => `json_array_elements_text(CAST(:${name} AS json)) AS listed(value)`,
    named: (name) => `json_each_text(CAST(:${name} AS json)) AS named(key, value)`,
    // An array, and no subquery's rows: the planner then reads the index.
    among: (query) => `id = ANY(ARRAY(${query}))`,
    held: "FOR UPDATE",
    outcomeWithNote: "outcome || jsonb_build_object('note', :note)",
    onlyAresStatus: "jsonb_strip_nulls(jsonb_build_object('aresStatus', outcome -> 'aresStatus'))",
  },
  sqlite: {
    clock: "CAST(round(unixepoch('subsec') * 1000) AS integer)",
    json: "text",
    parameter: () => "?",
    listed: (name) => `json_each(:${name}) AS listed`,
    named: (name) => `json_each(:${name}) AS named`,
    among: (query) => `id IN (${query})`,
    held: "",
    outcomeWithNote: "json_set(outcome, '$.note', :note)",
    onlyAresStatus:
      "CASE WHEN json_extract(outcome, '$.aresStatus') IS NULL THEN '{}' ELSE json_object('aresStatus', json_extract(outcome, '$.aresStatus')) END",
  },
};

/**
 * Turns `:name` into the dialect's own parameters, in the order in which they stand.
 *
 * Every value is cast where it stands, so that no driver has to guess a type, and nothing needs preparing:
 * a pooler may give each statement another session.
 */
export function bind(
  dialect: SqlDialect,
  text: string,
  values: Readonly<Record<string, SqlValue>>,
): [sql: string, params: SqlValue[]] {
  const params: SqlValue[] = [];
  const sql = text.replace(/:(\w+)/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`sqlLedger: a statement has no value for :${name}.`);
    params.push(value);
    return `CAST(${dialects[dialect].parameter(params.length)} AS ${typeof value === "number" ? "bigint" : "text"})`;
  });
  return [sql, params];
}

/** One statement and its parameters in, the rows it returns out. */
export interface SqlQuery {
  (sql: string, params: SqlValue[]): Promise<{ rows: readonly unknown[] }>;
  /** Faults of the client's own set-up, for `health()`. */
  warnings?: () => string[];
}
