/**
 * Checks a ledger on a file of node:sqlite, or on Bun of bun:sqlite, against every rule. Reads what the
 * connector has set. `rulesOnSqlite.js <file>` prints the results.
 */
import { fromNodeSqlite, sqlLedger } from "ares-react/server";
import { keepRules } from "./keepRules.js";

const [, , file = ""] = process.argv;
const db = await open();
// No runtime begins with OFF, so only the connector can set FULL.
db.prepare("PRAGMA synchronous = OFF").all();
const ledger = sqlLedger({ dialect: "sqlite", query: fromNodeSqlite(db) });
await ledger.setup();
const { rules, broken } = await keepRules(ledger);
for (const [name, expected] of [
  ["journal_mode", "wal"],
  ["synchronous", 2],
]) {
  const [value] = Object.values(db.prepare(`PRAGMA ${name}`).all()[0] ?? {});
  if (value !== expected)
    broken.push(`${name} is ${value} on the connection; it should be ${expected}.`);
}
console.log(JSON.stringify({ rules, broken }));
// msw opens a channel when it is imported, and the channel would keep Deno waiting.
process.exit(0);

async function open() {
  if ("Bun" in globalThis) return new (await import("bun:sqlite")).Database(file);
  return new (await import("node:sqlite")).DatabaseSync(file, { timeout: 5000 });
}
