import { createClient } from "@libsql/client";
import { expect, test } from "vitest";
import { fromLibsql, ledgerSchema, sqlLedger } from "../../src/server";
import { keepsTrialsApart } from "./keepsTrialsApart";

test("a trial of a ledger on SQLite leaves the ledger as it is, and nothing behind", async () => {
  const client = createClient({ url: ":memory:" });
  const ledger = sqlLedger({ dialect: "sqlite", query: fromLibsql(client) });
  await ledger.setup();
  await keepsTrialsApart(ledger, async () => {
    const { rows } = await client.execute("SELECT name FROM sqlite_master ORDER BY name");
    return rows.map(({ name }) => String(name));
  });
});

test.each([
  ["ares_charges", "ares_charges_prove_1a2b3c4d"],
  ["billing.ares", "billing.ares_prove_1a2b3c4d"],
  [
    "a_table_whose_name_fills_all_that_postgresql_keeps_of_any_name_",
    "a_table_whose_name_fills_all_t_prove_1a2b3c4d",
  ],
])("a trial of the table %s has a short name of its own: %s", (table, name) => {
  const query = async () => ({ rows: [] });
  const trial = sqlLedger({ dialect: "postgres", query, table }).trial?.("prove_1a2b3c4d");

  expect(trial?.store?.name).toBe(`table ${name}`);
  const longest = ledgerSchema("postgres", { table: name })
    .flatMap((statement) => statement.match(/[\w.]+/g) ?? [])
    .map((word) => word.replace(/^.*\./, "").length);
  expect(Math.max(...longest)).toBeLessThan(64);
});
