import ts from "typescript";
import { describe, expect, it } from "vitest";
import { readSources, roomOf, root, type SourceFile } from "./sourceFiles";

const doors = readSources().filter((file) => roomOf(file) === "door" && file.path !== "cli.ts");

/** The public names of a door, sorted. `type` marks names that do not exist at run time. */
function publicNames({ path, text }: SourceFile): string[] {
  const names: string[] = [];
  for (const statement of ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true)
    .statements) {
    if (
      !ts.isExportDeclaration(statement) ||
      statement.exportClause === undefined ||
      !ts.isNamedExports(statement.exportClause)
    )
      continue;
    for (const { name, isTypeOnly } of statement.exportClause.elements) {
      names.push(isTypeOnly || statement.isTypeOnly ? `type ${name.text}` : name.text);
    }
  }
  return names.sort();
}

/** The public names of these files of `src` whose declaration no docblock describes. The reference shows the docblock. */
function withoutDocblock(paths: string[]): string[] {
  const files = paths.map((path) => `${root}src/${path}`);
  const program = ts.createProgram(files, {
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    jsx: ts.JsxEmit.ReactJSX,
    types: [],
  });
  const checker = program.getTypeChecker();
  return files.flatMap((file, at) => {
    const module = checker.getSymbolAtLocation(program.getSourceFile(file) as ts.Node);
    if (module === undefined) throw new Error(`${file} exports nothing.`);
    return checker
      .getExportsOfModule(module)
      .filter((name) => {
        const isAlias = (name.flags & ts.SymbolFlags.Alias) !== 0;
        const { declarations = [] } = isAlias ? checker.getAliasedSymbol(name) : name;
        return !declarations.some((node) => ts.getJSDocCommentsAndTags(node).length > 0);
      })
      .map((name) => `${name.name} of ${paths[at]}`);
  });
}

describe("the public names", () => {
  // A renamed or removed name breaks an app. On purpose? Then run vitest with -u, and tell the upgrader in the
  // changelog.
  it.each(doors)("of $path are the ones written down", (door) => {
    expect(publicNames(door)).toMatchSnapshot();
  });

  it("are found in every form of a re-export", () => {
    const text =
      'export { b, type A } from "./x"; export type { C } from "./y"; export { d as e } from "./z";';

    expect(publicNames({ path: "index.ts", text })).toEqual(["b", "e", "type A", "type C"]);
  });

  it("have a docblock each", () => {
    const languages = readSources().filter(({ path }) =>
      /^react\/messages\/(?!en)[a-z]{2}\.ts$/.test(path),
    );
    const files = [...doors, ...languages].map(({ path }) => path);

    expect(withoutDocblock(files)).toEqual([]);
  }, 60_000);

  it("are named where they have none", () => {
    // Nobody imports this header from the package, so it may stay without one.
    expect(withoutDocblock(["contract/headers.ts"])).toContain(
      "contractHeader of contract/headers.ts",
    );
  });
});
