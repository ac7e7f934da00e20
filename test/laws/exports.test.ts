import ts from "typescript";
import { describe, expect, it } from "vitest";
import { readSources, roomOf, type SourceFile } from "./sourceFiles";

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

describe("the public names", () => {
  // A renamed or removed name breaks an app. On purpose? Then run vitest with -u, and tell the upgrader in the
  // changelog.
  it.each(readSources().filter((file) => roomOf(file) === "door" && file.path !== "cli.ts"))(
    "of $path are the ones written down",
    (door) => {
      expect(publicNames(door)).toMatchSnapshot();
    },
  );

  it("are found in every form of a re-export", () => {
    const text =
      'export { b, type A } from "./x"; export type { C } from "./y"; export { d as e } from "./z";';

    expect(publicNames({ path: "index.ts", text })).toEqual(["b", "e", "type A", "type C"]);
  });
});
