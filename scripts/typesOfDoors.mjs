import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";

/** The packages that a door's types may need, besides the dependencies that are installed with the kit. */
const reactQuery = [
  "react",
  "@types/react",
  "csstype",
  "@tanstack/react-query",
  "@tanstack/query-core",
];
/** @type {Record<string, string[]>} */
const peersOf = {
  ".": reactQuery,
  "./clerk": reactQuery,
  "./connect": ["oauth4webapi"],
  "./messages": reactQuery,
  "./otel": ["@opentelemetry/api"],
  "./receipt": ["jose"],
  "./rsc": reactQuery,
  "./server": [],
  "./testing": reactQuery,
};

/**
 * The compiler's complaints about apps that import one door each, with `skipLibCheck: false`, and have only the peers
 * of that door.
 *
 * @param {string} root the repository's
 * @param {string} stage an empty folder
 * @param {string} kit the installed kit, with its dependencies beside it
 * @param {string[]} doors
 * @returns {string[]}
 */
export function complaintsOfDoors(root, stage, kit, doors) {
  return doors.flatMap((door, at) => {
    const peers = peersOf[door.replace(/^(\.\/messages)\/.*/, "$1")];
    if (peers === undefined) throw new Error(`scripts/typesOfDoors.mjs names no peers of ${door}.`);
    const app = path.join(stage, `${at}`);
    for (const name of ["ares-react", "zod"]) link(path.join(kit, "..", name), app, name);
    for (const name of peers) link(path.join(root, "node_modules", name), app, name);
    const file = path.join(app, "app.mts");
    const specifier = JSON.stringify(door.replace(/^\./, "ares-react"));
    writeFileSync(
      file,
      `import * as door from ${specifier};\nexport const names = Object.keys(door);\n`,
    );
    return complaints(file).map((words) => `${door}: ${words}`);
  });
}

/** @param {string} from @param {string} app @param {string} name */
function link(from, app, name) {
  const to = path.join(app, "node_modules", name);
  mkdirSync(path.dirname(to), { recursive: true });
  symlinkSync(from, to, "junction");
}

/** @type {ts.CompilerOptions} */
const options = {
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  target: ts.ScriptTarget.ES2022,
  lib: ["lib.es2023.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
  jsx: ts.JsxEmit.ReactJSX,
  types: [],
  strict: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: false,
  noEmit: true,
  // Without it the links lead back into the repository, whose packages every door would find.
  preserveSymlinks: true,
};

/** @param {string} file */
function complaints(file) {
  const program = ts.createProgram([file], options);
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
}
