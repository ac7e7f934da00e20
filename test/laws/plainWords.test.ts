import { describe, expect, it } from "vitest";
import { commentsOf, hardPage, hardWords } from "./plainWords";
import { readOthers, readSources, type SourceFile } from "./sourceFiles";

const sample = (text: string): SourceFile => ({ path: "server/sample.ts", text });

describe("the comments of src", () => {
  it("name their subject, in sentences of at most 20 words", () => {
    expect(readSources().flatMap(hardWords)).toEqual([]);
  });
});

describe("the comments of tests, stories, examples and scripts", () => {
  const files = readOthers(/\.([cm]?js|tsx?)$/);

  it("name their subject, in sentences of at most 20 words", () => {
    expect(files.flatMap(hardWords)).toEqual([]);
  });

  it("are found in each folder", () => {
    const paths = files.map(({ path }) => path);
    expect(paths).toEqual(
      expect.arrayContaining(["test/laws/plainWords.ts", ".storybook/main.ts", "scripts/soak.mjs", "vitest.config.ts"]),
    );
  });
});

describe("the README and the pages of docs and stories", () => {
  const pages = readOthers(/\.mdx?$/);

  it("name their subject, in sentences of at most 25 words", () => {
    expect(pages.flatMap(hardPage)).toEqual([]);
  });

  it("are found in each folder", () => {
    const paths = pages.map(({ path }) => path);
    expect(paths).toEqual(expect.arrayContaining(["README.md", "docs/guarantees.md", "docs/decisions/003-rows-of-a-resource.md"]));
  });
});

describe("a page that a newcomer reads twice", () => {
  const long = `${"word ".repeat(25)}end`;

  it.each([
    ["has too long a sentence", `Short. ${long}.`],
    ["has too long an item", `- short\n- ${long}\n- short`],
    ["has too long a cell", `| a | b |\n|---|---|\n| short | ${long} |`],
    ["hides a subject behind whoever", "The gate opens for whoever has paid."],
    ["begins a sentence with it", "A row stands. It is kept."],
    ["hides a subject in a cell", "| a | b |\n|---|---|\n| the row | it is kept |"],
    ["hides a subject in bold words", "**It is kept.**"],
  ])("is found when it %s", (_fault, text) => {
    expect(hardPage({ path: "page.md", text })).toHaveLength(1);
  });

  it("is no code and no address", () => {
    const text = `\`\`\`ts\n// ${long}\n\`\`\`\n\nRun \`${long}\`, then read [this](docs/page.md "${long}").`;
    expect(hardPage({ path: "page.md", text })).toEqual([]);
  });
});

describe("a comment that a newcomer reads twice", () => {
  it.each([
    ["is too long", `/** ${"word ".repeat(21)}ends. */\nconst a = 1;`],
    ["hides its subject behind whoever", "// Tells whoever holds the slot.\nconst a = 1;"],
    ["hides its subject behind what is paid", "/** What is paid is shown. */\nconst a = 1;"],
    ["begins with it", "/** It is so. */\nconst a = 1;"],
    ["begins a later clause with it", "/** The row stays: it is paid. */\nconst a = 1;"],
    ["stands inside a function", "function f() {\n  // Whatever comes next.\n  return 1;\n}"],
    ["follows code on its line", "const a = 1; // That is all.\n"],
  ])("is found when it %s", (_fault, text) => {
    expect(hardWords(sample(text))).toHaveLength(1);
  });

  it("may have types of any length", () => {
    const text = `/** @param {{ ${"name: string, ".repeat(20)} }} options */\nconst a = 1;`;
    expect(hardWords(sample(text))).toEqual([]);
  });

  it("is no example, no source and no code", () => {
    const text = `/**\n * Charges once.\n *\n * @example\n * ${"word ".repeat(30)}\n *\n * @source ${"word ".repeat(30)}\n */\nconst a = 1;`;
    expect(hardWords(sample(text))).toEqual([]);
  });

  it("is read whole, over several lines", () => {
    expect(commentsOf(sample("// One\n// two.\nconst a = 1;"))).toHaveLength(1);
  });
});
