import { describe, expect, it } from "vitest";
import { commentsOf, hardWords } from "./plainWords";
import { readSources, type SourceFile } from "./sourceFiles";

const sample = (text: string): SourceFile => ({ path: "server/sample.ts", text });

describe("the comments of src", () => {
  it("name their subject, in sentences of at most 20 words", () => {
    expect(readSources().flatMap(hardWords)).toEqual([]);
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

  it("is no example, no source and no code", () => {
    const text = `/**\n * Charges once.\n *\n * @example\n * ${"word ".repeat(30)}\n *\n * @source ${"word ".repeat(30)}\n */\nconst a = 1;`;
    expect(hardWords(sample(text))).toEqual([]);
  });

  it("is read whole, over several lines", () => {
    expect(commentsOf(sample("// One\n// two.\nconst a = 1;"))).toHaveLength(1);
  });
});
