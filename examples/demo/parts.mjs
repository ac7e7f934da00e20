import path from "node:path";

/**
 * Where the three parts of a bundled demo are.
 *
 * @param {string} outDir
 */
export function partsIn(outDir) {
  return {
    client: path.join(outDir, "client"),
    app: path.join(outDir, "server", "app.js"),
    simulator: path.join(outDir, "server", "simulator.js"),
  };
}
