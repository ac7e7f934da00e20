import path from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";

/**
 * Builds the fakes of Clerk's two APIs into one file of a folder, for programs that run on Node alone. The package does not
 * carry them.
 *
 * @param {string} folder
 * @returns {Promise<string>} the address of the module, for `import()`
 */
export async function buildClerkFake(folder) {
  const outfile = path.join(folder, "clerkFake.mjs");
  await build({
    entryPoints: [path.join(import.meta.dirname, "clerkFake.ts")],
    bundle: true,
    format: "esm",
    platform: "node",
    outfile,
  });
  return pathToFileURL(outfile).href;
}
