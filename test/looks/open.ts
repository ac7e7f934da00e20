import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import react from "@vitejs/plugin-react";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { build } from "vite";
import { afterAll, afterEach, beforeAll } from "vitest";
import { serveStatic } from "../../scripts/look/serveStatic.mjs";
import { strongStyles } from "../../scripts/sheets.mjs";
import { alias } from "../../vitest.config";
import { launchChromium } from "../browser/visitor";
import { pluginsOf, type Recipe } from "./recipes";

const root = path.resolve(import.meta.dirname, "..", "..");
const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

/** The test page's styles come from packages beside a lockfile of their own. */
const packages = path.join(import.meta.dirname, "packages", "node_modules");
const ownPackages = [
  { find: /^@(mui|emotion)\//, replacement: `${packages}/@$1/` },
  { find: /^bootstrap\//, replacement: `${packages}/bootstrap/` },
  { find: /^tailwindcss$/, replacement: `${packages}/tailwindcss/index.css` },
  { find: /^ares-react\/styles\.layer\.css$/, replacement: path.join(root, "src", "styles.css") },
];

/** What a page is made of: imports in their order, the app's own sheet, more of its files, and what is drawn. */
interface Looks {
  imports: readonly string[];
  recipe?: Recipe;
  reset?: string;
  draw?: string | undefined;
}

/** Gives a test file its Chromium, and a way to build a page for production and to open the page. */
export function opener() {
  const ends: (() => unknown)[] = [];
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });

  return async (
    { imports, recipe = { name: "", files: {} }, reset = "", draw = "<Page />" }: Looks,
    settings: BrowserContextOptions = {},
  ): Promise<Page> => {
    mkdirSync(path.join(root, ".cache"), { recursive: true });
    const app = mkdtempSync(path.join(root, ".cache", "looks-"));
    ends.push(() => rmSync(app, { recursive: true, force: true }));
    for (const file of ["Page.tsx", "Small.tsx", "Variants.tsx", "server.ts"])
      cpSync(path.join(import.meta.dirname, file), path.join(app, file));
    for (const [file, code] of Object.entries({ ...recipe.files, "reset.css": reset }))
      writeFileSync(path.join(app, file), code);
    const mui = draw.includes("CssBaseline")
      ? ['import { CssBaseline, StyledEngineProvider } from "@mui/material";']
      : [];
    const main = [
      ...mui,
      ...imports.map(
        (name) =>
          `import ${name.endsWith(".tsx") ? "{ Feature } from " : ""}${JSON.stringify(name)};`,
      ),
      'import { createRoot } from "react-dom/client";',
      'import { Page } from "./Page";',
      'import { Small } from "./Small";',
      'import { Columns, Own, Presses, Variants } from "./Variants";',
      `createRoot(document.getElementById("root")).render(${draw});`,
    ];
    writeFileSync(path.join(app, "main.tsx"), main.join("\n"));
    writeFileSync(
      path.join(app, "index.html"),
      `<!doctype html><html lang="en"><title>Looks</title><div id="root"></div><script type="module" src="/main.tsx"></script></html>`,
    );
    await build({
      root: app,
      configFile: false,
      logLevel: "error",
      resolve: { alias: [...ownPackages, ...alias] },
      plugins: [react(), strongStyles()],
      css: { postcss: { plugins: pluginsOf(recipe, app) } },
    });
    const site = await serveStatic(path.join(app, "dist"), "/");
    ends.push(site.close);
    const page = await browser.newPage({
      viewport: { width: 900, height: 1200 },
      reducedMotion: "reduce",
      ...settings,
    });
    ends.push(() => page.close());
    await page.goto(`${site.url}index.html`);
    await page.locator("[data-status=locked]").first().waitFor();
    return page;
  };
}

/** The texts that nobody can read, as axe finds them. */
export const illegible = (page: Page): Promise<string[]> => faultsOf(page, ["color-contrast"]);

/** Rules that are the app's own. A page of tests may show one gate twice. */
const pageRules = ["region", "page-has-heading-one", "landmark-unique"];

/** What axe finds, by these rules or by all that are about parts of a page. */
export async function faultsOf(page: Page, rules?: readonly string[]): Promise<string[]> {
  await page.addScriptTag({ path: axe });
  // A text that still fades in is faint.
  await page.evaluate(() =>
    Promise.all(
      document
        .getAnimations()
        .map(
          (animation) =>
            animation.effect?.getComputedTiming().endTime !== Infinity && animation.finished,
        ),
    ),
  );
  const options = rules
    ? { runOnly: rules }
    : { rules: Object.fromEntries(pageRules.map((rule) => [rule, { enabled: false }])) };
  return page.evaluate(
    `axe.run(${JSON.stringify(options)}).then(({ violations }) => violations.flatMap(({ nodes }) => nodes.map(({ html }) => html)))`,
  );
}
