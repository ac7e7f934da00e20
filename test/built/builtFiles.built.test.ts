import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { beforeAll, describe, expect, it } from "vitest";

const dist = fileURLToPath(new URL("../../dist/", import.meta.url));
const directive = '"use client"';

interface BuiltFile {
  name: string;
  text: string;
}

let files: BuiltFile[] = [];

beforeAll(() => {
  if (!existsSync(dist))
    throw new Error("There is no dist. Run npm run build first, or npm test, which does.");
  const names = readdirSync(dist, { recursive: true, encoding: "utf8" }).filter((name) =>
    statSync(dist + name).isFile(),
  );
  files = names.map((name) => ({ name, text: readFileSync(dist + name, "utf8") }));
});

const scripts = () => files.filter(({ name }) => /\.js$/.test(name));
const names = (found: BuiltFile[]) => found.map(({ name }) => name).sort();

describe("the built files", () => {
  it("are every door as an ES module with its types, and nothing in CommonJS", () => {
    const doors = [
      "clerk",
      "index",
      "connect",
      "otel",
      "receipt",
      "rsc",
      "server",
      "testing",
      "messages/ar",
      "messages/de",
      "messages/es",
      "messages/fr",
      "messages/ja",
    ];

    expect(names(files)).toEqual(
      expect.arrayContaining(doors.flatMap((door) => [`${door}.js`, `${door}.d.ts`])),
    );
    expect(names(files).filter((name) => /\.c[jt]s$/.test(name))).toEqual([]);
  });

  it('begin with "use client" at byte 0 in every client door, and in no other file', () => {
    const marked = scripts().filter(({ text }) => text.startsWith(`${directive};`));
    // The command writes the directive into files of an app.
    const anywhere = scripts().filter(
      ({ name, text }) => name !== "cli.js" && text.includes(directive),
    );

    expect(names(marked)).toEqual(["clerk.js", "index.js"]);
    expect(names(anywhere)).toEqual(names(marked));
  });

  it("create React contexts in one place, so that every door meets the same provider", () => {
    const elsewhere = scripts().filter(
      ({ name, text }) => !name.startsWith("index.") && text.includes("createContext"),
    );

    expect(names(elsewhere)).toEqual([]);
    for (const door of ["clerk.js", "testing.js", "testing.node.js"])
      expect(reached(door), door).toContain("ares-react");
    for (const door of ["testing.js", "testing.node.js", "testing.bare.js"])
      expect(reached(door), door).toContain("ares-react/server");
  });
});

/** Code that no visitor may download, and that no server needs to install. */
const strangers: readonly { door: RegExp; never: RegExp }[] = [
  {
    door: /^(server|connect|otel|receipt)\./,
    never: /^(react|@tanstack|@clerk\/(clerk-)?react|ares-react)/,
  },
  {
    door: /^(index|clerk|server|connect|otel|receipt|rsc|messages\/\w+)\./,
    never: /^(msw|ares-react\/testing|node:)/,
  },
  { door: /^testing\.js/, never: /^(node:|module$)/ },
  // Server components and Workers bundle this file: React has no hooks there, and an app has no msw.
  { door: /^testing\.bare\.js/, never: /^(react|@tanstack|ares-react$|msw|node:|module$)/ },
];

/** The imports of a built file, and of the pieces that it shares with others. */
function importsOf({ text }: BuiltFile): string[] {
  const written = [
    ...text.matchAll(/\b(?:from\s*|require\(\s*|import\s*\(?\s*)(["'])([^"'\n]+)\1/g),
  ].map(([, , specifier = ""]) => specifier);
  return written.flatMap((specifier) =>
    specifier.startsWith("./") ? reached(specifier.slice(2)) : [specifier],
  );
}

const reached = (name: string) => files.filter((file) => file.name === name).flatMap(importsOf);

const met = (found: BuiltFile[]) =>
  found.flatMap((file) =>
    strangers
      .filter(({ door }) => door.test(file.name))
      .flatMap(({ never }) => importsOf(file).filter((specifier) => never.test(specifier)))
      .map((specifier) => `${file.name}: ${specifier}`),
  );

describe("a stranger", () => {
  it("comes with no door: nothing of React to the server, and nothing of the tests to anybody", () => {
    expect(met(scripts())).toEqual([]);
  });

  it("is looked for in imports that are found", () => {
    expect(reached("server.js")).toEqual(expect.arrayContaining(["zod/mini", "@clerk/backend"]));
    expect(reached("index.js")).toContain("react");
    expect(reached("testing.node.js")).toContain("module");
  });

  it.each([
    ["server.js", "import { useState } from 'react';"],
    ["server.js", 'import{jsx}from"react/jsx-runtime";'],
    ["server.js", "var query = require('@tanstack/react-query');"],
    ["receipt.js", "export * from 'ares-react';"],
    ["server.js", "import 'node:crypto';"],
    ["server.js", "const { http } = await import('msw');"],
    ["index.js", 'import { http } from "msw";'],
    ["clerk.js", 'var testing = require("ares-react/testing");'],
    ["testing.js", "import { createRequire } from 'module';"],
    ["testing.bare.js", 'import { useState } from "react";'],
    ["testing.bare.js", 'import { AresProvider } from "ares-react";'],
    ["messages/de.js", "import { readFileSync } from 'node:fs';"],
  ])("would be noticed in %s: %s", (name, text) => {
    expect(met([{ name, text }])).toHaveLength(1);
  });
});

describe("what only a developer reads", () => {
  /** The browser's doors, as an app's bundler leaves them in this mode. */
  async function bundled(mode: string): Promise<string> {
    const { outputFiles } = await build({
      stdin: {
        contents: 'export * from "./index.js"; export * from "./clerk.js";',
        resolveDir: dist,
      },
      bundle: true,
      write: false,
      minify: true,
      format: "esm",
      packages: "external",
      alias: { "ares-react": `${dist}index.js` },
      define: { "process.env.NODE_ENV": JSON.stringify(mode) },
    });
    return outputFiles.map(({ text }) => text).join("");
  }
  const hints = [
    "console.warn",
    "loses headers",
    "charges by itself",
    "no JSON, or not found",
    "definePrices",
    "can't be charged",
    "but no userKey",
    "so there is no button",
  ];
  const foundIn = async (mode: string) => {
    const text = await bundled(mode);
    return hints.filter((hint) => text.includes(hint));
  };

  it("is in no bundle of production", async () => {
    expect(await foundIn("production")).toEqual([]);
  });

  it("is in a bundle of development, and would be noticed", async () => {
    expect(await foundIn("development")).toEqual(hints);
  });

  it("is not the banner of a pretend ARES, which a preview deployment shows too", async () => {
    expect(await bundled("production")).toContain("Pretend ARES");
  });
});

describe("a secret", () => {
  /** Shapes of what must never be published: keys, tokens, addresses, folders of the machine that built it. */
  const secrets = [
    /sk_(live|test)_\w{8,}/,
    /eyJ[\w-]{8,}\.eyJ[\w-]{8,}/,
    /[\w.+-]+@(?!example\.)[\w-]+\.(com|org|net|io|dev)\b/,
    /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
    /(^|["'\s(])(\/home\/|\/Users\/|\/root\/|\/work\/|[A-Z]:\\)/m,
  ];
  const leaks = (found: BuiltFile[]) =>
    found.flatMap(({ name, text }) =>
      secrets.filter((secret) => secret.test(text)).map((secret) => `${name}: ${secret}`),
    );

  // A licence names its authors.
  it("lies in no built file", () => {
    expect(leaks(files.filter(({ name }) => name !== "cli.licences.txt"))).toEqual([]);
  });

  it.each([
    "sk_test_4242424242",
    "eyJhbGciOiJ9.eyJzdWIiOiJ9.x",
    "somebody@joinares.com",
    "-----BEGIN PRIVATE KEY-----",
    ' "/home/builder/x.ts"',
  ])("would be noticed: %s", (text) => {
    expect(leaks([{ name: "planted.js", text }])).toHaveLength(1);
  });
});
