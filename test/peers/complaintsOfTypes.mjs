import { writeFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";

/**
 * The compiler's complaints about an app that imports these doors, and about our own declarations. Other packages' own
 * complaints are left out.
 *
 * @param {string} app
 * @param {string[]} doors
 */
export function complaintsOfTypes(app, doors) {
  const entries = ["doors.ts", "clerkHooks.ts"].map((file) => path.join(app, file));
  const opened = doors.map(
    (door, at) =>
      `import * as door${at} from ${JSON.stringify(door.replace(/^\./, "ares-react"))};`,
  );
  writeFileSync(
    entries[0],
    `${opened.join("\n")}\nexport const doors = [${doors.map((_, at) => `door${at}`)}];\n`,
  );
  const program = ts.createProgram(entries, {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    lib: ["lib.es2023.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
    jsx: ts.JsxEmit.ReactJSX,
    types: [],
    strict: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
  });
  return program
    .getSourceFiles()
    .filter(
      ({ fileName }) =>
        entries.includes(fileName) || fileName.includes("/node_modules/ares-react/"),
    )
    .flatMap((source) => [
      ...program.getSyntacticDiagnostics(source),
      ...program.getSemanticDiagnostics(source),
    ])
    .map(
      ({ file, messageText }) =>
        `${file && path.relative(app, file.fileName)}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`,
    );
}
