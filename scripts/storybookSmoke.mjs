/**
 * Builds Storybook, and serves it under a path as any static host might. Opens one story, one page of the docs, and one
 * address with settings of the toolbar. Prints one line per check, and exits with 1 when one of them failed.
 *
 * - `--no-build` takes storybook-static as it is
 */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { chromium } from "playwright-core";
import { chromiumArgs, resolveChromium } from "./chromium.mjs";
import { unlockColours } from "./colours/colours.mjs";
import { serveStatic } from "./look/serveStatic.mjs";

if (!process.argv.includes("--no-build")) {
  execFileSync("npm", ["run", "--silent", "build-storybook", "--", "--quiet"], {
    stdio: "inherit",
  });
}

const { version } = JSON.parse(readFileSync("package.json", "utf8"));
const site = await serveStatic("storybook-static", "/some/base/");
const { executablePath, env } = await resolveChromium();
const browser = await chromium.launch({ executablePath, env, args: chromiumArgs });
let failed = 0;

try {
  const page = await browser.newPage();
  /** @type {string[]} */
  const missing = [];
  page.on("response", (response) => {
    if (response.status() === 404) missing.push(response.url());
  });

  await check(
    "the manager has the package's name and version, and its chips say what they set",
    async () => {
      const manager = await browser.newPage({ viewport: { width: 1600, height: 900 } });
      await manager.goto(`${site.url}index.html?path=/story/components-aresgate--default`);
      await manager.getByRole("link", { name: `ares-react ${version}` }).waitFor();
      for (const name of ["Account", "Balance", "Network"])
        await manager.getByText(`${name}: as the story says`).waitFor();
      await manager
        .frameLocator("#storybook-preview-iframe")
        .getByText("You have 698 credits.")
        .waitFor();
      await manager.close();
    },
  );
  await check("a story reads its account through msw and the kit's server", async () => {
    await page.goto(`${site.url}iframe.html?id=components-aresgate--default&viewMode=story`);
    await page.locator('[data-ares-part="gate"][data-status="locked"]').waitFor();
    await page.getByText("You have 698 credits.").waitFor();
  });
  await check("the toolbar's settings in an address reach the story", async () => {
    await page.goto(
      `${site.url}iframe.html?id=components-aresgate--default&viewMode=story&globals=balance:3;locale:de;theme:dark`,
    );
    await page.getByText("Du hast 3 Credits.").waitFor();
  });
  await check(
    "a story in light and in dark, side by side, has its colours and its page's",
    async () => {
      await page.goto(
        `${site.url}iframe.html?id=components-aresgate--default&viewMode=story&globals=theme:both`,
      );
      const seen = [];
      for (const theme of ["light", "dark"]) {
        const story = page.locator(`.story[data-theme=${theme}]`);
        await story.locator("[data-ares-part=unlock]").waitFor();
        seen.push(
          await story.evaluate((element) => getComputedStyle(element).backgroundColor),
          await unlockColours(story),
        );
      }
      const light = ["rgb(246, 247, 247)", { ground: "#0f5c6e", text: "#ffffff" }];
      const dark = ["rgb(17, 20, 22)", { ground: "#7fcbdb", text: "#000000" }];
      if (JSON.stringify(seen) !== JSON.stringify([...light, ...dark]))
        throw new Error(JSON.stringify(seen));
    },
  );
  await check("the docs show code that can be pasted", async () => {
    await page.goto(`${site.url}iframe.html?id=components-aresgate--docs&viewMode=docs`);
    await page.getByText("Show code").first().click();
    await page.locator("pre").getByText("AresGate").first().waitFor();
    const text = (await page.locator("pre").allTextContents()).join("\n");
    if (
      !/import \{ AresGate \} from "ares-react";/.test(text) ||
      !text.includes("<AresGate") ||
      !text.includes("<Report />")
    )
      throw new Error(text.slice(0, 2000));
  });
  await check("a docs page plays its stories, and stays at its top", async () => {
    await page.goto(`${site.url}iframe.html?id=components-creditbalance--docs&viewMode=docs`);
    // The story Refreshed buys 100 credits in its `play`.
    await page.getByRole("group", { name: "ARES balance: 798 credits" }).first().waitFor();
    const scrolled = await page.evaluate(() => window.scrollY);
    if (scrolled !== 0) throw new Error(`The page has scrolled to ${scrolled}.`);
  });
  await check("nothing is asked for outside of the path", async () => {
    if (missing.length > 0) throw new Error(missing.join(" "));
  });
} finally {
  await browser.close();
  site.close();
}
process.exitCode = failed > 0 ? 1 : 0;

/**
 * @param {string} what
 * @param {() => Promise<void>} run
 */
async function check(what, run) {
  try {
    await run();
    console.log(`ok      ${what}`);
  } catch (error) {
    failed += 1;
    console.log(`FAILED  ${what}\n${error instanceof Error ? error.message : error}`);
  }
}
