import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript";

/** The root of the repository. */
export const root = fileURLToPath(new URL("../../", import.meta.url));

/** A file for a law: its path from `src/`, and its text. */
export interface SourceFile {
  path: string;
  text: string;
}

/** Every file of `src`. */
export function readSources(): SourceFile[] {
  return readdirSync(`${root}src`, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`)
    .map((path) => ({ path: path.slice(`${root}src/`.length), text: readFileSync(path, "utf8") }))
    .filter(({ path }) => /\.tsx?$/.test(path));
}

/** The other files of the repository with such an ending: tests, stories, examples, scripts, pages. Packages and builds are left out. */
export function readOthers(ending: RegExp): SourceFile[] {
  const kept = ["test", "stories", ".storybook", "examples", "scripts", "docs"];
  const inFolders = kept.flatMap((folder) =>
    readdirSync(`${root}${folder}`, { recursive: true, encoding: "utf8" }).map(
      (path) => `${folder}/${path}`,
    ),
  );
  return [...readdirSync(root), ...inFolders]
    .filter(
      (path) =>
        ending.test(path) && !/(^|\/)(node_modules|\.next|dist)\/|mockServiceWorker/.test(path),
    )
    .map((path) => ({ path, text: readFileSync(`${root}${path}`, "utf8") }));
}

/** The specifiers that a file imports, re-exports or loads lazily, types included. */
export function importsOf(file: SourceFile): string[] {
  return ts.preProcessFile(file.text, true, true).importedFiles.map(({ fileName }) => fileName);
}

/** The room of a file, or `door` for the files directly in `src`. */
export function roomOf(file: SourceFile): string {
  const [room, ...rest] = file.path.split("/");
  return rest.length === 0 || room === undefined ? "door" : room;
}

/** Asks every node of a file's syntax tree. Comments are no nodes, so a comment may name a law. */
export function findNodes(file: SourceFile, wanted: (node: ts.Node) => boolean): string[] {
  const kind = file.path.endsWith("x") ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
  const tree = ts.createSourceFile(file.path, file.text, ts.ScriptTarget.Latest, true, kind);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (wanted(node)) {
      const { line } = tree.getLineAndCharacterOfPosition(node.getStart(tree));
      found.push(`${file.path}:${line + 1} ${node.getText(tree).split("\n")[0]}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}
