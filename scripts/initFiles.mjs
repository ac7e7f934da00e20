import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";

/**
 * The files that `ares-react init` copies, by their name in `examples/start`. Each file in TypeScript has a twin in
 * JavaScript, named `.js` or `.jsx`.
 *
 * @param {string} root the repository's
 * @returns {Record<string, string>}
 */
export function initFiles(root) {
  const folder = path.join(root, "examples/start");
  const names = readdirSync(folder).filter((name) => /\.tsx?$/.test(name));
  const sources = names.map((name) => [name, readFileSync(path.join(folder, name), "utf8")]);
  const twins = sources.map(([name = "", text = ""]) => [
    name.replace(/\.ts(x?)$/, ".js$1"),
    withoutTypes(name, text),
  ]);
  const variables = [
    [".env.connect", readFileSync(path.join(folder, ".env.example"), "utf8")],
    [".env.clerk", readFileSync(path.join(root, "examples/next/.env.example"), "utf8")],
  ];
  return Object.fromEntries([...sources, ...twins, ...variables]);
}

/**
 * Cuts out what only TypeScript reads: imports of types, declarations of modules, the types of parameters, and `satisfies`.
 * Everything else stays as it was written.
 *
 * @param {string} name
 * @param {string} text
 */
function withoutTypes(name, text) {
  const kind = name.endsWith("x") ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
  const file = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true, kind);
  /** @type {[number, number][]} */
  const cuts = [];
  /** @param {ts.Node} node */
  const visit = (node) => {
    const isTypeImport = ts.isImportDeclaration(node) && node.importClause?.isTypeOnly === true;
    if (isTypeImport || ts.isModuleDeclaration(node)) {
      cuts.push([node.getFullStart(), node.getEnd()]);
      return;
    }
    if (ts.isParameter(node) && node.type) cuts.push([node.name.getEnd(), node.type.getEnd()]);
    if (ts.isSatisfiesExpression(node)) cuts.push([node.expression.getEnd(), node.getEnd()]);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return cuts.reduceRight((left, [from, to]) => left.slice(0, from) + left.slice(to), text);
}
