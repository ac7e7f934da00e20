import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { PGlite } from "@electric-sql/pglite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fromPglite, sqlLedger } from "../../src/server";
import { ledgerRules } from "../../src/testing/ledgerRules/ledgerRules";

/** A rule with a crowd or a long wait sends the same statements as the others. */
const rules = ledgerRules.filter(({ title }) => !/at once|retention|would have stayed/.test(title));

const page = readFileSync(new URL("../../docs/operate/run.md", import.meta.url), "utf8");
const block = (language: string, holds: string) =>
  [...page.matchAll(new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, "gs"))]
    .map(([, text = ""]) => text)
    .find((text) => text.includes(holds)) ?? "";

describe("a ledger that the statements of docs/operate/run have made, and a role with its four rights", () => {
  let db: PGlite;
  beforeAll(async () => {
    const [, script = ""] = /node -e '(.*?)' >/s.exec(block("sh", "ledgerSchema")) ?? [];
    const root = new URL("../..", import.meta.url);
    db = await PGlite.create();
    await db.exec(execFileSync(process.execPath, ["-e", script], { cwd: root, encoding: "utf8" }));
    await db.exec(`CREATE ROLE app; ${block("sql", "GRANT")} SET ROLE app`);
  });
  afterAll(() => db?.close());

  test("may not create a table", async () => {
    await expect(db.exec("CREATE TABLE more (id text)")).rejects.toThrow("permission denied");
  });

  test("lacks nothing", async () => {
    const { warnings } = await sqlLedger({ dialect: "postgres", query: fromPglite(db) }).health();
    expect(warnings.filter((warning) => /lack|index|table/.test(warning))).toEqual([]);
  });

  for (const { title, run } of rules)
    test(title, () => run(sqlLedger({ dialect: "postgres", query: fromPglite(db) })));
});
