import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { createClient } from "@libsql/client";
import { fromLibsql, memoryLedger, sqlLedger } from "ares-react/server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ledgerRules } from "../../src/testing/ledgerRules";

let directory = "";
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "ares-ledger-"));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const engines = {
  memory: async () => memoryLedger(),
  "a file of SQLite": async () => {
    const ledger = sqlLedger({ dialect: "sqlite", query: fromLibsql(createClient({ url: `file:${join(directory, "rules.db")}` })) });
    await ledger.setup();
    return ledger;
  },
  PGlite: async () => {
    const db = await PGlite.create();
    const ledger = sqlLedger({ dialect: "postgres", query: (sql, params) => db.query(sql, params) });
    await ledger.setup();
    return ledger;
  },
};

describe.each(Object.entries(engines))("a ledger on %s", (_, open) => {
  const ledger = (() => {
    let opened: ReturnType<typeof open> | undefined;
    return () => (opened ??= open());
  })();

  test.each(ledgerRules)("$title", async ({ run }) => {
    await run(await ledger());
  });
});

test("the rules are more than sixty laws with names of their own", () => {
  const titles = ledgerRules.map(({ title }) => title);

  expect(titles.length).toBeGreaterThanOrEqual(60);
  expect(new Set(titles).size).toBe(titles.length);
});
