/**
 * Installs Clerk's own browser scripts beside their lockfile, on the first run that needs them. The scripts are no
 * dependency of the repository: 24 overrides leave out their wallets, and these overrides must reach no other package.
 *
 * `node test/clerk/scripts/install.mjs` installs the scripts by hand, for a machine that goes offline later.
 */
import { execFile } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";

const here = import.meta.dirname;
const modules = path.join(here, "node_modules");
const quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error"];

/** The lockfile of the installed scripts. */
const madeFrom = (/** @type {string} */ folder) => path.join(folder, ".made-from-lock.json");

/** True when the scripts are installed, in the versions of the lockfile. */
export function clerkScriptsAreThere() {
  if (!existsSync(madeFrom(modules))) return false;
  return readFileSync(madeFrom(modules), "utf8") === readFileSync(path.join(here, "package-lock.json"), "utf8");
}

/** Several runs may install at once. Each works in its own folder, and the last rename wins. */
export async function installClerkScripts() {
  if (clerkScriptsAreThere()) return;
  const cache = path.resolve(here, "../../../.cache");
  mkdirSync(cache, { recursive: true });
  const stage = mkdtempSync(path.join(cache, "clerk-scripts-"));
  try {
    for (const file of ["package.json", "package-lock.json", ".npmrc"]) cpSync(path.join(here, file), path.join(stage, file));
    await promisify(execFile)("npm", ["ci", ...quiet], { cwd: stage, timeout: 180_000, shell: process.platform === "win32" });
    cpSync(path.join(here, "package-lock.json"), madeFrom(path.join(stage, "node_modules")));
    if (clerkScriptsAreThere()) return;
    rmSync(modules, { recursive: true, force: true });
    renameSync(path.join(stage, "node_modules"), modules);
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}

/** Vitest's global setup. On a machine that can't install the scripts, their tests are skipped by name, and all others run. */
export async function setup() {
  await installClerkScripts().catch((error) => {
    console.warn(`Clerk's browser scripts could not be installed, so no test runs them: ${error.message}`);
  });
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await installClerkScripts();
