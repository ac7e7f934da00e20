/**
 * `npm run bench -- size hazards` measures this package beside others, and prints the figures as docs/scale.md shows them. Without names it
 * runs every part. `--write` keeps what was measured in bench/lastRun.json, and draws docs/scale.md from it.
 *
 * Only ratios of one run are worth comparing: another machine, or a busy one, changes every time. No check of CI depends on one.
 */
import { fork } from "node:child_process";
import { parseArgs } from "node:util";
import { drawPart } from "./bench/drawing.mjs";
import { keepRuns, machine } from "./bench/lastRun.mjs";

const MINUTE_MS = 60_000;
/** How long a part may take. */
const limits = { size: 15, hazards: 10, page: 5, server: 10, start: 5, growth: 30 };

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    write: { type: "boolean", default: false },
    /** How many rows one user has, for `growth`. */
    rows: { type: "string", default: "1000,100000" },
  },
});
const unknown = positionals.filter((name) => !(name in limits));
if (unknown.length > 0)
  throw new Error(`No part is called ${unknown}. There are ${Object.keys(limits).join(", ")}.`);

/** @type {Record<string, import("./bench/drawing.mjs").Run>} */
const runs = {};
for (const [name, minutes] of Object.entries(limits)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  try {
    const before = machine();
    runs[name] = { ...before, data: await measured(name, minutes), loadAfter: machine().load };
    console.log(`## ${name}\n\n${drawPart(name, runs[name])}\n`);
  } catch (error) {
    console.error(`${name}: ${error instanceof Error ? error.message : error}`);
    process.exitCode = 1;
  }
}
if (values.write) keepRuns(runs);

/**
 * What one part measures, in a process of its own: no part slows the next one.
 *
 * @param {string} name @param {number} minutes
 */
async function measured(name, minutes) {
  const options = JSON.stringify({ rows: values.rows.split(",").map(Number) });
  const child = fork(new URL("bench/measurePart.mjs", import.meta.url), [name, options], {
    timeout: minutes * MINUTE_MS,
    killSignal: "SIGKILL",
  });
  /** @type {unknown} */
  let data;
  child.on("message", (message) => {
    data = message;
  });
  await new Promise((resolve) => child.once("exit", resolve));
  if (data === undefined) throw new Error(`failed, or took more than ${minutes} minutes`);
  return data;
}
