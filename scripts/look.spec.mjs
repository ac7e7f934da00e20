import { readFileSync } from "node:fs";
import { expect, test } from "playwright/test";

/** @type {{ entries: Record<string, { type: string, id: string, title: string, name: string, tags: string[] }> }} */
const { entries } = JSON.parse(
  readFileSync(new URL("../storybook-static/index.json", import.meta.url), "utf8"),
);
const stories = Object.values(entries).filter(({ type }) => type === "story");

const views = [
  { view: "light", globals: { theme: "light", locale: "en" } },
  { view: "dark", globals: { theme: "dark", locale: "en" } },
  { view: "rtl", globals: { theme: "light", locale: "ar" } },
  { view: "forced", globals: { theme: "light", locale: "en" } },
];

// Every run shows the same times on screen.
const time = new Date("2026-03-04T10:30:05Z");

for (const { id, title, name, tags } of stories)
  test(`${title}: ${name}`, async ({ page }) => {
    // A story that counts down is photographed at its first second. In others the clock goes on.
    if (tags.includes("fixed-clock")) await page.clock.setFixedTime(time);
    else await page.clock.install({ time });
    await page.goto(`iframe.html?id=${id}&viewMode=story&globals=theme:light;locale:en`);
    await finished(page);

    for (const { view, globals } of views) {
      await page.emulateMedia({ forcedColors: view === "forced" ? "active" : "none" });
      await page.evaluate(
        (globals) => globalThis.__STORYBOOK_ADDONS_CHANNEL__.emit("updateGlobals", { globals }),
        globals,
      );
      for (const width of [720, 320]) {
        await page.setViewportSize({ width, height: 320 });
        await expect.soft(page).toHaveScreenshot(`${id}.${view}.${width}.png`, { fullPage: true });
      }
    }
  });

/**
 * Waits until the story is rendered and its `play` has run.
 *
 * @param {import("playwright/test").Page} page
 */
async function finished(page) {
  await page.waitForFunction(() =>
    ["finished", "errored"].includes(globalThis.__STORYBOOK_PREVIEW__?.currentRender?.phase),
  );
  await expect(page.locator("body.sb-show-errordisplay"), "The story failed.").toHaveCount(0);
}
