/**
 * `npm run look` photographs every story in Chromium and compares the pictures with the approved ones in
 * artefacts/look/approved. The report, with what changed beside what was approved, is artefacts/look/report.
 *
 * - `-- --update-snapshots` approves the pictures as they are now
 * - `-- --grep CreditBalance` takes the stories whose title and name match
 */
import { defineConfig } from "playwright/test";
import { chromiumArgs, resolveChromium } from "./chromium.mjs";

const { executablePath, env } = await resolveChromium();
// The site lies under a path, so this run also checks that the site works there.
const site = "http://localhost:6116/some/base/";

export default defineConfig({
  testMatch: "look.spec.mjs",
  fullyParallel: true,
  workers: 2,
  timeout: 120_000,
  outputDir: "../artefacts/look/changed",
  snapshotPathTemplate: "{testDir}/../artefacts/look/approved/{arg}{ext}",
  reporter: [["line"], ["html", { outputFolder: "../artefacts/look/report", open: "never" }]],
  // Letters never look exactly the same twice.
  expect: { timeout: 20_000, toHaveScreenshot: { maxDiffPixels: 40 } },
  use: {
    baseURL: site,
    locale: "en-GB",
    timezoneId: "UTC",
    contextOptions: { reducedMotion: "reduce" },
    launchOptions: {
      executablePath,
      env,
      // Without subpixel positions and hinting, text looks the same on every machine.
      args: [
        ...chromiumArgs,
        "--font-render-hinting=none",
        "--disable-lcd-text",
        "--force-color-profile=srgb",
      ],
    },
  },
  webServer: {
    command: "vite preview --outDir storybook-static --base /some/base/ --port 6116 --strictPort",
    cwd: "..",
    url: site,
  },
});
