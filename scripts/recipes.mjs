/**
 * Runs each recipe of docs/testing.md as it stands there, with the packed kit: vitest, jest, Storybook, Playwright. Run
 * after `npm run build`. Packages come from this repository; only jest's own and Playwright's are installed.
 */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { chromium } from "playwright-core";
import { freePort } from "../test/setup/freePort.mjs";
import { chromiumArgs, resolveChromium } from "./chromium.mjs";
import { serveStatic } from "./look/serveStatic.mjs";
import { endAll, run } from "./nextSmoke/processes.mjs";

const root = path.resolve(import.meta.dirname, "..");
const app = mkdtempSync(path.join(tmpdir(), "ares-react-recipes-"));
const bin = (/** @type {string} */ name) => path.join(app, "node_modules/.bin", name);
const write = (/** @type {string} */ file, /** @type {string} */ text) => {
  mkdirSync(path.dirname(path.join(app, file)), { recursive: true });
  writeFileSync(path.join(app, file), text);
};
let failed = 0;

try {
  const files = writeRecipes();
  check(`docs/testing.md names ${files.length} files`, files.length === 8, files);
  await install();
  await attempt(
    "vitest",
    () => run(bin("vitest"), ["run", "test"], { cwd: app, env: { NODE_ENV: "test" }, ms: 120_000 }),
    /4 passed/,
  );
  await attempt(
    "jest",
    () => run(bin("jest"), ["--ci"], { cwd: app, env: { NODE_ENV: "test" }, ms: 180_000 }),
    /3 passed/,
  );
  await storybook();
  await playwright();
} catch (error) {
  check("the recipes came to their end", false, error);
} finally {
  await endAll();
  rmSync(app, { recursive: true, force: true, maxRetries: 5, retryDelay: 500 });
}
console.log(failed === 0 ? "recipes: passed" : `recipes: failed (${failed})`);
process.exit(failed === 0 ? 0 : 1);

/** Writes each block of the page that names its file. */
function writeRecipes() {
  const page = readFileSync(path.join(root, "docs/testing.md"), "utf8");
  return [...page.matchAll(/^```(?:[jt]sx?)\n\/\/ (\S+)\n([\s\S]*?)^```/gm)].map(
    ([, file = "", code = ""]) => {
      write(file, code);
      return file;
    },
  );
}

async function install() {
  const packed = await run(
    "npm",
    ["pack", "--json", "--ignore-scripts", "--pack-destination", app],
    { cwd: root, ms: 60_000 },
  );
  const dependencies = {
    "ares-react": `file:${JSON.parse(packed.stdout)[0].filename}`,
    "@playwright/test": JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"))
      .devDependencies.playwright,
    "@swc/core": "1",
    "@swc/jest": "0.2",
    jest: "30",
    "jest-environment-jsdom": "30",
    "jest-fixed-jsdom": "0.0",
  };
  write(
    "package.json",
    JSON.stringify({ name: "recipes", private: true, type: "module", dependencies }),
  );
  const flags = [
    "--legacy-peer-deps",
    "--no-package-lock",
    "--no-audit",
    "--no-fund",
    "--no-progress",
    "--prefer-offline",
  ];
  await run("npm", ["install", ...flags], {
    cwd: app,
    env: { PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: "1" },
    ms: 240_000,
  });
  const all = readdirSync(path.join(root, "node_modules"));
  const scoped = all
    .filter((name) => name.startsWith("@"))
    .flatMap((scope) =>
      readdirSync(path.join(root, "node_modules", scope)).map((name) => `${scope}/${name}`),
    );
  for (const name of [...all.filter((each) => !/^[@.]/.test(each)), ...scoped])
    link(path.join(root, "node_modules", name), path.join(app, "node_modules", name));
  for (const name of readdirSync(path.join(root, "node_modules/.bin")))
    link(path.join(root, "node_modules/.bin", name), bin(name));
}

/** @param {string} from @param {string} to */
function link(from, to) {
  mkdirSync(path.dirname(to), { recursive: true });
  if (!existsSync(to)) symlinkSync(from, to);
}

async function storybook() {
  write(
    ".storybook/main.ts",
    `export default { framework: "@storybook/react-vite", stories: ["../stories/*.stories.tsx"] };\n`,
  );
  await run(bin("storybook"), ["build", "--quiet", "--disable-telemetry", "-o", "static"], {
    cwd: app,
    ms: 240_000,
  });
  const site = await serveStatic(path.join(app, "static"), "/");
  const { executablePath, env } = await resolveChromium();
  const browser = await chromium.launch({ executablePath, env, args: chromiumArgs });
  const page = await browser.newPage();
  const states = {
    locked: "locked",
    paid: "unlocked",
    unknown: "unknown",
    short: "insufficient",
    "signed-out": "signed_out",
  };
  for (const [story, status] of Object.entries(states)) {
    await page.goto(`${site.url}iframe.html?id=report--${story}&viewMode=story`);
    const shown = page.locator(`[data-ares-part="gate"][data-status="${status}"]`);
    await shown.waitFor({ timeout: 60_000 }).then(
      () => check(`storybook: the story ${story} begins as ${status}`, true),
      (error) => check(`storybook: the story ${story} begins as ${status}`, false, error),
    );
  }
  await browser.close();
  site.close();
}

async function playwright() {
  write(
    "page.tsx",
    `import { AresProvider } from "ares-react";\nimport { createRoot } from "react-dom/client";\nimport { Report } from "./src/Report";\n` +
      `const root = document.getElementById("root");\nif (root) createRoot(root).render(<AresProvider endpoint="/api/ares"><Report /></AresProvider>);\n`,
  );
  write(
    "site/index.html",
    `<!doctype html><div id="root"></div><script src="/page.js"></script>\n`,
  );
  await run(bin("esbuild"), ["page.tsx", "--bundle", "--jsx=automatic", "--outfile=site/page.js"], {
    cwd: app,
    ms: 60_000,
  });
  const { executablePath, env } = await resolveChromium();
  const port = await freePort();
  const use = {
    baseURL: `http://localhost:${port}`,
    launchOptions: { executablePath, env, args: chromiumArgs },
  };
  const server = `import { createServer } from "node:http"; import { readFileSync } from "node:fs"; createServer(({ url }, answer) => answer.end(readFileSync(url === "/page.js" ? "site/page.js" : "site/index.html"))).listen(${port});`;
  write("serve.mjs", server);
  const webServer = { command: "node serve.mjs", url: use.baseURL };
  write(
    "playwright.config.mjs",
    `export default ${JSON.stringify({ testDir: "e2e", workers: 1, use, webServer })};\n`,
  );
  await attempt(
    "playwright",
    () =>
      run(process.execPath, ["node_modules/@playwright/test/cli.js", "test"], {
        cwd: app,
        ms: 180_000,
      }),
    /3 passed/,
  );
}

/** @param {string} name @param {() => Promise<{ output: string }>} work @param {RegExp} words */
async function attempt(name, work, words) {
  const output = await work().then(({ output }) => output, String);
  check(`${name}: the recipe's tests pass`, words.test(output), output);
}

/** @param {string} title @param {boolean} ok @param {unknown} [seen] */
function check(title, ok, seen) {
  if (!ok) failed += 1;
  console.log(ok ? `ok      ${title}` : `not ok  ${title}\n        ${String(seen).slice(-3000)}`);
}
