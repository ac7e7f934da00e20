import ts from "typescript";
import { describe, expect, it } from "vitest";
import { isErrorCode } from "../../src/contract";
import { findNodes, importsOf, readSources, roomOf, type SourceFile } from "./sourceFiles";

/** A piece of knowledge, who may have it, and a file that breaks the law. */
interface Law {
  title: string;
  mayKnow: (file: SourceFile) => boolean;
  knows: (file: SourceFile) => string[];
  violation: SourceFile;
}

const only =
  (...patterns: RegExp[]) =>
  (file: SourceFile) =>
    patterns.some((pattern) => pattern.test(file.path));
const testing = /^testing\//;

const texts = (pattern: RegExp) => (file: SourceFile) =>
  findNodes(
    file,
    (node) =>
      (ts.isStringLiteralLike(node) ||
        ts.isTemplateHead(node) ||
        ts.isTemplateMiddleOrTemplateTail(node)) &&
      pattern.test(node.text),
  );

const isWrittenKey = (node: ts.Node, name: string) =>
  (ts.isPropertyAssignment(node) || ts.isShorthandPropertyAssignment(node)) &&
  (ts.isIdentifier(node.name) || ts.isStringLiteral(node.name)) &&
  node.name.text === name;

const isRefusalStatus = (node: ts.Node) =>
  ts.isNumericLiteral(node) && Number(node.text) >= 400 && Number(node.text) <= 599;

const isErrorText = (node: ts.Node) => ts.isStringLiteral(node) && isErrorCode(node.text);

/** True when a node runs while its file is loaded, and a bundler can't know that it has no effect. Bundlers know a new Set. */
const runsOnLoad = (node: ts.Node) =>
  (ts.isCallExpression(node) ||
    (ts.isNewExpression(node) && node.expression.getText() !== "Set")) &&
  ts.findAncestor(node, ts.isFunctionLike) === undefined &&
  !/@__PURE__ \*\/\s*$/.test(node.getSourceFile().text.slice(0, node.getStart()));

const laws: Law[] = [
  {
    title: "ARES's API is addressed only in server/ares/, and its OAuth in connect/aresOAuth",
    mayKnow: only(/^server\/ares\//, /^connect\/aresOAuth\.ts$/, testing),
    knows: texts(/oauth\.joinares\.com|\/v1\/(user|partner)\b|partner\/usage/),
    violation: {
      path: "server/http/handler.ts",
      text: 'fetch(base + "/v1/user"); fetch("https://oauth.joinares.com");',
    },
  },
  {
    title: "client_id is written only to ARES, and by the client to servers that ask for it",
    mayKnow: only(
      /^server\/ares\//,
      /^connect\/aresOAuth\.ts$/,
      /^contract\/wire\.ts$/,
      /^client\//,
      // The page of the guide, in the control.
      /^cli\/prove\/aresPart\.ts$/,
      testing,
    ),
    knows: (file) => findNodes(file, (node) => isWrittenKey(node, "client_id")),
    violation: { path: "server/http/handler.ts", text: "const body = { client_id: clientId };" },
  },
  {
    title: "Clerk is known only in clerk/ and server/auth/clerk…",
    mayKnow: only(
      /^clerk\//,
      /^server\/auth\/clerk\w*\.ts$/,
      /^server\/index\.ts$/,
      /^(clerk|server)\.ts$/,
    ),
    knows: (file) => [
      ...findNodes(file, (node) => ts.isIdentifier(node) && /clerk/i.test(node.text)),
      ...texts(/custom_ares/)(file),
      ...importsOf(file).filter((specifier) => specifier.startsWith("@clerk/")),
    ],
    violation: { path: "react/provider/AresProvider.tsx", text: "const clerk = window.Clerk;" },
  },
  {
    title: "query keys are spelled only in react/provider/queries.ts",
    mayKnow: only(/^react\/provider\/queries\.ts$/),
    knows: (file) =>
      findNodes(
        file,
        (node) =>
          (ts.isPropertyAssignment(node) &&
            /^(query|mutation)Key$/.test(node.name.getText()) &&
            ts.isArrayLiteralExpression(node.initializer)) ||
          (ts.isCallExpression(node) &&
            /\b[gs]etQuer(y|ies)Data$/.test(node.expression.getText()) &&
            node.arguments.some(ts.isArrayLiteralExpression)),
      ),
    violation: {
      path: "react/hooks/useAresUser.ts",
      text: 'useQuery({ queryKey: ["ares", "user"] }); client.setQueryData(["ares"], 1);',
    },
  },
  {
    title: "a refusal's status comes from contract/errors.ts",
    mayKnow: only(/^contract\/errors\.ts$/, testing),
    knows: (file) =>
      findNodes(
        file,
        (node) =>
          ts.isPropertyAssignment(node) &&
          node.name.getText() === "status" &&
          isRefusalStatus(node.initializer),
      ),
    violation: { path: "server/http/handler.ts", text: "new Response(null, { status: 404 });" },
  },
  {
    // Each of the lists that once stood beside the table said another thing of some code, and users paid for it.
    title: "what an error code means is said in contract/errors.ts alone: nobody else lists codes",
    mayKnow: only(/^contract\//, testing),
    knows: (file) =>
      findNodes(
        file,
        (node) =>
          ts.isArrayLiteralExpression(node) &&
          node.elements.length > 1 &&
          node.elements.every(isErrorText),
      ),
    violation: {
      path: "react/hooks/useCharge.ts",
      text: 'const final = ["not_allowed", "declined"]; const fine = ["retry", "check"];',
    },
  },
  {
    title: "zod is imported as the namespace of zod/mini",
    mayKnow: () => false,
    knows: (file) =>
      findNodes(
        file,
        (node) =>
          ts.isImportDeclaration(node) &&
          ts.isStringLiteral(node.moduleSpecifier) &&
          node.moduleSpecifier.text.startsWith("zod") &&
          !/^import (type )?\* as z from "zod\/mini";$/.test(node.getText()),
      ),
    violation: { path: "contract/wire.ts", text: 'import { string } from "zod/mini";' },
  },
  {
    // Otherwise an app that needs only `isAresError` gets every schema of the wire, and zod with them.
    title: "what a door makes while it is loaded carries /* @__PURE__ */",
    mayKnow: only(/^cli[./]/, testing),
    knows: (file) => findNodes(file, runsOnLoad),
    violation: {
      path: "contract/wire.ts",
      text: "export const Charge = z.object({ id: z.string() });",
    },
  },
  {
    title: "the compiler is believed: no `as` but `as const`",
    mayKnow: () => false,
    knows: (file) =>
      findNodes(file, (node) => ts.isAsExpression(node) && node.type.getText() !== "const"),
    violation: {
      path: "server/http/handler.ts",
      text: "const body = (await request.json()) as Body; const fine = [1] as const;",
    },
  },
  {
    title: "no file carries a directive: the build writes it",
    mayKnow: () => false,
    knows: (file) =>
      findNodes(
        file,
        (node) =>
          ts.isExpressionStatement(node) && /^["']use (client|server)["'];?$/.test(node.getText()),
      ),
    violation: { path: "react/gate/AresGate.tsx", text: '"use client";\nexport const x = 1;' },
  },
  {
    // Bundlers replace `process.env.NODE_ENV`, and React and react-query need the same. What it guards is never published code.
    title:
      "server/, contract/ and client/ name no global of Node, but client/ asks `process.env.NODE_ENV`",
    mayKnow: (file) => !["server", "contract", "client"].includes(roomOf(file)),
    knows: (file) =>
      findNodes(
        file,
        (node) =>
          ts.isIdentifier(node) &&
          /^(Buffer|process|__dirname|__filename|require|setImmediate)$/.test(node.text) &&
          // A property of another object is no global. A test for the name on globalThis works on every runtime.
          !(ts.isPropertyAccessExpression(node.parent) && node.parent.name === node) &&
          !(roomOf(file) === "client" && node.parent.parent.getText() === "process.env.NODE_ENV") &&
          !new RegExp(`\\b${node.text}\\b[^;]*\\} = globalThis\\b`).test(file.text) &&
          !ts.isPropertySignature(node.parent) &&
          !ts.isPropertyAssignment(node.parent),
      ),
    violation: { path: "server/http/origin.ts", text: "const size = Buffer.byteLength(body);" },
  },
];

describe.each(laws)("$title", ({ mayKnow, knows, violation }) => {
  const broken = (files: SourceFile[]) => files.filter((file) => !mayKnow(file)).flatMap(knows);

  it("holds in src", () => {
    expect(broken(readSources())).toEqual([]);
  });

  it("notices a file that breaks it", () => {
    expect(broken([violation])).not.toEqual([]);
  });
});

describe("what runs while a file is loaded", () => {
  it.each([
    ["a schema", "const A = z.object({});", 1],
    [
      "a schema in a schema, whose mark stands only in front of the outer one",
      "const A = /* @__PURE__ */ z.array(z.string());",
      1,
    ],
    ["a helper", "const A = jsonText(B);", 1],
    ["a new object", "const seen = new Map();", 1],
    [
      "a marked schema, whose parts are made within it",
      "const A = /* @__PURE__ */ (() => z.array(z.string()))();",
      0,
    ],
    ["a component", "const A = /* @__PURE__ */ forwardRef(function A() { return use(); });", 0],
    ["a set", "const codes = new Set([1]);", 0],
    ["a function", "const a = () => z.string();", 0],
  ])("is seen in %s", (_what, text, count) => {
    expect(findNodes({ path: "contract/wire.ts", text }, runsOnLoad)).toHaveLength(count);
  });
});
