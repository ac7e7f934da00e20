/**
 * Installs the packed package by npm, pnpm, Yarn and Bun, each with the peers that an app may have. In each app a program
 * imports every door, and TypeScript checks a file that does. Run after `npm run build`.
 *
 * Prints a line for each installer. One that can't be had is named as skipped. Exits with 1 when one failed.
 * `node scripts/installers.mjs pnpm bun` tries only those; `--tarball <file>` installs another tarball.
 */
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { run } from "../test/runtimes/processes.mjs";
import { doorsOf } from "./doors.mjs";
import { openStage, packInto } from "./stage.mjs";

const root = path.resolve(import.meta.dirname, "..");
/** @type {{ name: string, devDependencies: Record<string, string> }} */
const manifest = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));

/** @typedef {{ tool: string, version: string, bin: string, install: string[], node: string[], tsc: string[] }} Installer */

/**
 * `bin` starts the tool; `node` and `tsc` go in front of what runs in the app. Yarn 4 is tried with its Plug'n'Play, which
 * refuses an import that no manifest names. Yarn 1 would refuse packages of msw that ask for a newer Node than ours.
 *
 * @type {Record<string, Installer | undefined>}
 */
const installers = {
  npm: {
    tool: "npm",
    version: "11.19.1",
    bin: "npm/bin/npm-cli.js",
    install: ["install", "--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error"],
    node: [],
    tsc: ["exec", "--", "tsc"],
  },
  pnpm: {
    tool: "pnpm",
    version: "10.34.9",
    bin: "pnpm/bin/pnpm.cjs",
    install: ["install", "--store-dir", "store", "--prefer-offline"],
    node: [],
    tsc: ["exec", "tsc"],
  },
  "yarn 1": {
    tool: "yarn",
    version: "1.22.22",
    bin: "yarn/bin/yarn.js",
    install: ["install", "--no-progress", "--non-interactive", "--ignore-engines"],
    node: [],
    tsc: ["--silent", "tsc"],
  },
  "yarn 4": {
    tool: "@yarnpkg/cli-dist",
    version: "4.18.1",
    bin: "@yarnpkg/cli-dist/bin/yarn.js",
    install: ["install"],
    node: ["node"],
    tsc: ["tsc"],
  },
  bun: {
    tool: "bun",
    version: "1.4.5",
    bin: "bun/bin/bun.exe",
    install: ["install", "--no-progress"],
    node: [],
    tsc: ["run", "tsc"],
  },
};

/** What an app may have beside the kit: each door's peers, and what the types need. */
const beside = [
  "react",
  "@types/react",
  "@tanstack/react-query",
  "jose",
  "msw",
  "oauth4webapi",
  "@opentelemetry/api",
  "typescript",
];

const compilerOptions = {
  module: "nodenext",
  target: "es2022",
  lib: ["es2023", "dom", "dom.iterable"],
  jsx: "react-jsx",
  types: [],
  strict: true,
  noEmit: true,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { tarball: { type: "string" } },
});
const chosen = positionals.length > 0 ? positionals : Object.keys(installers);

const { stage, leave } = openStage("installers");

let failed = 0;
try {
  const tarball =
    values.tarball === undefined ? await packInto(stage) : path.resolve(values.tarball);
  // Most of their time is spent with the registry.
  await Promise.all(chosen.map((name) => judge(name, tarball)));
} finally {
  leave();
}
process.exitCode = failed === 0 ? 0 : 1;

/** @param {string} name @param {string} tarball */
async function judge(name, tarball) {
  const installer = installers[name];
  assert.ok(installer, `No installer is called ${name}.`);
  const title = `${name.replace(/ \d$/, "")} ${installer.version}`;
  const folder = path.join(stage, name.replace(" ", "-"));
  mkdirSync(folder);
  let command;
  try {
    command = await fetchTool(installer, path.join(folder, "tool"));
  } catch (error) {
    console.log(`skipped ${title}: it can't be installed here\n${indented(error)}`);
    return;
  }
  try {
    const seen = await tryOut(path.join(folder, "app"), installer, command, tarball);
    console.log(`ok      ${title}: ${seen.trim()}, and their types compile`);
  } catch (error) {
    failed += 1;
    console.log(`not ok  ${title}\n${indented(error)}`);
  }
}

/**
 * @param {Installer} installer
 * @param {string} folder
 * @returns {Promise<string[]>} the words that start the tool
 */
async function fetchTool({ tool, version, bin }, folder) {
  mkdirSync(folder);
  writeFileSync(
    path.join(folder, "package.json"),
    JSON.stringify({ private: true, dependencies: { [tool]: version } }),
  );
  const quiet = ["--no-package-lock", "--ignore-scripts=false", "--no-audit", "--no-fund"];
  await run("npm", ["install", ...quiet, "--prefer-offline", "--loglevel=error"], {
    cwd: folder,
    limitMs: 120_000,
  });
  const file = path.join(folder, "node_modules", bin);
  const command = /\.c?js$/.test(bin) ? [process.execPath, file] : [file];
  const said = await start(command, ["--version"], folder);
  assert.equal(said.trim(), version);
  return command;
}

/** @param {string} app @param {Installer} installer @param {string[]} command @param {string} tarball */
async function tryOut(app, installer, command, tarball) {
  mkdirSync(app);
  const dependencies = Object.fromEntries(
    beside.map((name) => [name, manifest.devDependencies[name]]),
  );
  dependencies[manifest.name] = `file:${tarball}`;
  const files = {
    "package.json": JSON.stringify({ name: "app", private: true, type: "module", dependencies }),
    "app.mjs": program(),
    "app.mts": program(),
    "tsconfig.json": JSON.stringify({ compilerOptions, files: ["app.mts"] }),
    // Yarn takes the app for a part of whatever stands above it, unless it has a lock.
    ...(installer.tool === "@yarnpkg/cli-dist" && { "yarn.lock": "" }),
  };
  for (const [file, text] of Object.entries(files)) writeFileSync(path.join(app, file), text);
  await start(command, installer.install, app);
  await start(command, installer.tsc, app);
  return installer.node.length > 0
    ? start(command, [...installer.node, "app.mjs"], app)
    : start([process.execPath], ["app.mjs"], app);
}

/** Imports every door. It is JavaScript and TypeScript at once. */
function program() {
  const doors = doorsOf(root).map((door) => JSON.stringify(door.replace(/^\./, manifest.name)));
  return [
    ...doors.map((door, at) => `import * as door${at} from ${door};`),
    `const counts = [${doors.map((_, at) => `door${at}`)}].map((door) => Object.keys(door).length);`,
    'if (counts.includes(0)) throw new Error("A door has no name: " + counts);',
    "const sum = counts.reduce((sum, count) => sum + count);",
    'console.log(counts.length + " doors with " + sum + " names");',
    "",
  ].join("\n");
}

/** @param {string[]} command @param {string[]} args @param {string} cwd */
function start([first = "", ...rest], args, cwd) {
  const env = {
    // Each keeps what it fetches to the stage, and a CI is no reason to ask for a lock.
    BUN_INSTALL_CACHE_DIR: path.join(stage, "bun-cache"),
    YARN_CACHE_FOLDER: path.join(stage, "yarn-cache"),
    YARN_GLOBAL_FOLDER: path.join(stage, "yarn-global"),
    YARN_ENABLE_TELEMETRY: "0",
    YARN_ENABLE_IMMUTABLE_INSTALLS: "false",
  };
  return run(first, [...rest, ...args], { cwd, limitMs: 180_000, env });
}

/** @param {unknown} error */
function indented(error) {
  return (error instanceof Error ? error.message : String(error))
    .trim()
    .replaceAll(/^/gm, "        ");
}
