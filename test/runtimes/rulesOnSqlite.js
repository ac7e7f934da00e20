/** Checks a ledger on a file of node:sqlite, or on Bun of bun:sqlite, against every rule. `rulesOnSqlite.js <file>` prints the results. */
import { fromNodeSqlite, sqlLedger } from "ares-react/server";
import { keepRules } from "./keepRules.js";

const [, , file = ":memory:"] = process.argv;
const ledger = sqlLedger({ dialect: "sqlite", query: fromNodeSqlite(await open()) });
await ledger.setup();
console.log(JSON.stringify(await keepRules(ledger)));
// msw opens a channel when it is imported, and the channel would keep Deno waiting.
process.exit(0);

async function open() {
  if ("Bun" in globalThis) return new (await import("bun:sqlite")).Database(file);
  return new (await import("node:sqlite")).DatabaseSync(file, { timeout: 5000 });
}
