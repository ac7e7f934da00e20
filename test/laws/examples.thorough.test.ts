import ts from "typescript";
import { describe, expect, it } from "vitest";
import { compileTogether, type Snippet } from "./snippets";
import { readSources, root, type SourceFile } from "./sourceFiles";

/** The public doors, in the order in which an example's names are looked for. */
const doors = [
  "ares-react",
  "ares-react/server",
  "ares-react/clerk",
  "ares-react/connect",
  "ares-react/otel",
  "ares-react/receipt",
  "ares-react/rsc",
  "ares-react/testing",
];

/** The code that an app, or its test, has around an example. */
const around = `
  import type { ReactElement, Suspense as ReactSuspense } from "react";
  import type { D1Database } from "@cloudflare/workers-types";
  import type { useAresGate, useAresUsage } from "ares-react";
  import { type AresServer, type Authenticate, definePrices, type Ledger, quoted } from "ares-react/server";
  import * as z from "zod";
  import type { ReceiptKey } from "ares-react/receipt";
  import type { AresSimulator, SimulatedAccount } from "ares-react/testing";

  const listed = definePrices({
    "export-pdf": 1,
    report: { credits: 3 },
    render: quoted({ input: z.object({ pages: z.number() }), credits: ({ pages }) => pages }),
  });
  declare global {
    const prices: typeof listed;
    const clientId: string;
    const auth: Authenticate;
    const ledger: Ledger;
    const ares: AresServer<typeof listed>;
    const request: Request;
    const id: string;
    const user: { id: string };
    const keys: readonly ReceiptKey[];
    const token: string;
    const connectionString: string;
    const env: { DB: D1Database };
    const simulator: AresSimulator;
    const account: SimulatedAccount;
    const port: number;
    const gate: ReturnType<typeof useAresGate>;
    const charge: ReturnType<typeof useAresUsage>["charge"];
    const App: () => ReactElement;
    const Suspense: typeof ReactSuspense;
    const Report: (props: { id?: string }) => ReactElement;
    function readSession(request: Request): Promise<{ userId: string } | null>;
    function readAresToken(userId: string, options: { refresh: boolean }): Promise<string | null>;
    function openTopUp(): void;
    function download(): void;
    function render(ui?: ReactElement): Promise<string>;
    const expect: typeof import("vitest").expect;
    const test: typeof import("vitest").test;
    const setupServer: typeof import("msw/node").setupServer;
    const serve: typeof import("@hono/node-server").serve;
  }
`;

/** The package that an example takes for granted: a driver, or a schema's. */
const drivers: Readonly<Record<string, string>> = {
  fromBetterSqlite3: 'import Database from "better-sqlite3";',
  fromIoredis: 'import { Redis } from "ioredis";',
  fromIovalkey: 'import { Redis } from "iovalkey";',
  fromLibsql: 'import { createClient } from "@libsql/client";',
  fromNeon: 'import { neon } from "@neondatabase/serverless";',
  fromNodeRedis: 'import { createClient } from "@redis/client";',
  // The types of this driver come with a later Node than the oldest supported one.
  fromNodeSqlite:
    '/// <reference path="../../../node_modules/types-node-22/sqlite.d.ts" />\nimport { DatabaseSync } from "node:sqlite";',
  fromPg: 'import { Pool } from "pg";',
  fromPglite: 'import { PGlite } from "@electric-sql/pglite";',
  fromPostgresJs: 'import postgres from "postgres";',
  fromUpstash: 'import { Redis } from "@upstash/redis";',
  quoted: 'import * as z from "zod";',
};

function driverOf(code: string): string {
  return Object.entries(drivers).find(([connector]) => code.includes(`${connector}(`))?.[1] ?? "";
}

/** The code of each `@example`. An example with an ellipsis leaves something out, so it is not taken. */
function examplesOf({ path, text }: SourceFile): Snippet[] {
  return [...text.matchAll(/^ *\* @example\n((?: *\*(?! @|\/).*\n)+)/gm)]
    .map(([, lines = ""]) => lines.replace(/^ *\* ?/gm, ""))
    .filter((code) => !code.includes("…"))
    .map((code, index) => ({ file: `${path.replace(/\.tsx?$/, "")}-${index + 1}.tsx`, code }));
}

/** An example as a module: with the imports it takes for granted, and in a function where it returns a value. */
function moduleOf(
  source: SourceFile,
  { file, code }: Snippet,
  exported: Map<string, string>,
): Snippet {
  const imports = code.match(/^import .*$/gm)?.join("\n") ?? "";
  const rest = code
    .replace(/^import .*$/gm, "")
    .replace(/(<AresProvider [^>]*>)\s*$/, "$1</AresProvider>");
  const own = [...source.text.matchAll(/^export (?:async )?(?:function|const|class) (\w+)/gm)].map(
    ([, name = ""]) => name,
  );
  const from = new Map([
    ...own.map((name) => [name, `${root}src/${source.path.replace(/\.tsx?$/, "")}`] as const),
    ...exported,
  ]);
  const granted = [...from]
    .filter(
      ([name]) =>
        new RegExp(`\\b${name}\\b`).test(rest) && !new RegExp(`\\b${name}\\b`).test(imports),
    )
    .map(([name, module]) => `import { ${name} } from "${module}";`);
  const body = returns(rest)
    ? `export async function example() {\n${rest}\n}`
    : `${rest}\nexport {};`;
  return { file, code: [imports ? "" : driverOf(code), imports, ...granted, body].join("\n") };
}

/** True for code that returns something outside of any function. */
function returns(code: string): boolean {
  const outside = (node: ts.Node): boolean =>
    ts.isReturnStatement(node) ||
    (!ts.isFunctionLike(node) &&
      ts.forEachChild(node, (child) => outside(child) || undefined) === true);
  return outside(
    ts.createSourceFile("example.tsx", code, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX),
  );
}

/** Where each public name comes from. */
async function exportsOfDoors(): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const door of doors)
    for (const name of Object.keys(await import(/* @vite-ignore */ door)))
      if (!found.has(name)) found.set(name, door);
  return found;
}

async function wrongIn(sources: SourceFile[]): Promise<string[]> {
  const exported = await exportsOfDoors();
  const modules = sources.flatMap((source) =>
    examplesOf(source).map((example) => moduleOf(source, example, exported)),
  );
  return compileTogether([{ file: "around.ts", code: around }, ...modules]);
}

describe("the examples in the docblocks of src", () => {
  it("compile, in an app that has what they take for granted", async () => {
    expect(readSources().flatMap(examplesOf).length).toBeGreaterThan(40);
    expect(await wrongIn(readSources())).toEqual([]);
  });
});

describe("an example that does not compile", () => {
  const source = (code: string): SourceFile => ({
    path: "server/planted.ts",
    text: `/**\n * Plants.\n *\n * @example\n${code.replace(/^/gm, " * ")}\n *\n * @throws never\n */\nexport function planted(seeds: number): void {}\n`,
  });

  it("is caught: a name that is nowhere, an option that is missing, a wrong type", async () => {
    const wrong = await wrongIn([
      source("nowhere(1)"),
      { ...source("createAresServer({ clientId, prices, auth })"), path: "server/other.ts" },
      {
        ...source(
          "if (request) return createAresServer({ clientId: process.env.ID, prices, auth, ledger })",
        ),
        path: "server/third.ts",
      },
    ]);

    expect(wrong.map((each) => each.split(":")[0])).toEqual([
      "server/planted-1.tsx",
      "server/other-1.tsx",
      "server/third-1.tsx",
    ]);
  });

  it("is looked for in whole examples only, and in each line of them", () => {
    expect(examplesOf(source("const ares = createAresServer({ … })"))).toEqual([]);
    expect(examplesOf(source("one()\n\ntwo()")).map(({ code }) => code)).toEqual([
      "one()\n\ntwo()\n\n",
    ]);
  });
});
