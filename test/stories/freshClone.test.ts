import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { importsOf, root } from "../laws/sourceFiles";

/** The public doors that a file of Storybook's settings imports. Their names lead to `dist`, which a fresh clone lacks. */
const doorsIn = (path: string, text: string) =>
  importsOf({ path, text }).filter((name) => /^ares-react(\/|$)/.test(name));

describe("Storybook", () => {
  it("starts from a fresh clone: its settings import the sources, not what is built from them", () => {
    const files = readdirSync(`${root}.storybook`).filter((name) => /\.tsx?$/.test(name));

    const doors = files.flatMap((name) =>
      doorsIn(name, readFileSync(`${root}.storybook/${name}`, "utf8")),
    );

    expect(files).toContain("pasteable.ts");
    expect(doors).toEqual([]);
  });

  it("is caught importing a door", () => {
    expect(
      doorsIn(
        "a.ts",
        'import * as kit from "ares-react";\nimport { x } from "ares-react/testing";',
      ),
    ).toHaveLength(2);
  });
});
