import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { PATIENCE_MS, TEST_PATIENCE_MS } from "../../test/setup/patience.ts";
import { alias } from "../../vitest.config.ts";
import { mutants } from "./mutants.mjs";
import { mutated } from "./mutated.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const mutant = mutants.find(({ name }) => name === process.env.MUTANT);

/** The tests under Node, with one file of the sources changed while it is loaded. Without `MUTANT` nothing is changed. */
export default defineConfig({
  root,
  resolve: { alias },
  plugins: [
    {
      name: "mutant",
      enforce: "pre",
      transform(code: string, id: string) {
        const isMutated = mutant && id.split("?")[0] === root + mutant.file;
        return isMutated ? mutated(code, mutant) : undefined;
      },
    },
  ],
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/**/*.{thorough,dom}.test.ts"],
    setupFiles: ["test/setup/ends.ts"],
    testTimeout: TEST_PATIENCE_MS,
    hookTimeout: TEST_PATIENCE_MS,
    expect: { poll: { timeout: PATIENCE_MS } },
    isolate: false,
    // One worker loads the sources once for all its files.
    maxWorkers: 1,
    bail: 1,
  },
});
