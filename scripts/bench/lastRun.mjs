/** What was measured last, part by part. docs/scale.md is drawn from it. */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { availableParallelism, loadavg } from "node:os";
import path from "node:path";
import { drawPage } from "./drawing.mjs";

const root = path.resolve(import.meta.dirname, "../..");
const kept = path.join(root, "scripts/bench/lastRun.json");
const page = path.join(root, "docs/scale.md");

/** @typedef {import("./drawing.mjs").Run} Run */

/** Keeps these runs beside those of the parts that were not measured, and draws the page anew. @param {Record<string, Run>} runs */
export function keepRuns(runs) {
  const all = { ...JSON.parse(readFileSync(kept, "utf8")), ...runs };
  writeFileSync(kept, JSON.stringify(all, rounded));
  const biome = path.join(root, "node_modules/@biomejs/biome/bin/biome");
  execFileSync(process.execPath, [biome, "format", "--write", kept]);
  writeFileSync(page, drawPage(readFileSync(page, "utf8"), JSON.parse(readFileSync(kept, "utf8"))));
}

/** Four digits say more than any of these measurements knows. @param {string} _key @param {unknown} value */
function rounded(_key, value) {
  if (typeof value !== "number" || Number.isInteger(value)) return value;
  return Number(value.toPrecision(4));
}

/** When and on what something is measured. The load says how many processes wanted to work just before. */
export function machine() {
  const [load = 0] = loadavg();
  return {
    date: new Date().toISOString().slice(0, 10),
    node: process.versions.node,
    cores: availableParallelism(),
    load: Number(load.toFixed(1)),
  };
}
