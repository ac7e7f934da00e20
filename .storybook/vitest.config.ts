import { fileURLToPath } from "node:url";
import { storybookTest } from "@storybook/addon-vitest/vitest-plugin";
import { playwright } from "@vitest/browser-playwright";
import { defineConfig } from "vitest/config";
import { chromiumArgs, resolveChromium } from "../scripts/chromium.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));

// Whoever runs other projects on a machine without a Chromium is not kept from it.
const chromium = await resolveChromium().catch(() => null);

/** Every story is mounted in Chromium, its `play` is run, and axe looks at it in four views. */
export default defineConfig({
  root: fileURLToPath(new URL("..", import.meta.url)),
  plugins: [storybookTest({ configDir: here })],
  // Vitest tells its own code alone that it runs; the preview is built by Storybook.
  define: { "import.meta.env.VITEST": "true" },
  test: {
    name: "stories",
    setupFiles: [fileURLToPath(new URL("vitest.setup.ts", import.meta.url))],
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({
        launchOptions: chromium ? { executablePath: chromium.executablePath, env: chromium.env, args: chromiumArgs } : {},
      }),
      instances: [{ browser: "chromium" }],
    },
    // Two cores are all there is, and the demo's walks use one of them.
    sequence: { groupOrder: 2 },
    fileParallelism: false,
    // Stories keep nothing outside their own world, so they can share one page: it is loaded once.
    isolate: false,
    testTimeout: 30_000,
  },
});
