/** Holds a ledger on a file of node:sqlite, or of bun:sqlite on Bun, to every rule: `rulesOnSqlite.js <file>` prints what it saw. */
import { fromNodeSqlite, sqlLedger } from "ares-react/server";
import { keepRules } from "./keepRules.js";

const [, , file = ":memory:"] = process.argv;
const ledger = sqlLedger({ dialect: "sqlite", query: fromNodeSqlite(await open()) });
await ledger.setup();
console.log(JSON.stringify(await keepRules(ledger)));
// What msw opens when it is imported would keep Deno waiting.
process.exit(0);

async function open() {
  if ("Bun" in globalThis) return new (await import("bun:sqlite")).Database(file);
  return new (await import("node:sqlite")).DatabaseSync(file, { timeout: 5000 });
}
