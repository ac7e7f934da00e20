import { fileURLToPath } from "node:url";
import { storybookTest } from "@storybook/addon-vitest/vitest-plugin";
import { playwright } from "@vitest/browser-playwright";
import { defineConfig } from "vitest/config";
import { chromiumArgs, resolveChromium } from "../scripts/chromium.mjs";
import { TEST_PATIENCE_MS } from "../test/setup/patience.ts";
import { WORKERS } from "../test/setup/workers.ts";

const here = fileURLToPath(new URL(".", import.meta.url));

// A machine without a Chromium can still run the other projects.
const chromium = await resolveChromium().catch(() => null);

/** Every story is mounted in Chromium and its `play` is run. axe checks the story in four views. */
export default defineConfig({
  root: fileURLToPath(new URL("..", import.meta.url)),
  plugins: [storybookTest({ configDir: here })],
  // Vitest sets this flag only for its own code, but Storybook builds the preview.
  define: { "import.meta.env.VITEST": "true" },
  test: {
    name: "stories",
    setupFiles: [fileURLToPath(new URL("vitest.setup.ts", import.meta.url))],
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({
        launchOptions: chromium
          ? { executablePath: chromium.executablePath, env: chromium.env, args: chromiumArgs }
          : {},
      }),
      instances: [{ browser: "chromium" }],
      fileParallelism: false,
    },
    // As in `vitest.config.ts`: Vitest wants one number for all projects that run together.
    maxWorkers: WORKERS,
    // A story keeps its state inside its own world. So all stories share one page, which loads once.
    isolate: false,
    testTimeout: TEST_PATIENCE_MS,
  },
});
