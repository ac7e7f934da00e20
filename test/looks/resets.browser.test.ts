import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import react from "@vitejs/plugin-react";
import type { Browser, Page } from "playwright-core";
import { build } from "vite";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { serveStatic } from "../../scripts/look/serveStatic.mjs";
import { strongStyles } from "../../scripts/sheets.mjs";
import { alias } from "../../vitest.config";
import { launchChromium } from "../browser/visitor";
import { stylePackagesAreThere } from "./packages/install.mjs";
import { resets } from "./resets";

const root = path.resolve(import.meta.dirname, "..", "..");
const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const ends: (() => unknown)[] = [];
let browser: Browser;

beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** Builds the test page for production with the imports in the given order, and opens the page. */
async function open(imports: readonly string[], reset: string, draw = "<Page />"): Promise<Page> {
  mkdirSync(path.join(root, ".cache"), { recursive: true });
  const app = mkdtempSync(path.join(root, ".cache", "looks-"));
  ends.push(() => rmSync(app, { recursive: true, force: true }));
  cpSync(path.join(import.meta.dirname, "Page.tsx"), path.join(app, "Page.tsx"));
  writeFileSync(path.join(app, "reset.css"), reset);
  const names = draw.includes("CssBaseline")
    ? `import { CssBaseline, StyledEngineProvider } from "@mui/material";
`
    : "";
  writeFileSync(
    path.join(app, "main.tsx"),
    `${names}${imports.map((name) => `import ${JSON.stringify(name)};`).join("\n")}
import { createRoot } from "react-dom/client";
import { Page } from "./Page";
createRoot(document.getElementById("root")).render(${draw});`,
  );
  writeFileSync(
    path.join(app, "index.html"),
    `<!doctype html><html lang="en"><title>Looks</title><div id="root"></div><script type="module" src="/main.tsx"></script></html>`,
  );
  await build({
    root: app,
    configFile: false,
    logLevel: "error",
    resolve: { alias: [...alias, ownPackages] },
    plugins: [react(), strongStyles()],
  });
  const site = await serveStatic(path.join(app, "dist"), "/");
  ends.push(site.close);
  const page = await browser.newPage({ viewport: { width: 900, height: 1200 }, reducedMotion: "reduce" });
  ends.push(() => page.close());
  await page.goto(`${site.url}index.html`);
  for (const usage of ["fails", "lost", "paid"]) await page.locator(`#${usage} [data-ares-part=unlock]`).click();
  await page.locator("#paid [data-status=unlocked]").waitFor();
  await page.locator("#lost [data-status=unknown]").waitFor();
  await page.locator("#fails [data-status=not_charged]").waitFor();
  return page;
}

/** The test page's styles come from packages beside a lockfile of their own. */
const ownPackages = {
  find: /^@(mui|emotion)\//,
  replacement: `${path.join(import.meta.dirname, "packages", "node_modules")}/@$1/`,
};

/** The texts that nobody can read, as axe finds them. */
async function illegible(page: Page): Promise<string[]> {
  await page.addScriptTag({ path: axe });
  // A text that still fades in is faint.
  await page.evaluate(() =>
    Promise.all(
      document.getAnimations().map((animation) => animation.effect?.getComputedTiming().endTime !== Infinity && animation.finished),
    ),
  );
  return page.evaluate(
    `axe.run({ runOnly: ["color-contrast"] }).then(({ violations }) => violations.flatMap(({ nodes }) => nodes.map(({ html }) => html)))`,
  );
}

/** The buttons without room around their words, or without a ground, a border and an underline. */
const bareButtons = (page: Page) =>
  page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>("button[data-ares-part], a[data-ares-part]")].flatMap((button) => {
      const { backgroundColor, borderTopStyle, borderTopWidth, textDecorationLine, ...style } = getComputedStyle(button);
      const room = Math.min(Number.parseFloat(style.paddingInlineStart), Number.parseFloat(style.paddingBlockStart) * 2);
      const ground = !/rgba\(.*, 0\)|transparent/.test(backgroundColor);
      const line = (borderTopStyle !== "none" && Number.parseFloat(borderTopWidth) >= 1) || textDecorationLine === "underline";
      return room >= 8 && (ground || line) ? [] : [`${button.dataset.aresPart}: ${room}px, ${backgroundColor}, ${borderTopStyle}`];
    }),
  );

/** Where the open question stands: the distances of its middle from the middle of the window, and its room. */
const question = (page: Page) =>
  page.locator("dialog[open]").evaluate((dialog) => {
    const { left, right, top, bottom } = dialog.getBoundingClientRect();
    return {
      fromMiddle: [Math.round((left + right - innerWidth) / 2), Math.round((top + bottom - innerHeight) / 2)],
      padded: Number.parseFloat(getComputedStyle(dialog).paddingInlineStart) >= 16,
    };
  });

async function isAsItShouldBe(page: Page) {
  expect(await bareButtons(page)).toEqual([]);
  expect(await illegible(page)).toEqual([]);
  await page.locator("#asks [data-ares-part=unlock]").click();
  expect(await question(page)).toEqual({ fromMiddle: [0, 0], padded: true });
  expect(await bareButtons(page)).toEqual([]);
  expect(await illegible(page)).toEqual([]);
}

describe.runIf(stylePackagesAreThere())("every state is legible, and every button looks like one,", () => {
  const orders = [
    { order: "before the kit's sheet", imports: ["./reset.css", "ares-react/styles.css"] },
    { order: "after the kit's sheet", imports: ["ares-react/styles.css", "./reset.css"] },
  ];
  it.each(Object.keys(resets).flatMap((name) => orders.map((order) => ({ name, ...order }))))(
    "with $name $order",
    async ({ name, imports }) => {
      const page = await open(imports, (await resets[name]?.()) ?? "");
      await isAsItShouldBe(page);
    },
  );

  it.each(["before", "after"])("with the baseline of MUI %s the kit's sheet", async (order) => {
    const baseline = `<StyledEngineProvider injectFirst={${order === "before"}}><CssBaseline /><Page /></StyledEngineProvider>`;
    await isAsItShouldBe(await open(["ares-react/styles.css"], "", baseline));
  });
});

describe("an app's own looks", () => {
  it("keep the margin of their utility class, and the sheet keeps the rest", async () => {
    const page = await open(["ares-react/styles.css", "./reset.css"], ".mt-4 { margin-top: 16px; }");
    expect(await page.locator("#locked [data-ares-part=gate]").evaluate((gate) => getComputedStyle(gate).marginTop)).toBe("16px");
    await isAsItShouldBe(page);
  });

  it("are all there is under data-ares-unstyled", async () => {
    const page = await open(["./reset.css", "ares-react/styles.css"], "button { background: rgb(1, 2, 3); padding: 0; }");
    await page.locator("#locked").evaluate((section) => section.setAttribute("data-ares-unstyled", ""));
    const looks = (place: string) =>
      page.locator(`${place} [data-ares-part=unlock]`).evaluate((button) => {
        const { backgroundColor, paddingTop } = getComputedStyle(button);
        return { backgroundColor, paddingTop };
      });
    expect(await looks("#locked")).toEqual({ backgroundColor: "rgb(1, 2, 3)", paddingTop: "0px" });
    expect(await looks("#asks")).not.toEqual(await looks("#locked"));
  });

  it("may lay out the children of a button: the price keeps its distance", async () => {
    const page = await open(
      ["ares-react/styles.css", "./reset.css"],
      "button[type][data-ares-part][aria-disabled] { display: inline-flex; }",
    );
    const button = page.locator("#locked [data-ares-part=unlock]");
    // In a row of flex items, inline-flex is flex.
    expect(await button.evaluate((button) => getComputedStyle(button).display)).toBe("flex");
    expect(await button.evaluate((button) => (button instanceof HTMLElement ? button.innerText : ""))).toBe(
      "Unlock the locked report · 3 credits",
    );
  });
});

describe("an accent of an app's own", () => {
  it.each(["#4f46e5", "#ffd400", "#e11d48", "#767676", "#777777", "#16a34a", "#000", "#fff"])(
    "%s alone makes legible buttons",
    async (accent) => {
      const page = await open(["ares-react/styles.css", "./reset.css"], `:root { --ares-accent: ${accent}; }`);
      expect(await illegible(page)).toEqual([]);
      await page.locator("#locked [data-ares-part=unlock]").hover();
      expect(await illegible(page)).toEqual([]);
    },
  );
});
