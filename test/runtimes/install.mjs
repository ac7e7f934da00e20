import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { packInto } from "../../scripts/stage.mjs";
import { run } from "./processes.mjs";

const here = import.meta.dirname;
const root = path.resolve(here, "../..");
const versions = JSON.parse(readFileSync(path.join(here, "package.json"), "utf8")).dependencies;

/** The programs' imports besides the package itself. The repository has them already. */
const lent = ["react", "@tanstack/react-query", "msw", "oauth4webapi", "@hono/node-server"];

/**
 * Makes an app with the package as its users get it: packed, and installed by name.
 *
 * @param {string} stage
 * @param {{ aresUrl: string, connectUrl: string }} urls the ARES of the charges, and the one whose users connect
 */
export async function installApp(stage, urls) {
  const app = path.join(stage, "app");
  mkdirSync(app);
  for (const file of readdirSync(here))
    if (file.endsWith(".js")) cpSync(path.join(here, file), path.join(app, file));
  writeFileSync(
    path.join(app, "aresUrl.js"),
    Object.entries(urls)
      .map(([name, url]) => `export const ${name} = ${JSON.stringify(url)};\n`)
      .join(""),
  );
  writeFileSync(
    path.join(app, "package.json"),
    JSON.stringify({ name: "app", private: true, type: "module" }),
  );
  await npmInstall(app, [await packInto(stage), "--legacy-peer-deps"]);
  for (const name of lent) link(path.join(root, "node_modules", name), app, name);
  return app;
}

/**
 * Installs one of the pinned packages into its own folder, and links it into the app.
 *
 * @param {string} stage
 * @param {string} app
 * @param {string} name
 * @returns {Promise<string>} the package's folder
 */
export async function installRuntime(stage, app, name) {
  const folder = path.join(stage, name);
  mkdirSync(folder);
  writeFileSync(
    path.join(folder, "package.json"),
    JSON.stringify({ private: true, dependencies: { [name]: versions[name] } }),
  );
  await npmInstall(folder, []);
  const installed = path.join(folder, "node_modules", name);
  link(installed, app, name);
  return installed;
}

/** @param {string} cwd @param {string[]} args */
function npmInstall(cwd, args) {
  const quiet = [
    "--no-package-lock",
    "--ignore-scripts=false",
    "--no-audit",
    "--no-fund",
    "--prefer-offline",
    "--loglevel=error",
  ];
  return run("npm", ["install", ...args, ...quiet], { cwd, limitMs: 120_000 });
}

/** @param {string} target @param {string} app @param {string} name */
function link(target, app, name) {
  const from = path.join(app, "node_modules", name);
  mkdirSync(path.dirname(from), { recursive: true });
  symlinkSync(target, from, "junction");
}
