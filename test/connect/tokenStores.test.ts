import { rmSync } from "node:fs";
import { join } from "node:path";
import { createClient } from "@libsql/client";
import { describe, expect, it } from "vitest";
import { memoryTokens } from "../../src/connect/memoryTokens";
import { sqlTokens } from "../../src/connect/sqlTokens";
import { fromLibsql } from "../../src/server";
import { newFolder } from "../ledgers/newFolder";
import { keepsTheTokenRules, rowWith } from "./tokenRules";

keepsTheTokenRules("memory", async () => ({ tokens: memoryTokens(), close: () => {} }));

keepsTheTokenRules("a file of SQLite", async () => {
  const directory = newFolder("tokens");
  const client = createClient({ url: `file:${join(directory, "tokens.db")}`, timeout: 5000 });
  const tokens = sqlTokens({ dialect: "sqlite", query: fromLibsql(client) });
  await tokens.setup();
  return {
    tokens,
    close() {
      client.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
});

describe("memoryTokens", () => {
  it("shares the rows of a name, and no others", async () => {
    const row = rowWith();
    await memoryTokens({ name: "one" }).write("ada", row, null);

    expect((await memoryTokens({ name: "one" }).read("ada")).row).toEqual(row);
    expect((await memoryTokens({ name: "two" }).read("ada")).row).toBeNull();
    expect((await memoryTokens().read("ada")).row).toBeNull();
  });
});

describe("sqlTokens", () => {
  it("refuses a table name that would need quoting", () => {
    const query = async () => ({ rows: [] });

    expect(() => sqlTokens({ dialect: "sqlite", query, table: "a; DROP" })).toThrow(
      expect.objectContaining({ code: "invalid_request" }),
    );
    expect(
      sqlTokens({ dialect: "postgres", query, table: "app.links" }).schema.join("\n"),
    ).toContain("app.links");
  });

  it("passes an error of the database on, where no account is held", async () => {
    const query = () => Promise.reject(new Error("down"));
    const tokens = sqlTokens({ dialect: "postgres", query });

    await expect(tokens.read("id")).rejects.toThrow("down");
    await expect(tokens.write("id", rowWith(), null)).rejects.toThrow("down");
    await expect(tokens.write("id", rowWith({ holds: "x" }), null)).rejects.toThrow("down");
  });
});
