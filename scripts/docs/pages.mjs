import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/** The root of the repository. */
export const root = path.resolve(import.meta.dirname, "../..");

/**
 * @typedef {Map<string, string>} Tree the text of each Markdown page, by its path from the root
 * @typedef {{ file: string, title: string, about?: string, below?: boolean }} Page
 * @typedef {{ title: string, pages: Page[] }} Group
 */

/**
 * The pages of the repository that the site shows.
 *
 * @param {string} from
 * @returns {Tree}
 */
export function tree(from) {
  const inDocs = readdirSync(path.join(from, "docs"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".md"))
    .map((file) => path.posix.join("docs", file.replaceAll(path.sep, "/")));
  const files = ["README.md", "AGENTS.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"];
  return new Map(
    [...files, ...inDocs.sort()].map((file) => [file, readFileSync(path.join(from, file), "utf8")]),
  );
}

/**
 * The groups of README's tables of links, and one of the pages that README leaves out: those about the work on the kit.
 * A further link in a row is a page below the row's own.
 *
 * @param {Tree} pages
 * @returns {Group[]}
 */
export function groupsOf(pages) {
  const readme = pages.get("README.md") ?? "";
  const [, chapter = ""] = readme.split("\n## Documentation\n");
  const [tables = ""] = chapter.split("\n## ");
  const groups = tables
    .split(/\n(?=\| [^|]+ \| \|\n\|---)/)
    .map((table) => {
      const [head = "", , ...rows] = table.trim().split("\n");
      return {
        title: sentenceCase(head.split("|")[1]?.trim() ?? ""),
        pages: rows.flatMap((row) => pagesOfRow(row, pages)),
      };
    })
    .filter((group) => group.pages.length > 0);
  const listed = new Set(groups.flatMap((group) => group.pages.map(({ file }) => file)));
  const others = [...pages.keys()].filter((file) => file !== "README.md" && !listed.has(file));
  groups[0]?.pages.unshift({ file: "README.md", title: "Overview" });
  const work = others.map((file) => ({
    file,
    title: titleOf(pages.get(file) ?? ""),
    below: file.startsWith("docs/decisions/"),
  }));
  return [...groups, { title: "The kit itself", pages: work }];
}

/**
 * @param {string} row
 * @param {Tree} pages
 * @returns {Page[]}
 */
function pagesOfRow(row, pages) {
  const [, first = "", second = ""] = row.split("|");
  return [...row.matchAll(/\[([^\]]+)\]\(([^)#]+\.md)\)/g)].map(([link, title = "", file = ""]) =>
    first.includes(link)
      ? { file, title, about: plain(second) }
      : { file, title: titleOf(pages.get(file) ?? ""), below: true },
  );
}

/** @param {string} text */
export function titleOf(text) {
  return /^# (.*)$/m.exec(text)?.[1] ?? "";
}

/**
 * The first sentence of a page's prose. Code, tables and lists before it are passed over.
 *
 * @param {string} text
 */
export function firstSentenceOf(text) {
  const prose = text
    .replace(/^```[\s\S]*?^```$/gm, "")
    .split(/\n{2,}/)
    .map((block) => block.trim())
    .find((block) => block !== "" && !/^([#|>!<-]|\d+\.|\*\*[^*]+\?\*\*)/.test(block));
  const told = plain((prose ?? "").replace(/^\*\*\w+[.:]\*\* /, ""));
  return /^.*?[.!?](?=\s|$)/.exec(told)?.[0] ?? told.replace(/:$/, ".");
}

/**
 * Markdown without its links, bold and line breaks.
 *
 * @param {string} text
 */
function plain(text) {
  return text
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replaceAll("**", "")
    .replace(/\s+/g, " ")
    .trim();
}

/** @param {string} text */
function sentenceCase(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
