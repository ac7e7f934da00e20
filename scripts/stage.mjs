import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { endAll, run } from "../test/runtimes/processes.mjs";

const root = path.resolve(import.meta.dirname, "..");

/**
 * Makes a folder for one script's run. `leave` removes it and ends every process that the run started; a signal does so too.
 *
 * @param {string} name
 * @param {() => void} [close] what else ends with the run
 */
export function openStage(name, close = () => {}) {
  const stage = mkdtempSync(path.join(tmpdir(), `ares-react-${name}-`));
  function leave() {
    endAll();
    close();
    rmSync(stage, { recursive: true, force: true, maxRetries: 3 });
  }
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"])
    process.once(signal, () => {
      leave();
      process.exit(1);
    });
  return { stage, leave };
}

/**
 * Packs the built package into a folder, as npm would publish it.
 *
 * @param {string} folder
 * @returns {Promise<string>} the tarball
 */
export async function packInto(folder) {
  const packed = await run(
    "npm",
    ["pack", "--json", "--ignore-scripts", "--pack-destination", folder],
    { cwd: root, limitMs: 60_000 },
  );
  return path.join(folder, JSON.parse(packed)[0].filename);
}
