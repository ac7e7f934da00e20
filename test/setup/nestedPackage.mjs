/**
 * Installs packages beside a lockfile of their own, on the first run that needs them. Their overrides and their sizes must
 * reach no other package, so the repository does not depend on them.
 */
import { execFile } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
} from "node:fs";
import path from "node:path";
import { promisify } from "node:util";

const quiet = [
  "--ignore-scripts",
  "--no-audit",
  "--no-fund",
  "--prefer-offline",
  "--loglevel=error",
];
const cache = path.resolve(import.meta.dirname, "../../.cache");

/** The lockfile of the installed packages. */
const madeFrom = (/** @type {string} */ modules) => path.join(modules, ".made-from-lock.json");

/** True when the packages of a folder are installed, in the versions of its lockfile. */
export function areInstalled(/** @type {string} */ folder) {
  const made = madeFrom(path.join(folder, "node_modules"));
  return (
    existsSync(made) &&
    readFileSync(made, "utf8") === readFileSync(path.join(folder, "package-lock.json"), "utf8")
  );
}

/** Several runs may install at once. Each works in its own folder, and the last rename wins. */
export async function installBeside(/** @type {string} */ folder) {
  if (areInstalled(folder)) return;
  const modules = path.join(folder, "node_modules");
  mkdirSync(cache, { recursive: true });
  const stage = mkdtempSync(path.join(cache, "packages-"));
  try {
    for (const file of ["package.json", "package-lock.json", ".npmrc"])
      cpSync(path.join(folder, file), path.join(stage, file));
    await promisify(execFile)("npm", ["ci", ...quiet], {
      cwd: stage,
      timeout: 180_000,
      shell: process.platform === "win32",
    });
    cpSync(path.join(folder, "package-lock.json"), madeFrom(path.join(stage, "node_modules")));
    if (areInstalled(folder)) return;
    rmSync(modules, { recursive: true, force: true });
    renameSync(path.join(stage, "node_modules"), modules);
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}
