import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { noKeys } from "./demo";

const root = path.resolve(import.meta.dirname, "..", "..");

/** Vitest's global setup of the project `browser`: bundles the demo once for every test that starts it. */
export async function setup() {
  const parent = path.join(root, ".cache", "demo-tests");
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(path.join(parent, "build-"));
  const bundle = `import { buildDemo } from "./examples/demo/build.mjs"; await buildDemo(${JSON.stringify(folder)});`;
  await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", bundle], {
    cwd: root,
    env: { ...process.env, ...noKeys, NODE_ENV: "development" },
  });
  process.env.DEMO_BUILD = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}
