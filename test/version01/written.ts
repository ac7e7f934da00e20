import { readFileSync } from "node:fs";
import type { RedisConnection, SqlQuery } from "../../src/server";
import { dialects, type SqlDialect } from "../../src/server/ledger/sql/dialect";
import { type TableClock, tableClock } from "../ledgers/tableClock";

/**
 * Ledgers that version 0.1 wrote: `ledger.sqlite.sql`, `ledger.postgres.sql`, `ledger.redis.jsonl`. Commit 5680cd1 wrote them
 * once, with the charges below of `user-1` in the app `client-1`. The files never change: users have such ledgers.
 */

/** The keys were minted at this moment. The ledger was an hour old, and the charges followed within 16 seconds. */
export const WRITTEN_AT = 1_800_000_000_000;
export const BEGUN_AT = WRITTEN_AT - 3_600_000;

/** A resource as a page named it: with decomposed letters and an outer space. */
export const RAW_RESOURCE = "re\u0301sume\u0301 ";

/** Each charge by its name, with the state that everybody reads five minutes later. */
export const charges = {
  charged: "charged",
  /** A report, with the resource report-42. */
  resource: "charged",
  /** A report, with RAW_RESOURCE. */
  "raw-spelling": "charged",
  /** A day-1, whose price keeps a resource for a second. */
  "kept-a-second": "charged",
  declined: "declined",
  /** A report, with the resource report-43. */
  "declined-resource": "declined",
  unknown: "unknown",
  /** A report, with the resource report-44. */
  "unknown-resource": "unknown",
  /** An operator ended it. */
  "resolved-no": "declined",
  "resolved-yes": "charged",
  /** Its work at POST /api/work was done. */
  worked: "charged",
  /** Its work at POST /api/work failed, and the use was given back. */
  "work-failed": "charged",
  /** GET /api/picture with the Idempotency-Key picture-1 has used it. */
  admitted: "charged",
  /** Its worker died with a claim. Nothing was sent. */
  "died-before": "absent",
  /** Its worker died before it stored ARES's answer. */
  "died-after": "unknown",
} as const;

/** The rows of `charges`, and one of a press of the guide's button. */
export const ROWS = 16;

export function keyOf(name: keyof typeof charges): string {
  return `${WRITTEN_AT}-${name.padEnd(16, "-")}`;
}

const read = (name: string) => readFileSync(new URL(`ledger.${name}`, import.meta.url), "utf8");

/** Loads the table of 0.1 in the place of any other. The sums go too: 0.1 had none. */
export async function loadSql(dialect: SqlDialect, query: SqlQuery): Promise<void> {
  const statements = read(`${dialect}.sql`).trim().split(";\n");
  const drops = ["ares_charges", "ares_charges_spent"].map((table) => `DROP TABLE IF EXISTS ${table}`);
  for (const statement of [...drops, ...statements]) await query(statement.replace(/;$/, ""), []);
}

/** The commands that load the keys of 0.1. */
export function redisCommands(): string[][] {
  return read("redis.jsonl")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}

/** A database whose clock a test sets. */
export function sqlAt(dialect: SqlDialect, query: SqlQuery, now: () => number): SqlQuery {
  return (sql, params) => query(sql.replaceAll(dialects[dialect].clock, `${now()}`), params);
}

/** A Redis whose clock a test sets. */
export function redisAt(connection: RedisConnection, now: () => number): RedisConnection {
  return {
    eval(script, keys, args) {
      const time = `{'${Math.floor(now() / 1000)}', '${(now() % 1000) * 1000}'}`;
      return connection.eval(script.replace("redis.call('TIME')", time), keys, args);
    },
  };
}

/** A database whose clock is ahead by what `set` says, also in its triggers. */
export function sqlAhead(dialect: SqlDialect, query: SqlQuery): Promise<TableClock> {
  return tableClock(dialect, query, (ahead) => `(${dialects[dialect].clock} + ${ahead})`);
}

/** A Redis whose clock is ahead by what a test says. */
export function redisAhead(connection: RedisConnection, ahead: () => number): RedisConnection {
  const later = redisAt(connection, () => Date.now() + ahead());
  return { eval: (...asked) => (ahead() === 0 ? connection : later).eval(...asked) };
}
