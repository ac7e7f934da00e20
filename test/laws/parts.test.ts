import { describe, expect, it } from "vitest";
import { readOthers, readSources } from "./sourceFiles";

const literals = (text: string) => [...text.matchAll(/"(\w+)"/g)].map(([, name = ""]) => name);
const found = (pattern: RegExp, text: string) =>
  [...text.matchAll(pattern)].flatMap(([, list = ""]) => literals(list));

/** The parts that a component can draw: what an app may give a class, and the roots. */
function partsIn(text: string): Set<string> {
  return new Set([
    ...found(/OwnClassNames<([^<>]*)>/g, text),
    ...found(/type \w*Part = ([^;]*);/g, text),
    ...found(/type Action = ([^;]*);/g, text),
    ...found(/(?:\bpart\(|data-ares-part"?(?:=|: ))("\w+")/g, text),
  ]);
}

const sources = readSources().filter(({ path }) => path.startsWith("react/"));
const parts = partsIn(sources.map(({ text }) => text).join("\n"));
const gate = partsIn(
  sources
    .flatMap(({ path, text }) => (/AresGate(Actions)?\.tsx$/.test(path) ? [text] : []))
    .join("\n"),
);

/** The text of a written page between two of its headings. */
function section(page: string, from: string, to: string): string {
  const [{ text } = { text: "" }] = readOthers(/\.mdx$/).filter(({ path }) => path === page);
  return text.slice(text.indexOf(`## ${from}`), text.indexOf(`## ${to}`));
}

describe("the lists of parts in Storybook", () => {
  it("name every part of the source in Foundations, and no other", () => {
    const table = section("stories/Foundations.mdx", "Parts and states", "Class names");
    const listed = new Set(
      [...table.matchAll(/<code>(\w+)<\/code>/g)].map(([, name = ""]) => name),
    );
    expect([...listed].sort()).toEqual([...parts].sort());
  });

  it("name every part of a gate on its own page", () => {
    const anatomy = section("stories/components/AresGate.mdx", "Anatomy", "States");
    const listed = [...anatomy.matchAll(/\["(\w+)"|`(\w+)`/g)].map(([, row, word]) => row ?? word);
    expect([...gate].filter((name) => !listed.includes(name))).toEqual([]);
  });

  it("are compared with parts of every form", () => {
    expect([...parts]).toEqual(
      expect.arrayContaining([
        "gate",
        "signIn",
        "preview",
        "evidence",
        "copy",
        "connect",
        "amount",
      ]),
    );
    expect([...gate]).toEqual(expect.arrayContaining(["gate", "actions", "reset", "dialog"]));
    const sample = `OwnClassNames<"a" | "b">; type XPart = Action | "c"; <p data-ares-part="d" />; ({ "data-ares-part": "e" }); part("f")`;
    expect([...partsIn(sample)].sort()).toEqual(["a", "b", "c", "d", "e", "f"]);
  });
});
