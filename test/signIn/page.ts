import { readFileSync } from "node:fs";
import path from "node:path";
import { type Snippet, snippetsOf } from "../laws/snippets";
import { root } from "../laws/sourceFiles";

const signInPage = readFileSync(path.join(root, "docs", "sign-in.md"), "utf8");

const SHARED = "The same for every sign-in";

/** The files that a chapter of the page shows. */
function filesOf(chapter: string, page = signInPage): Snippet[] {
  const chapters = page.split(/^## /m).slice(1);
  const text = chapters.find((each) => each.startsWith(`${chapter}\n`));
  if (text === undefined) throw new Error(`docs/sign-in.md has no chapter "${chapter}".`);
  return snippetsOf(text);
}

/** The files of an app that follows a chapter: those that all sign-ins share, and the chapter's own. */
export function appOf(chapter: string, page = signInPage): Snippet[] {
  const own = filesOf(chapter, page);
  const isOwn = (file: string) => own.some((each) => each.file === file);
  return [...filesOf(SHARED, page).filter(({ file }) => !isOwn(file)), ...own];
}

export interface Row {
  title: string;
  ticks: number;
  versions: [name: string, version: string][];
}

/** The rows of the page's first table. */
export function rowsOf(page = signInPage): Row[] {
  const table = /^\|.*\n\|---.*\n((?:\|.*\n)+)/m.exec(page)?.[1] ?? "";
  return table
    .trimEnd()
    .split("\n")
    .map((line) => ({
      title: (line.split("|")[1] ?? "").trim().replace(/^\[([^\]]+)\].*/, "$1"),
      ticks: line.split("✓").length - 1,
      versions: [...line.matchAll(/`([@\w/-]+)` (\d[\w.-]*)/g)].map(
        ([, name = "", version = ""]) => [name, version],
      ),
    }));
}
