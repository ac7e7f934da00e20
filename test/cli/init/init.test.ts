import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import ts from "typescript";
import { afterEach, describe, expect, it } from "vitest";
import { detect, type Files, type Framework } from "../../../src/cli/init/project";
import { type LedgerChoice, ledgers } from "../../../src/cli/init/recipe";
import { runInit, type Talk } from "../../../src/cli/init/runInit";
import { foundSignIn, type SignIn, signIns } from "../../../src/cli/init/signIn";
import { ledgerPackages } from "../../../src/cli/init/sources";
import { detected, manifest, names, planned, sources, starters } from "./starters";

const syntaxErrors = (files: Files) =>
  Object.entries(files)
    .filter(([path]) => /\.[jt]sx?$/.test(path))
    .flatMap(([path, text]) =>
      (
        ts.transpileModule(text, {
          fileName: path,
          reportDiagnostics: true,
          compilerOptions: { jsx: ts.JsxEmit.Preserve },
        }).diagnostics ?? []
      ).map(({ messageText }) => `${path}: ${String(messageText)}`),
    );

describe("detect", () => {
  it.each(names)("knows the starter of %s", (name) => {
    expect(detected(starters[name])).toMatchObject({
      framework: name,
      typescript: name !== "express",
      packageManager: "npm",
    });
  });

  it.each([
    [{ "pnpm-lock.yaml": "" }, "pnpm"],
    [{ "yarn.lock": "" }, "yarn"],
    [{ "bun.lock": "" }, "bun"],
    [{ "package-lock.json": "" }, "npm"],
  ])("tells the package manager by its lock: %o", (lock, packageManager) => {
    expect(detected({ ...starters.express, ...lock }).packageManager).toBe(packageManager);
    expect(planned({ ...starters.express, ...lock }).install).toBe(`${packageManager} install`);
  });

  it("says what is missing, in place of a project", () => {
    expect(detect({})).toContain("no package.json");
    expect(detect({ "package.json": "{" })).toContain("no package.json");
    expect(detect({ "package.json": manifest({ svelte: "5" }) })).toContain("--framework");
    expect(detect({ "package.json": manifest({}) }, "express")).toMatchObject({
      framework: "express",
    });
  });
});

describe("plan", () => {
  it.each(names)(
    "writes new files and adds lines for %s, as code that parses, and a second run changes nothing",
    (name) => {
      const { writes, byHand, install, after } = planned(starters[name]);

      expect(writes.filter(({ kind }) => kind === "taken")).toEqual([]);
      expect(byHand).toEqual([]);
      expect(install).toBe("npm install");
      expect(syntaxErrors(after)).toEqual([]);
      expect(planned(after)).toMatchObject({ writes: [], byHand: [], install: "" });
    },
  );

  // The short form of Vite, `"/api/ares": "http://…"`, gives the API's own host to the API.
  it("lets the API behind Vite see the page's own origin", () => {
    expect(planned(starters["vite-hono"]).after["vite.config.ts"]).toContain(
      '"/api/ares": { target: "http://localhost:8787" }',
    );
  });

  it("begins an Express app in a module named .mjs", () => {
    const { byHand, after } = planned({
      "package.json": manifest({ express: "^5.0.0" }),
      "server.mjs": `import express from "express";\n\nconst app = express();\napp.use(express.json());\napp.listen(3000);\n`,
    });

    expect(byHand).toEqual([]);
    expect(after["server.mjs"]).toContain('import { aresRoute } from "./ares-route.mjs";');
    expect(after["server.mjs"]).toContain(
      'app.all("/api/ares", aresRoute);\napp.use("/api/ares/connect", connectRoute);\napp.use(express.json());',
    );
    expect(after["ares-route.mjs"]).toContain('import { ares } from "./ares.mjs";');
    expect(after["ares.mjs"]).toContain(
      'import { createAresServer, definePrices } from "ares-react/server";',
    );
    expect(JSON.parse(after["package.json"] ?? "").scripts["dev:ares"]).toBe(
      "node --env-file=.env.development server.mjs",
    );
    expect(planned(after)).toMatchObject({ writes: [], byHand: [] });
  });

  it("exports what each server is made of, which prove tries", () => {
    const forms = names.flatMap((name) =>
      ledgers.flatMap((ledger) =>
        signIns.map((signIn) => planned(starters[name], ledger, signIn).after),
      ),
    );
    for (const files of forms) {
      const server = Object.values(files).find((text) => text.includes("createAresServer("));
      expect(server).toMatch(/^(export const |const aresOptions = \(exports\.)aresOptions = \{/m);
      expect(server).toMatch(/ = createAresServer\(aresOptions\)/);
    }
  });

  it.each([
    ["ares", '<AresProvider endpoint="/api/ares" connect="/api/ares/connect" signInWith="ares">'],
    ["own", '<AresProvider endpoint="/api/ares" connect="/api/ares/connect">'],
    ["clerk", '<AresProvider endpoint="/api/ares">'],
  ] as const)(
    "tells an Express app with %s how to see its user, and the provider",
    (signIn, tag) => {
      const { next } = planned(starters.express, "memory", signIn);

      expect(next).toContain(tag);
      // A bearer token of the demo names a user only where pretend() signs everybody in.
      expect(next.includes("curl")).toBe(signIn === "clerk");
      expect(next.includes("/api/ares/connect?return=/api/ares")).toBe(signIn !== "clerk");
    },
  );

  it("names the variables of a live server, also where the starter ignores every .env file", () => {
    const ignored = { ...starters["next-app"], ".gitignore": "node_modules\n\n.env*\n" };
    const { after } = planned(ignored, "sqlite", "clerk");

    expect(after[".gitignore"]).toBe(
      "node_modules\n\n.env*\n\n# ares-react\n!.env.example\nares.sqlite*\n",
    );
    const names = [...(after[".env.example"] ?? "").matchAll(/^(?:# )?([A-Z_]+)=/gm)];
    expect(names.map(([, name]) => name)).toEqual([
      "CLERK_SECRET_KEY",
      "NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY",
      "CLERK_JWT_KEY",
      "ARES_CLIENT_ID",
      "DATABASE_URL",
      "APP_ORIGIN",
    ]);
    expect(planned(starters["vite-hono"], "redis", "clerk").after[".env.example"]).toMatch(
      /^VITE_CLERK_PUBLISHABLE_KEY=$[\s\S]*^REDIS_URL=[\s\S]*^APP_ORIGIN=http:\/\/localhost:5173$/m,
    );
    expect(planned(after, "sqlite", "clerk").writes).toEqual([]);
  });

  it("leaves .gitignore alone where nothing of the app is ignored or has to be", () => {
    const { writes } = planned({ ...starters["next-app"], ".gitignore": ".env\n" });
    expect(writes.map(({ path }) => path)).not.toContain(".gitignore");
    expect(planned(starters["next-app"]).after[".gitignore"]).toBeUndefined();
  });

  it("lets the compiler check the server beside a Vite app", () => {
    const own =
      '{\n  "compilerOptions": { "types": ["node"] },\n  "include": ["vite.config.ts"]\n}\n';
    const { after, byHand } = planned({ ...starters["vite-hono"], "tsconfig.node.json": own });

    expect(after["tsconfig.node.json"]).toContain('"include": ["vite.config.ts", "server"]');
    expect(byHand).toEqual([]);
    expect(planned(after).writes).toEqual([]);
    expect(planned({ ...starters["vite-hono"], "tsconfig.node.json": "{}" }).byHand).toEqual([
      expect.stringContaining("include server/"),
    ]);
  });

  it.each(names)("loses no line of %s but the ones that it adds to", (name) => {
    const { writes } = planned(starters[name]);
    for (const { path, text, kind } of writes) {
      if (kind !== "change" || path === "package.json") continue;
      const lost = (starters[name][path] ?? "").split("\n").filter((line) => !text.includes(line));
      expect(lost.length, path).toBeLessThanOrEqual(2);
    }
  });

  it.each(names)("writes JavaScript for %s where there is no TypeScript", (name) => {
    const { "tsconfig.json": _, ...files } = starters[name];
    const inJs = Object.fromEntries(
      Object.entries(files).map(([path, text]) => [path.replace(/\.ts(x?)$/, ".js$1"), text]),
    );
    const { writes } = planned(inJs);
    const written = writes.filter(({ kind }) => kind === "new");
    expect(written.filter(({ path }) => /\.tsx?$/.test(path))).toEqual([]);
    // The compiler calls a type in a JavaScript file an error.
    expect(syntaxErrors({ "typed.js": "export const a = (b: string) => b;" })).toHaveLength(1);
    expect(syntaxErrors(Object.fromEntries(written.map(({ path, text }) => [path, text])))).toEqual(
      [],
    );
  });

  it.each(ledgers)(
    "names the packages of the ledger %s with their types, in ranges that this kit is tested with",
    (ledger) => {
      const { after } = planned(starters["next-app"], ledger);
      const { dependencies, devDependencies = {} } = JSON.parse(after["package.json"] ?? "");
      const tested: { devDependencies: Record<string, string> } = JSON.parse(
        readFileSync("package.json", "utf8"),
      );
      const own = ledgerPackages[ledger];

      expect(dependencies).toMatchObject({
        "ares-react": "^1.2.3",
        "@tanstack/react-query": "^5.59.0",
        oauth4webapi: `^${tested.devDependencies.oauth4webapi}`,
        ...own.dependencies,
      });
      expect(devDependencies).toEqual(own.types);
      for (const [name, range] of Object.entries({ ...own.dependencies, ...own.types }))
        expect(range).toBe(`^${tested.devDependencies[name]}`);
      expect(after["lib/ares.ts"]?.includes("ledger }")).toBe(ledger !== "memory");
      expect(syntaxErrors(after)).toEqual([]);
    },
  );

  it("changes no version that the app names, and keeps the indent of package.json", () => {
    const own = `{\n\t"dependencies": {\n\t\t"next": "16",\n\t\t"ares-react": "file:x.tgz",\n\t\t"@tanstack/react-query": "5.60.0",\n\t\t"oauth4webapi": "3.8.0"\n\t}\n}\n`;
    const { after, install } = planned({ ...starters["next-app"], "package.json": own });
    expect(after["package.json"]).toBe(own);
    expect(install).toBe("");
  });

  it("says what to do by hand where a file has another shape, and leaves that file alone", () => {
    const { writes, byHand } = planned({
      ...starters["next-app"],
      "app/layout.tsx": "export default () => null;\n",
    });
    expect(writes.map(({ path }) => path)).not.toContain("app/layout.tsx");
    expect(byHand).toEqual([expect.stringContaining("put <AresApp>")]);
  });
});

describe("the sign-in", () => {
  it.each([
    ["better-auth", "own"],
    ["next-auth", "own"],
    ["@auth0/nextjs-auth0", "own"],
    ["@supabase/ssr", "own"],
    ["iron-session", "own"],
    ["@clerk/nextjs", "clerk"],
  ])("is found by the package %s", (library, signIn) => {
    const files = { "package.json": manifest({ next: "16", [library]: "1" }) };
    expect(foundSignIn(files)).toEqual({ signIn, library });
  });

  it("is ARES where the app has none", () => {
    expect(foundSignIn({ "package.json": manifest({ next: "16" }) }).signIn).toBe("ares");
  });

  it("decides what is written", () => {
    const written = (signIn: SignIn) => {
      const { after } = planned(starters["next-app"], "memory", signIn);
      const [app = "", server = ""] = [after["app/ares-app.tsx"], after["lib/ares.ts"]];
      return {
        route: "app/api/ares/connect/[[...step]]/route.ts" in after,
        connect: app.includes('connect="/api/ares/connect"'),
        signsInWithAres: app.includes("signInWith"),
        pretend: /pretend\([^;]*\)/.exec(server)?.[0]?.replace(/\s+/g, " "),
        oauth: after["package.json"]?.includes("oauth4webapi"),
        secret: after[".env.example"]?.includes("ARES_SECRET="),
        clerk: after[".env.example"]?.includes("CLERK_SECRET_KEY="),
      };
    };
    const connected = { route: true, connect: true, oauth: true, secret: true, clerk: false };
    const functions = "connect: { aresConnect, memoryTokens }";
    expect(written("ares")).toEqual({
      ...connected,
      signsInWithAres: true,
      pretend: `pretend({ ${functions}, session: "ares", })`,
    });
    expect(written("own")).toEqual({
      ...connected,
      signsInWithAres: false,
      pretend: `pretend({ ${functions}, })`,
    });
    expect(written("clerk")).toEqual({
      route: false,
      connect: false,
      signsInWithAres: false,
      pretend: "pretend()",
      oauth: false,
      secret: false,
      clerk: true,
    });
  });

  it.each(names.flatMap((name) => signIns.map((signIn) => [name, signIn] as const)))(
    "changes nothing in a second run of %s with %s, and names nothing that is not there",
    (name, signIn) => {
      const { after, byHand } = planned(starters[name], "sqlite", signIn);
      expect(byHand.filter((line) => !line.includes("ares-react setup"))).toEqual([]);
      expect(syntaxErrors(after)).toEqual([]);
      expect(planned(after, "sqlite", signIn).writes).toEqual([]);
      const all = Object.values(after).join("\n");
      expect(/connection|connectRoute|aresConnect/.test(all)).toBe(signIn !== "clerk");
    },
  );
});

describe("the README", () => {
  it("shows the server that the command writes, and names every file of a Next app", () => {
    const readme = readFileSync("README.md", "utf8");
    const { writes } = planned(starters["next-app"]);

    expect(readme).toContain(
      `// lib/ares.ts\n${writes.find(({ path }) => path === "lib/ares.ts")?.text}`,
    );
    for (const { path } of writes) expect(readme).toContain(`\`${path}\``);
  });
});

describe("runInit", () => {
  const folders: string[] = [];
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  });

  function inFolder(
    files: Files,
    answers: {
      confirm?: boolean | undefined;
      ledger?: LedgerChoice | undefined;
      signIn?: SignIn | undefined;
    } = {},
    silent = false,
  ) {
    const folder = mkdtempSync(join(tmpdir(), "ares-init-"));
    folders.push(folder);
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const said: string[] = [];
    const asked: string[] = [];
    const talk: Talk = {
      say: (text) => void said.push(text),
      async confirm(question) {
        asked.push(question);
        return answers.confirm;
      },
      async choose(question, choices) {
        if (question.startsWith("Who")) asked.push(question);
        return choices.find((choice) => choice === answers.ledger || choice === answers.signIn);
      },
    };
    const read = () =>
      Object.fromEntries(
        readdirSync(folder, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => join(entry.parentPath, entry.name))
          .map((file) => [file.slice(folder.length + 1), readFileSync(file, "utf8")]),
      );
    return {
      run: (...args: string[]) =>
        runInit(args, { folder, version: "1.2.3", sources, silent, talk }),
      said,
      asked,
      read,
    };
  }

  it("shows the files, asks, writes, and prints the command that installs", async () => {
    const { run, said, asked, read } = inFolder(starters["next-app"], {
      confirm: true,
      ledger: "memory",
      signIn: "ares",
    });

    expect(await run()).toBe(0);

    expect(asked).toEqual([
      "Who signs your users in? package.json names no sign-in that is known here.",
      "Write these files?",
    ]);
    expect(said[0]).toContain("new     lib/ares.ts");
    expect(said.at(-1)).toContain("npm install");
    expect(read()["app/api/ares/route.ts"]).toContain("= ares");
  });

  it.each([false, undefined])("writes nothing when the answer is %s", async (confirm) => {
    const { run, read } = inFolder(starters["next-app"], { confirm, ledger: "memory" });
    expect(await run()).toBe(1);
    expect(read()).toEqual(starters["next-app"]);
  });

  it("writes nothing when no sign-in is chosen", async () => {
    const { run, read } = inFolder(starters["next-app"], { confirm: true, ledger: "memory" });
    expect(await run()).toBe(1);
    expect(read()).toEqual(starters["next-app"]);
  });

  it("writes nothing when no ledger is chosen", async () => {
    const { run, read } = inFolder(starters["next-app"], { confirm: true });
    expect(await run()).toBe(1);
    expect(read()).toEqual(starters["next-app"]);
  });

  it("overwrites no file of the app with --yes, and names the file", async () => {
    const mine = { ...starters["next-app"], "lib/ares.ts": "export const mine = 1;\n" };
    const { run, said, asked, read } = inFolder(mine);

    expect(await run("--yes")).toBe(0);

    expect(asked).toEqual([]);
    expect(read()["lib/ares.ts"]).toBe("export const mine = 1;\n");
    expect(said.join()).toContain("EXISTS  lib/ares.ts");
    expect(said.at(-1)).toContain("Kept as yours: lib/ares.ts");
  });

  it("overwrites a file of the app only after its own question", async () => {
    const mine = { ...starters["next-app"], "lib/ares.ts": "export const mine = 1;\n" };
    const { run, asked, read } = inFolder(mine, { confirm: true, ledger: "memory" });

    await run("--sign-in", "ares");

    expect(asked).toEqual(["Write these files?", "Overwrite your lib/ares.ts?"]);
    expect(read()["lib/ares.ts"]).toContain("pretend(");
  });

  it("changes nothing in a second run", async () => {
    const { run, said, read } = inFolder(starters.express);
    await run("--yes");
    const first = read();
    expect(await run("--yes")).toBe(0);
    expect(read()).toEqual(first);
    expect(said.join()).toContain("Nothing to write");
  });

  it.each([
    [["--nope"]],
    [["--ledger", "excel"]],
    [["--framework", "rails"]],
    [["--sign-in", "x"]],
  ])("refuses %o, and says how to call it", async (args) => {
    const { run, said, read } = inFolder(starters.express);
    expect(await run(...args)).toBe(2);
    expect(said.join()).toContain("Usage: ares-react init");
    expect(read()).toEqual(starters.express);
  });

  it("asks nobody where nobody can answer", async () => {
    const { run, said, read } = inFolder(
      starters.express,
      { confirm: true, ledger: "memory" },
      true,
    );
    expect(await run()).toBe(2);
    expect(said.join()).toContain("--yes");
    expect(read()).toEqual(starters.express);
  });
});

describe("the start script", () => {
  const withStart = (name: Framework): Files => {
    const files = starters[name];
    const manifest = JSON.parse(files["package.json"] ?? "{}");
    return {
      ...files,
      "package.json": JSON.stringify(
        { ...manifest, scripts: { ...manifest.scripts, start: "serve it" } },
        null,
        2,
      ),
    };
  };
  const startOf = (files: Files) => JSON.parse(files["package.json"] ?? "{}").scripts?.start;

  it.each(["postgres", "sqlite", "redis"] as const)("sets the ledger up first: %s", (ledger) => {
    const modules = names.map((name) => {
      const { after, byHand } = planned(withStart(name), ledger);
      expect(byHand).toEqual([]);
      const [, module = "", start] = /^ares-react setup (\S+) && (.*)$/.exec(startOf(after)) ?? [];
      expect(start).toBe("serve it");
      expect(after[module]).toContain("ares = ");
      return module;
    });

    expect(modules).toEqual([
      "lib/ares.ts",
      "src/lib/ares.ts",
      "app/lib/ares.server.ts",
      "server/ares.ts",
      "ares.js",
    ]);
  });

  it("stays as it is for a ledger in memory, and at a second run", () => {
    expect(startOf(planned(withStart("next-app"), "memory").after)).toBe("serve it");
    const once = planned(withStart("next-app"), "sqlite").after;
    expect(planned(once, "sqlite").after["package.json"]).toBe(once["package.json"]);
  });

  it("is named as work by hand where package.json has none", () => {
    expect(planned(starters["next-app"], "sqlite").byHand).toEqual([
      "Before your server starts in production, run: npx ares-react setup lib/ares.ts",
    ]);
  });
});
