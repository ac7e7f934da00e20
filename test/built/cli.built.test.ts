import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { PATIENCE_MS } from "../setup/patience";

const cli = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));

it.each([
  [0, true],
  [1, false],
])(
  "the built command prints the report and exits %s, though the app's module holds a connection open",
  (code, ok) => {
    const module = join(mkdtempSync(join(tmpdir(), "ares-cli-")), "ares.mjs");
    writeFileSync(
      module,
      `setInterval(() => {}, 1000);\nexport const ares = { doctor: async () => ({ ok: ${ok}, report: "seen" }) };\n`,
    );

    const { status, stdout } = spawnSync(process.execPath, [cli, "doctor", module], {
      encoding: "utf8",
      timeout: PATIENCE_MS,
    });

    expect({ status, stdout }).toEqual({ status: code, stdout: "seen\n" });
  },
);

it("the built command keeps what the app's module prints out of a result that a program reads", () => {
  const module = join(mkdtempSync(join(tmpdir(), "ares-cli-")), "ares.mjs");
  writeFileSync(
    module,
    `console.log("connected to the database");
console.info("ready");
const row = { id: "c-1", createdAt: 1 };
export const ares = {
  doctor() {},
  charges: {
    book: async () => ({ engine: "sqlite", name: "table t", pretend: false, since: 0 }),
    list: async ({ before }) => { console.debug("query"); return before ? [] : [row]; },
  },
};
`,
  );

  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [cli, "charges", "list", module, "--json"],
    { encoding: "utf8", timeout: PATIENCE_MS },
  );

  expect({ status, stdout }).toEqual({ status: 0, stdout: '{"id":"c-1","createdAt":1}\n' });
  expect(stderr).toContain("connected to the database");
});

it.each([["--help"], ["-h"], ["help"], ["doctor", "--help"], ["init", "-h"]])(
  "the built command tells what it can do: %s",
  (...args) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], {
      encoding: "utf8",
      timeout: PATIENCE_MS,
    });

    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    for (const command of ["init", "doctor"]) expect(stdout).toContain(`ares-react ${command}`);
  },
);

it.each(["--version", "-v"])("the built command tells its version: %s", (flag) => {
  const { version }: { version: string } = JSON.parse(readFileSync("package.json", "utf8"));

  expect(
    spawnSync(process.execPath, [cli, flag], { encoding: "utf8", timeout: PATIENCE_MS }),
  ).toMatchObject({
    status: 0,
    stdout: `${version}\n`,
  });
});

it.each([[], ["docter"]])(
  "the built command does nothing else for %j, and says so by its exit code",
  (...args) => {
    const { status, stdout } = spawnSync(process.execPath, [cli, ...args], {
      encoding: "utf8",
      timeout: PATIENCE_MS,
    });

    expect(status).toBe(2);
    expect(stdout).toContain("ares-react init");
  },
);

it("the built command begins an app with --yes, and asks nobody in a pipe", () => {
  const folder = mkdtempSync(join(tmpdir(), "ares-cli-"));
  writeFileSync(join(folder, "package.json"), '{"dependencies":{"express":"5"}}');
  const init = (...args: string[]) =>
    spawnSync(process.execPath, [cli, "init", ...args], {
      encoding: "utf8",
      cwd: folder,
      timeout: PATIENCE_MS,
    });

  expect(init().status).toBe(2);
  expect(existsSync(join(folder, "ares.js"))).toBe(false);
  expect(init("--yes").status).toBe(0);
  expect(readFileSync(join(folder, "ares.js"), "utf8")).toContain("= pretend({");
  expect(readFileSync(join(folder, "package.json"), "utf8")).toContain('"ares-react": "^0.1.0"');
});

it("the built command carries the licence of each package that is built in", () => {
  const licences = readFileSync(join(cli, "../cli.licences.txt"), "utf8");
  const { packages }: { packages: Record<string, { dependencies?: Record<string, string> }> } =
    JSON.parse(readFileSync("package-lock.json", "utf8"));
  const below = (name: string): string[] => [
    name,
    ...Object.keys(packages[`node_modules/${name}`]?.dependencies ?? {}).flatMap(below),
  ];

  expect(below("@clack/prompts").length).toBeGreaterThan(4);
  for (const name of below("@clack/prompts")) expect(licences).toContain(`${name}\n`);
});

/** An app in TypeScript, written as for a bundler: paths, no endings, an enum, a top-level await, packages of frameworks. */
function typescriptApp(...packages: string[]): string {
  const app = mkdtempSync(join(tmpdir(), "ares-cli-"));
  const write = (path: string, text: string) => {
    mkdirSync(join(app, path, ".."), { recursive: true });
    writeFileSync(join(app, path), text);
  };
  for (const name of ["zod", ...packages]) {
    mkdirSync(join(app, "node_modules"), { recursive: true });
    symlinkSync(join(process.cwd(), "node_modules", name), join(app, "node_modules", name));
  }
  symlinkSync(process.cwd(), join(app, "node_modules/ares-react"));
  write("tsconfig.json", '{ "compilerOptions": { "paths": { "@/*": ["./*"] } } }');
  write(".env.local", "ARES_CLIENT_ID=from-the-file\n");
  write("node_modules/framework/package.json", '{ "name": "framework", "version": "1.0.0" }');
  write("node_modules/framework/headers.js", "exports.headers = () => 1;\n");
  write(
    "lib/prices.ts",
    "export enum Cost { Pdf = 1 }\nexport const prices = { pdf: Cost.Pdf } satisfies Record<string, number>;\n",
  );
  write(
    "lib/ares.ts",
    `import "server-only";
import { headers } from "framework/headers";
import { createAresServer, memoryLedger } from "ares-react/server";
import { prices } from "@/lib/prices";
await Promise.resolve(headers());
const clientId: string = process.env.ARES_CLIENT_ID ?? "";
export const ares = createAresServer({ clientId, prices, auth: async () => null, ledger: memoryLedger(), ares: { baseUrl: "http://127.0.0.1:1" } });
`,
  );
  return app;
}

const doctor = (app: string, ...args: string[]) =>
  spawnSync(process.execPath, [cli, "doctor", ...args], {
    encoding: "utf8",
    cwd: app,
    timeout: PATIENCE_MS,
    env: { ...process.env, NODE_ENV: "" },
  });

it("the built command reads an app's TypeScript, and finds the usual module by itself", () => {
  const { status, stdout } = doctor(typescriptApp());

  expect(stdout).toContain("ok       prices: pdf 1");
  expect(stdout).toContain("ERROR    ledger: a crash or a power cut can forget charges");
  expect(stdout).toContain("memoryLedger has no name");
  expect(stdout).toContain("see node_modules/ares-react/docs/ledgers.md");
  expect(status).toBe(1);
});

it("the built command says what to do about a module that can't be loaded", () => {
  const app = typescriptApp();
  writeFileSync(join(app, "lib/prices.ts"), 'export { prices } from "a-package-of-nobody";\n');
  const { status, stdout } = doctor(app, "lib/ares.ts");

  expect(stdout).toContain("lib/ares.ts could not be loaded");
  expect(stdout).toContain("a-package-of-nobody");
  expect(stdout).toContain("with its packages installed");
  expect(status).toBe(2);
});

it("the built command sets up the ledger of an app's TypeScript, and a second time changes nothing", () => {
  const app = typescriptApp("@libsql");
  writeFileSync(
    join(app, "lib/ares.ts"),
    `import { createClient } from "@libsql/client";
import { createAresServer, fromLibsql, sqlLedger } from "ares-react/server";
const client = createClient({ url: process.env.DATABASE_URL ?? "" });
export const ledger = sqlLedger({ dialect: "sqlite", query: fromLibsql(client) });
export const ares = createAresServer({ clientId: "app", prices: { pdf: 1 }, auth: async () => null, ledger });
`,
  );
  writeFileSync(join(app, ".env"), "DATABASE_URL=file:ares.sqlite\n");
  writeFileSync(
    join(app, "look.mjs"),
    `import { createClient } from "@libsql/client";
const { rows } = await createClient({ url: "file:ares.sqlite" }).execute("SELECT id, created_at FROM ares_charges");
console.log(JSON.stringify(rows));
`,
  );
  const run = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, args, {
      encoding: "utf8",
      cwd: app,
      timeout: PATIENCE_MS,
      env: { ...process.env, NODE_ENV: "production" },
    });
    return { status, said: stdout + stderr };
  };

  expect(run(cli, "setup", "lib/ares.ts")).toEqual({
    status: 0,
    said: expect.stringMatching(
      /^ARES: the ledger is set up\.\nBook: sqlite, file \S+ares\.sqlite, table ares_charges; .*\n$/,
    ),
  });
  const begun = run("look.mjs").said;
  expect(JSON.parse(begun)).toMatchObject([{ id: "epoch" }]);
  expect(run(cli, "setup")).toMatchObject({ status: 0 });
  expect(run("look.mjs").said).toBe(begun);
});

it.each([
  [["charges", "--help"], /charges show \[module\] --key/],
  [["charges", "erase", "-h"], /charges show \[module\] --key/],
  [["reconcile", "--help"], /Each takes --json, --env-file/],
  [["prove", "--help"], /Exit codes: 0 proved/],
  [["--help"], /^Usage: ares-react init/],
  [["doctor", "--help"], /^Usage: ares-react init/],
])("the built command explains %s, and exits 0", (words, usage) => {
  const { status, stdout } = spawnSync(process.execPath, [cli, ...words], {
    encoding: "utf8",
    timeout: PATIENCE_MS,
  });

  expect(stdout).toMatch(usage);
  expect(status).toBe(0);
});
