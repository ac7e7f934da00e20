/** What loading a server's packages costs a new process, each in a process of its own, by turns. */
import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { root } from "./rivals.mjs";
import { median } from "./statistics.mjs";

const run = promisify(execFile);
const ROUNDS = 15;
const PATIENCE_MS = 30_000;

/** The name of each, and what it imports. @type {Record<string, string[]>} */
const doors = {
  "`ares-react/server`": ["ares-react/server"],
  "`ares-react/server` and Clerk's package": ["ares-react/server", "@clerk/backend"],
  "Clerk's package, which the guide's route needs": ["@clerk/backend"],
  "`zod` alone": ["zod"],
  "`hono` alone": ["hono"],
};

const clock = (/** @type {string[]} */ names) => `
const from = performance.now();
for (const name of ${JSON.stringify(names)}) await import(name);
const loading = performance.now() - from;
const { user, system } = process.cpuUsage();
console.log(JSON.stringify({ loading, cpu: (user + system) / 1000, memory: process.memoryUsage.rss() / 1e6 }));`;

export async function measure() {
  /** @type {Record<string, { loading: number, cpu: number, memory: number }[]>} */
  const starts = {};
  for (let round = -1; round < ROUNDS; round++) {
    for (const [name, imports] of Object.entries({ "nothing: Node alone": [], ...doors })) {
      const start = await startOf(imports);
      if (round >= 0) starts[name] = [...(starts[name] ?? []), start];
    }
  }
  return Object.entries(starts).map(([name, all]) => ({
    name,
    loading: median(all.map(({ loading }) => loading)),
    cpu: median(all.map(({ cpu }) => cpu)),
    memory: median(all.map(({ memory }) => memory)),
  }));
}

/** @param {string[]} imports @returns {Promise<{ loading: number, cpu: number, memory: number }>} */
async function startOf(imports) {
  // The package imports itself by its name from its own folder.
  const place = { cwd: path.join(root, "scripts"), timeout: PATIENCE_MS };
  const args = ["--input-type=module", "--eval", clock(imports)];
  const { stdout } = await run(process.execPath, args, place);
  return JSON.parse(stdout);
}
