import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { tokens } from "../../scripts/colours/colours.mjs";
import { strongSheet } from "../../scripts/sheets.mjs";
import { root } from "./sourceFiles";

const css = readFileSync(`${root}src/styles.css`, "utf8");

/** Declarations that mean a side of the screen instead of a side of the text, as `property: value`. */
function physical(text: string): string[] {
  const declarations = [
    ...text
      .replaceAll(/\/\*[\s\S]*?\*\//g, "")
      .matchAll(/(?<=[{;]\s*)([\w-]+)\s*:\s*([^;{}]+)(?=[;}])/g),
  ];
  return declarations.flatMap(([, property = "", value = ""]) => {
    const sided =
      /^(left|right|top|bottom|width|height)$|^(min|max)-(width|height)$/.test(property) ||
      /-(left|right|top|bottom)(-|$)/.test(property);
    const sides = /^(padding|margin|inset)$/.test(property)
      ? value.trim().split(/\s+(?![^(]*\))/)
      : [];
    // Four values name all sides. Their right and left must be equal.
    const uneven = sides.length === 4 && sides[1] !== sides[3];
    const aligned = property === "text-align" && /^(left|right)$/.test(value.trim());
    return sided || uneven || aligned ? [`${property}: ${value.trim()}`] : [];
  });
}

describe("the stylesheet", () => {
  it("means sides of the text, not of the screen", () => {
    expect(physical(css)).toEqual([]);
  });

  it("lets nothing move for those who asked for that", () => {
    const reduced =
      /@media \(prefers-reduced-motion: reduce\) \{([\s\S]*?)\n {2}\}/.exec(css)?.[1] ?? "";
    expect(reduced).toContain("animation: none");
    expect(reduced).toContain("transition: none");
  });

  // Other tests read the built sheets in Chromium: test/browser/colours.browser.test.ts, scripts/nextSmoke/colours.mjs.
  it("has no value that Lightning CSS would rewrite to variables", () => {
    expect(css.replaceAll(/\/\*[\s\S]*?\*\/|@supports[^{]*/g, "")).not.toContain("light-dark(");
  });

  it("has its colours shown to designers as they are", () => {
    const declared = [
      ...css.matchAll(/^ {4}(--ares-[\w-]+): (?:rgb\(\s*var\(--ares-from\)|var\(--ares-teal\);)/gm),
    ].map(([, name]) => name);
    expect(Object.keys(tokens)).toEqual(declared);
    expect(declared.length).toBeGreaterThan(5);
    expect(tokens["--ares-accent"]).toEqual(["#0f5c6e", "#7fcbdb"]);
    // The table reads the tokens as `tokens` does.
    expect(readFileSync(`${root}stories/Foundations.mdx`, "utf8")).toContain("<TokenTable />");
  });

  it("has every property that an app may set explained in docs/looks", () => {
    const settable = new Set(css.match(/--ares-(?!from\b|d\b|found\b|notice\b)[a-z-]+/g));
    const page = readFileSync(`${root}docs/looks.md`, "utf8");
    expect(
      [...settable].filter(
        (name) => !page.includes(`| \`${name}\``) && !page.includes(`, \`${name}\``),
      ),
    ).toEqual([]);
    expect(settable.size).toBeGreaterThan(20);
  });

  it("takes every duration from one token, so that 0s stops them all", () => {
    const times = [...css.matchAll(/^\s*(animation|transition)(-duration)?:([^;]+);/gm)].map(
      ([, , , value = ""]) => value.trim(),
    );
    expect(
      times.filter((value) => value !== "none" && !value.includes("var(--ares-duration)")),
    ).toEqual([]);
    expect(times.length).toBeGreaterThan(3);
  });

  it("lies in one layer and has no specificity", () => {
    expect(css.match(/@layer [\w-]+ \{/g)).toEqual(["@layer ares {"]);
    const heads = [
      ...css.replaceAll(/\/\*[\s\S]*?\*\//g, "").matchAll(/(?<=[{};]\s*)([^{};@]+)\{/g),
    ].map(([, head = ""]) => head.trim());
    const selectors = heads.filter((head) => !/^(from|to|\d+%)$/.test(head));
    expect(
      selectors.filter((head) =>
        head
          .replaceAll(/:where\((?:[^()]|\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\))*\)/g, "")
          .replaceAll(/::[\w-]+|[\s,>+]/g, ""),
      ),
    ).toEqual([]);
  });
});

describe("the sheet that stands up to resets", () => {
  const strong = strongSheet(css);
  const isHead = (head: string) => !/^(from|to|\d+%)$|:root|\[data-theme/.test(head);
  const headsOf = (text: string) =>
    [...text.replaceAll(/\/\*[\s\S]*?\*\//g, "").matchAll(/(?<=[{};]\s*|^\s*)([^{};@]+)\{/g)]
      .map(([, head = ""]) => head.trim())
      .filter(isHead);

  it("has the source's rules in the source's order, in no layer", () => {
    expect(strong).not.toContain("@layer");
    expect(headsOf(strong)).toHaveLength(headsOf(css).length);
    expect(headsOf(strong).length).toBeGreaterThan(80);
  });

  it("makes each selector as strong as two attributes, and lets unstyled switch it off", () => {
    const weak = headsOf(strong).filter(
      (head) =>
        !head.includes(":not([data-ares-unstyled][data-ares-unstyled],[data-ares-unstyled] *)"),
    );
    expect(weak).toEqual([]);
  });

  it("strengthens the subject of a selector, before its pseudo-element", () => {
    expect(strongSheet(":where(a) > :where(b)::before { color: red }")).toBe(
      ":where(a) > :where(b):not([data-ares-unstyled][data-ares-unstyled],[data-ares-unstyled] *)::before { color: red }",
    );
  });

  it("hides the balance of a gate beside a CreditBalance, also where the sheet is switched off", () => {
    expect(strong).toContain(':where(:root:has([data-ares-part="balance"]) [data-balance]) {');
  });

  it("is sent without the comments of its source", () => {
    expect(css).toContain("/*");
    expect(strong).not.toContain("/*");
  });

  it("leaves variables where an app can set them on any part of a page", () => {
    expect(strongSheet(":where(:root) { --ares-accent: red }")).toBe(
      ":where(:root) { --ares-accent: red }",
    );
  });
});

describe("a stylesheet that means the screen", () => {
  it.each([
    ["a { margin-left: 1px; }", "margin-left: 1px"],
    ["a { padding: 1px 2px 1px 3px; }", "padding: 1px 2px 1px 3px"],
    ["a { width: 2px }", "width: 2px"],
    ["a { text-align: right; }", "text-align: right"],
    ["a { border-top-left-radius: 0; }", "border-top-left-radius: 0"],
  ])("is caught at %s", (text, fault) => {
    expect(physical(text)).toEqual([fault]);
  });
});
