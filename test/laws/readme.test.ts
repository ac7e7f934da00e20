import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { errorTable } from "../../src/contract";
import { compileTogether, snippetsOf } from "./snippets";
import { root } from "./sourceFiles";

const path = `${root}README.md`;
const readme = existsSync(path) ? readFileSync(path, "utf8") : null;
const manifest: { scripts: Record<string, string> } = JSON.parse(readFileSync(`${root}package.json`, "utf8"));

/** `npm start`, `npm test` and `npm run x` that no script stands behind. */
function deadCommands(text: string): string[] {
  return [...text.matchAll(/\bnpm (?:run ([\w:.-]+)|(start|test)\b)/g)].flatMap(([, named, short]) => {
    const script = named ?? short ?? "";
    return script in manifest.scripts ? [] : [script];
  });
}

/** Codes of the error table that no row of a Markdown table names, or names with another status. */
function unexplainedCodes(text: string): string[] {
  const rows = text.split("\n").filter((line) => line.startsWith("|"));
  return Object.entries(errorTable)
    .filter(([code, { status }]) => !rows.some((row) => row.includes(`\`${code}\``) && new RegExp(`\\b${status}\\b`).test(row)))
    .map(([code, { status }]) => `${code} (${status})`);
}

/** Links to files of this repository that are not there, as a page at `path` writes them. */
function deadLinks(text: string, path = "README.md"): string[] {
  return [...text.matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)/g)]
    .map(([, target]) => target ?? "")
    .filter((target) => !existsSync(join(root, dirname(path), target)));
}

/** Every page of `docs`. */
const pages = readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".md"))
  .map((path) => join("docs", path));

describe.skipIf(readme === null)("README.md", () => {
  const text = readme ?? "";

  it("names only commands that exist", () => {
    expect(deadCommands(text)).toEqual([]);
  });

  it("explains every code of the error table, with its status", () => {
    expect(unexplainedCodes(text)).toEqual([]);
  });

  it("links to files that exist", () => {
    expect(deadLinks(text)).toEqual([]);
  });

  it("has snippets that compile, all together, as one app", { timeout: 60_000 }, () => {
    expect(snippetsOf(text)).not.toEqual([]);
    expect(compileTogether(snippetsOf(text))).toEqual([]);
  });
});

describe("the pages in docs", () => {
  it.each(pages)("link to files that exist: %s", (page) => {
    expect(deadLinks(readFileSync(join(root, page), "utf8"), page)).toEqual([]);
  });

  it("are found, in folders too", () => {
    expect(pages).toEqual(expect.arrayContaining(["docs/guarantees.md", "docs/decisions/003-rows-of-a-resource.md"]));
  });
});

describe("a README that lies", () => {
  it("is caught at a command, a code, a status and a link", () => {
    expect(deadCommands("`npm run nope`, `npm test`")).toEqual(["nope"]);
    expect(unexplainedCodes("")).toHaveLength(Object.keys(errorTable).length);
    expect(unexplainedCodes("| 500 | `not_signed_in` |")).toContain("not_signed_in (401)");
    expect(unexplainedCodes("| 401 | `not_signed_in` |")).not.toContain("not_signed_in (401)");
    expect(deadLinks("[a](docs/nowhere.md) [b](https://example.com) [c](package.json)")).toEqual(["docs/nowhere.md"]);
    expect(deadLinks("[a](guarantees.md) [b](../README.md) [c](README.md#x)", "docs/page.md")).toEqual(["README.md"]);
  });

  it("is caught at a snippet that does not compile", { timeout: 60_000 }, () => {
    const text = [
      "```ts",
      "// lib/ares.ts",
      'import { definePrices } from "ares-react/server";',
      'export const prices = definePrices({ report: "three" });',
      "```",
      "```tsx",
      "// app/page.tsx",
      'import { prices } from "@/lib/ares";',
      "export const credits: number = prices.report;",
      "```",
      "```sh",
      "npm test",
      "```",
    ].join("\n");

    expect(snippetsOf(text).map(({ file }) => file)).toEqual(["lib/ares.ts", "app/page.tsx"]);
    expect(compileTogether(snippetsOf(text))).toHaveLength(2);
    expect(compileTogether(snippetsOf(text.replace('"three"', "3")))).toEqual([]);
  });
});
