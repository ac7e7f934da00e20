/**
 * Runs the tests against sources with one fault each. Every fault must make a test red; one that lives is named, and the
 * end is 1. `node scripts/mutants/run.mjs WORD` runs the mutants whose name or file holds a word. No file is written.
 */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import path from "node:path";
import { mutants, testsOf } from "./mutants.mjs";
import { mutated } from "./mutated.mjs";

const root = path.resolve(import.meta.dirname, "../..");
const vitest = path.join(root, "node_modules/vitest/vitest.mjs");
const word = process.argv[2] ?? "";
const asked = mutants.filter(({ name, file }) => `${name} ${file}`.includes(word));

// A row that fits its file no more would change nothing, and its mutant would live or die of itself.
for (const mutant of asked) mutated(readFileSync(path.join(root, mutant.file), "utf8"), mutant);

const files = [...new Set(asked.map(({ file }) => file))];
for (const file of files) {
  if (await isGreen(file, "")) continue;
  console.log(`The tests of ${file} are red without a mutant: ${testsOf(file).join(" ")}`);
  process.exit(1);
}

/** @type {string[]} */
const alive = [];
const waiting = [...asked];
await Promise.all(Array.from({ length: availableParallelism() }, work));
for (const name of alive) console.log(`alive: ${name}`);
console.log(`mutants: ${asked.length - alive.length} killed, ${alive.length} alive`);
process.exit(asked.length === 0 || alive.length > 0 ? 1 : 0);

async function work() {
  for (let mutant = waiting.shift(); mutant; mutant = waiting.shift()) {
    const lives = await isGreen(mutant.file, mutant.name);
    if (lives) alive.push(`${mutant.name} (${mutant.file})`);
    console.log(`${lives ? "ALIVE " : "killed"} ${mutant.name}`);
  }
}

/** @param {string} file @param {string} name @returns {Promise<boolean>} */
function isGreen(file, name) {
  const config = "scripts/mutants/vitest.config.ts";
  const words = ["run", "-c", config];
  const child = spawn(process.execPath, [vitest, ...words, ...testsOf(file)], {
    cwd: root,
    stdio: "ignore",
    env: { ...process.env, MUTANT: name },
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code) => resolve(code === 0));
  });
}
