import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "../laws/sourceFiles";
import { appOf, rowsOf } from "./page";
import { driven } from "./signIns";

const manifest = (folder: string) =>
  JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8"));
const installed: Record<string, string> = {
  ...manifest(root).devDependencies,
  ...manifest(path.join(import.meta.dirname, "packages")).dependencies,
};

describe("the table of docs/sign-in.md", () => {
  const rows = rowsOf();

  it("has a tick for all that a test drives, and none for the rest", () => {
    const ticked = rows.filter(({ ticks }) => ticks > 0);

    expect(ticked.map(({ title, ticks }) => [title, ticks])).toEqual(
      driven.map(({ title, signsInElsewhere, endsElsewhere }) => [
        title,
        7 - [signsInElsewhere, endsElsewhere].filter(Boolean).length,
      ]),
    );
  });

  it("names the versions that the test drives", () => {
    const named = rows.flatMap(({ versions }) => versions);

    expect(named.length).toBeGreaterThan(1);
    expect(named.filter(([name, version]) => installed[name] !== version)).toEqual([]);
  });

  it("is read cell by cell", () => {
    const page =
      "| a | b |\n|---|---|\n| [X](#x) | `y` 1.2, `@z/z` 3 | ✓ | |\n| W | | | |\n\n| other |\n|---|\n| Q |\n";

    expect(rowsOf(page)).toEqual([
      {
        title: "X",
        ticks: 1,
        versions: [
          ["y", "1.2"],
          ["@z/z", "3"],
        ],
      },
      { title: "W", ticks: 0, versions: [] },
    ]);
  });
});

describe("the app of a chapter", () => {
  it("is what all sign-ins share, and the chapter's own files in their place", () => {
    const block = (file: string, text: string) => `\`\`\`ts\n// ${file}\n${text}\n\`\`\`\n`;
    const page = `## The same for every sign-in\n${block("a.ts", "shared")}${block("b.ts", "shared")}## X\n${block("b.ts", "own")}## Y\n`;

    expect(appOf("X", page).map(({ file, code }) => [file, code.split("\n")[1]])).toEqual([
      ["a.ts", "shared"],
      ["b.ts", "own"],
    ]);
    expect(() => appOf("Z", page)).toThrow('no chapter "Z"');
  });
});
