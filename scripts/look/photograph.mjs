import path from "node:path";

export const views = [
  { name: "light", globals: "theme:light;locale:en" },
  { name: "dark", globals: "theme:dark;locale:en" },
  { name: "rtl", globals: "theme:light;locale:ar" },
  {
    name: "forced",
    globals: "theme:light;locale:en",
    forcedColors: /** @type {const} */ ("active"),
  },
];
export const widths = [720, 320];

/**
 * Takes a story's pictures: each view at each width.
 *
 * @param {import("playwright-core").Browser} browser
 * @param {string} site
 * @param {{ id: string, tags: string[] }} story a story tagged `fixed-clock` counts down, and is photographed at its first second
 * @param {string} folder
 * @returns {Promise<string[]>}
 */
export async function photograph(browser, site, { id, tags }, folder) {
  const context = await browser.newContext({
    viewport: { width: 720, height: 400 },
    reducedMotion: "reduce",
    locale: "en-GB",
    timezoneId: "UTC",
  });
  try {
    const page = await context.newPage();
    // Every run shows the same times on screen. The clock starts here and goes on.
    const time = new Date("2026-03-04T10:30:05Z");
    if (tags.includes("fixed-clock")) await page.clock.setFixedTime(time);
    else await page.clock.install({ time });
    await page.goto(
      `${site}iframe.html?id=${id}&viewMode=story&globals=${views[0]?.globals ?? ""}`,
    );
    await finished(page);

    const files = [];
    for (const { name, globals, forcedColors = /** @type {const} */ ("none") } of views) {
      await page.emulateMedia({ forcedColors });
      await setGlobals(page, globals);
      await still(page);
      for (const width of widths) {
        await page.setViewportSize({ width, height: 320 });
        const file = path.join(folder, `${id}.${name}.${width}.png`);
        await page.setViewportSize({ width, height: await heightOf(page) });
        await page.screenshot({ path: file, animations: "disabled", caret: "hide" });
        files.push(file);
      }
    }
    return files;
  } finally {
    await context.close();
  }
}

/**
 * Waits until the story is rendered and its `play` has run.
 *
 * @param {import("playwright-core").Page} page
 */
async function finished(page) {
  await page.waitForFunction(
    () => ["finished", "errored"].includes(globalThis.__STORYBOOK_PREVIEW__?.currentRender?.phase),
    null,
    {
      timeout: 40_000,
    },
  );
  if (await page.evaluate(() => document.body.classList.contains("sb-show-errordisplay"))) {
    throw new Error((await page.locator("#error-message").textContent()) ?? "The story failed.");
  }
}

/**
 * The height of the story; a dialog needs some room around it.
 *
 * @param {import("playwright-core").Page} page
 * @returns {Promise<number>}
 */
async function heightOf(page) {
  return page.evaluate(() => {
    const bottom = document.querySelector("#storybook-root")?.getBoundingClientRect().bottom ?? 0;
    return Math.ceil(Math.max(bottom + 16, document.querySelector("dialog[open]") ? 320 : 0));
  });
}

/**
 * @param {import("playwright-core").Page} page
 * @param {string} globals
 */
async function setGlobals(page, globals) {
  const values = Object.fromEntries(globals.split(";").map((pair) => pair.split(":")));
  await page.evaluate(
    (values) => globalThis.__STORYBOOK_ADDONS_CHANNEL__.emit("updateGlobals", { globals: values }),
    values,
  );
}

/**
 * Waits until its fonts are there and the page has not changed for a moment.
 *
 * @param {import("playwright-core").Page} page
 */
async function still(page) {
  await page.evaluate(async () => {
    await document.fonts.ready;
    await new Promise((resolve) => {
      const done = () => {
        observer.disconnect();
        resolve(undefined);
      };
      let timer = setTimeout(done, 250);
      const limit = setTimeout(done, 5000);
      const observer = new MutationObserver(() => {
        clearTimeout(timer);
        timer = setTimeout(() => {
          clearTimeout(limit);
          done();
        }, 250);
      });
      observer.observe(document.body, {
        subtree: true,
        childList: true,
        attributes: true,
        characterData: true,
      });
    });
  });
}
