import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { deadAnchors } from "../../scripts/docs/deadAnchors.mjs";
import { llmsTxt } from "../../scripts/docs/llmsTxt.mjs";
import { firstSentenceOf, groupsOf, tree } from "../../scripts/docs/pages.mjs";
import { doors, namesWithoutPlace, publicNames } from "../../scripts/docs/reference.mjs";
import { root } from "./sourceFiles";

const pages = tree(root);
const groups = groupsOf(pages);

describe("the site's navigation", () => {
  it("has every page once, and a page for an app's developer never among those of the kit's work", () => {
    const files = groups.flatMap((group) => group.pages.map(({ file }) => file));
    const work = groups.at(-1)?.pages.map(({ file }) => file) ?? [];

    expect([...files].sort()).toEqual([...pages.keys()].sort());
    expect(
      work.filter((file) => !/^docs\/(architecture\.md|decisions\/)|^[A-Z]+\.md$/.test(file)),
    ).toEqual([]);
  });

  it("names each page and each group", () => {
    expect(groups.map(({ title }) => title)).toContain("The server");
    for (const { title, pages } of groups) {
      expect(title).toMatch(/^[A-Z]/);
      for (const page of pages) expect(page.title, page.file).toMatch(/\S/);
    }
  });

  it("puts a further link of a row below the row's page", () => {
    const readme =
      "# Kit\n\n## Documentation\n\n| the page | |\n|---|---|\n| [Theme](docs/looks.md) | as [MUI](docs/mui.md) |\n\n## Next\n";
    const files = new Map([
      ["README.md", readme],
      ["docs/looks.md", "# Looks"],
      ["docs/mui.md", "# MUI"],
      ["docs/new.md", "# New"],
    ]);

    expect(groupsOf(files)).toEqual([
      {
        title: "The page",
        pages: [
          { file: "README.md", title: "Overview" },
          { file: "docs/looks.md", title: "Theme", about: "as MUI" },
          { file: "docs/mui.md", title: "MUI", below: true },
        ],
      },
      { title: "The kit itself", pages: [{ file: "docs/new.md", title: "New", below: false }] },
    ]);
  });
});

describe("llms.txt", () => {
  const text = llmsTxt(pages);

  it("keeps to the format: a title, a summary, and lists of links", () => {
    const [title, , summary] = text.split("\n");
    expect(title).toBe("# ares-react");
    expect(summary).toMatch(/^> React components, .*\.$/);
    const lists = text.split(/^## .*$/m).slice(1);
    expect(lists.length).toBeGreaterThan(5);
    for (const list of lists)
      for (const line of list.trim().split("\n"))
        expect(line).toMatch(/^- \[[^\]]+\]\([\w./-]+\)(: \S.*)?$/);
  });

  it("names each page once, with what it is about", () => {
    const lines = text.split("\n").filter((line) => line.startsWith("- ["));
    const linked = lines.map((line) => /\]\(([^)]+)\)/.exec(line)?.[1] ?? "");

    expect([...pages.keys()].filter((file) => !linked.includes(file))).toEqual([]);
    expect(linked.length).toBe(new Set(linked).size);
    expect(lines.filter((line) => !line.includes("): "))).toEqual([]);
  });

  it.each([
    ["# A\n\n```ts\ncode();\n```\n\nFirst `a.b` here. Second.", "First `a.b` here."],
    [
      "# A\n\n| a | b |\n|---|---|\n\nTwo lines\nof [one](x.md) sentence: the rest.",
      "Two lines of one sentence: the rest.",
    ],
    ["# A\n\n**Decision.** It is so. Not so.", "It is so."],
    ["# A\n\nAs here:\n\n```ts\n```", "As here."],
    ["# A\n", ""],
  ])("takes the first sentence of %j", (page, sentence) => {
    expect(firstSentenceOf(page)).toBe(sentence);
  });
});

describe("the reference", () => {
  const names = publicNames(root);

  it("has a page for each door of the package", () => {
    const files = readdirSync(`${root}src`).filter((file) => /^(?!cli)\w+\.ts$/.test(file));
    expect(Object.keys(doors).sort()).toEqual(
      [...files.map((file) => file.replace(".ts", "")), "messages"].sort(),
    );
    expect([...names.keys()].sort()).toEqual(Object.values(doors).sort());
  });

  it("misses a name without a heading, and a door without a page", () => {
    const every = new Map(
      [...names].map(([door, all]) => [door, [...all].map((name) => `### ${name}()\n`).join("")]),
    );
    expect(names.get("ares-react")?.size).toBeGreaterThan(80);
    expect(namesWithoutPlace(names, every)).toEqual([]);

    const page = every.get("ares-react/server") ?? "";
    every.set("ares-react/server", page.replace("### createAresServer()", "createAresServer"));
    every.delete("ares-react/otel");
    expect(namesWithoutPlace(names, every).sort()).toEqual([
      "createAresServer of ares-react/server",
      "otel of ares-react/otel",
    ]);
  });
});

describe("a link of the built site", () => {
  const site = mkdtempSync(path.join(tmpdir(), "site-"));
  afterEach(() => rmSync(site, { recursive: true, force: true }));

  it("is dead without its page or its heading", () => {
    mkdirSync(path.join(site, "docs"));
    writeFileSync(
      path.join(site, "index.html"),
      '<h2 id="try">Try</h2><a href="#try"></a><a href="#no"></a><a href="/kit/docs/a.html#b"></a><a class="x" href="./docs/gone.html"></a><a href="/elsewhere"></a><a href="https://example.com/x"></a>',
    );
    writeFileSync(
      path.join(site, "docs/a.html"),
      '<p id="b"></p><a href="../index.html#try"></a><a href="../">up</a><a href="#c&amp;d"></a>',
    );

    expect(deadAnchors(site, "/kit/").sort()).toEqual([
      "docs/a.html: #c&d",
      "index.html: #no",
      "index.html: ./docs/gone.html",
      "index.html: /elsewhere",
    ]);
  });
});
