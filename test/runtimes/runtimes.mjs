import { readFileSync } from "node:fs";
import path from "node:path";
import { run } from "./processes.mjs";

/**
 * @typedef {object} Runtime
 * @property {string} name
 * @property {string[]} needs packages of `package.json` beside this file
 * @property {(at: Place) => Promise<string>} version
 * @property {(at: Place & { port: number }) => Promise<Command>} program what serves the program
 * @property {{ on: string, command: (at: Place) => Command }} [sqlite] what prints how a ledger kept the rules
 * @property {{ on: string }} [rules] the program itself answers that at `/rules`
 *
 * @typedef {{ app: string, folder: Record<string, string>, stage: string }} Place
 * @typedef {{ command: string, args: string[], env?: Record<string, string> }} Command
 */

/** @type {Runtime[]} */
export const runtimes = [
  node(`Node ${process.versions.node.split(".")[0]}`, [], () => process.execPath),
  ...["22", "24", "26"].map((major) =>
    node(`Node ${major}`, [`node-${major}`], ({ folder }) =>
      path.join(folder[`node-${major}`] ?? "", "bin/node"),
    ),
  ),
  {
    name: "Bun",
    needs: ["bun"],
    version: async ({ folder, stage }) =>
      run(bin(folder.bun, "bun"), ["--version"], { cwd: stage, limitMs: 60_000 }),
    program: async ({ folder, port }) => ({
      command: bin(folder.bun, "bun"),
      args: ["run", "program.js"],
      env: { PORT: `${port}` },
    }),
    sqlite: {
      on: "bun:sqlite",
      command: ({ folder, stage }) => ({
        command: bin(folder.bun, "bun"),
        args: ["run", "rulesOnSqlite.js", path.join(stage, "bun.db")],
      }),
    },
  },
  {
    name: "Deno",
    needs: ["deno"],
    version: async ({ folder, stage }) =>
      (await run(bin(folder.deno, "deno"), ["--version"], { cwd: stage, limitMs: 60_000 })).split(
        " ",
      )[1] ?? "",
    // No right to anything but the loopback and the app's own files.
    program: async ({ folder, port }) => ({
      command: bin(folder.deno, "deno"),
      args: ["serve", ...denoFlags, "--host", "127.0.0.1", "--port", `${port}`, "program.js"],
      env: denoEnv,
    }),
    sqlite: {
      on: "node:sqlite",
      command: ({ folder, stage }) => ({
        command: bin(folder.deno, "deno"),
        args: [
          "run",
          ...denoFlags,
          "--allow-env",
          "--allow-write",
          "rulesOnSqlite.js",
          path.join(stage, "deno.db"),
        ],
        env: denoEnv,
      }),
    },
  },
  { ...workers("2026-07-01"), rules: { on: "D1" } },
  // The oldest compatibility date of Workers that are still around. Many standards were missing then.
  workers("2022-01-01"),
  {
    name: "Edge runtime",
    needs: ["esbuild", "edge-runtime"],
    version: async ({ folder }) => versionIn(folder["edge-runtime"] ?? ""),
    program: async (at) => ({
      command: process.execPath,
      args: [
        "serveOnEdge.js",
        await bundle(at, "edge.js", ["edge-light", "worker", "browser"], "iife"),
        `${at.port}`,
      ],
    }),
  },
];

const denoFlags = [
  "--node-modules-dir=manual",
  "--no-lock",
  "--no-remote",
  "--no-prompt",
  "--allow-net=127.0.0.1",
  "--allow-read",
];
const denoEnv = { DENO_NO_UPDATE_CHECK: "1", DENO_NO_PROMPT: "1" };

/** @param {string} name @param {string[]} needs @param {(at: Place) => string} exe @returns {Runtime} */
function node(name, needs, exe) {
  const hasSqlite = Number(name.split(" ")[1]) >= 22;
  const database = `${name.replace(" ", "").toLowerCase()}.db`;
  return {
    name,
    needs,
    version: async (at) =>
      (await run(exe(at), ["--version"], { cwd: at.stage, limitMs: 60_000 })).replace("v", ""),
    program: async (at) => ({ command: exe(at), args: ["serveOnNode.js", `${at.port}`] }),
    ...(hasSqlite && {
      sqlite: {
        on: "node:sqlite",
        command: (at) => ({
          command: exe(at),
          args: ["rulesOnSqlite.js", path.join(at.stage, database)],
        }),
      },
    }),
  };
}

/** @param {string} compatibilityDate @returns {Runtime} */
function workers(compatibilityDate) {
  const old = nodeMajor() < 22;
  return {
    name: `Workers of ${compatibilityDate} (workerd)`,
    needs: ["esbuild", "miniflare", ...(old ? ["node-22"] : [])],
    version: async ({ folder }) => versionIn(path.join(folder.miniflare ?? "", "../workerd")),
    program: async (at) => ({
      command: old ? path.join(at.folder["node-22"] ?? "", "bin/node") : process.execPath,
      args: [
        "serveOnWorkerd.js",
        await bundle(at, "worker.js", ["workerd", "worker", "browser"], "esm"),
        `${at.port}`,
        compatibilityDate,
      ],
    }),
  };
}

/** Bundles as the platform's own tools do. @param {Place} at @param {string} entry @param {string[]} conditions @param {string} format */
async function bundle({ app, folder }, entry, conditions, format) {
  const file = path.join(app, "bundle", entry);
  const flags = [
    "--bundle",
    "--platform=browser",
    "--target=es2022",
    `--format=${format}`,
    `--conditions=${conditions.join(",")}`,
  ];
  await run(
    path.join(folder.esbuild ?? "", "bin/esbuild"),
    [entry, ...flags, `--outfile=${file}`, "--log-level=warning"],
    {
      cwd: app,
      limitMs: 60_000,
    },
  );
  return file;
}

/** @param {string | undefined} folder @param {string} name */
function bin(folder, name) {
  return path.join(folder ?? "", "../.bin", name);
}

/** @param {string} folder */
function versionIn(folder) {
  return JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8")).version;
}

function nodeMajor() {
  return Number(process.versions.node.split(".")[0]);
}
