import { cpSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { chromium } from "playwright-core";
import { chromiumArgs, resolveChromium } from "../chromium.mjs";
import { readColours } from "../colours/colours.mjs";
import { serveStatic } from "../look/serveStatic.mjs";
import { PAGE_MS, run } from "./processes.mjs";

const layout = `
export default function Layout({ children }) {
  return <html lang="en"><body>{children}</body></html>;
}
`;

/**
 * @typedef {object} Parts
 * @property {(title: string, ok: boolean, seen?: unknown) => void} check
 * @property {string} stage a folder of this run's own
 * @property {string} packages the node_modules that next and ares-react are installed in
 * @property {(close: () => unknown) => void} onEnd
 */

/**
 * Builds the page of `scripts/colours` with each of Next's two bundlers, and checks its colours. Installs nothing.
 *
 * @param {Parts} parts
 */
export async function checkColours({ check, stage, packages, onEnd }) {
  const app = path.join(stage, "colours");
  mkdirSync(path.join(app, "app"), { recursive: true });
  symlinkSync(packages, path.join(app, "node_modules"));
  for (const file of ["App.tsx", "schemes.css"])
    cpSync(path.join(import.meta.dirname, "..", "colours", file), path.join(app, file));
  writeFileSync(path.join(app, "app", "layout.jsx"), layout);
  writeFileSync(path.join(app, "app", "page.jsx"), `export { App as default } from "../App";\n`);
  writeFileSync(
    path.join(app, "next.config.mjs"),
    `export default ${JSON.stringify(config(stage))};\n`,
  );

  const { executablePath, env } = await resolveChromium();
  const browser = await chromium.launch({
    executablePath,
    env,
    args: chromiumArgs,
    timeout: PAGE_MS,
  });
  onEnd(() => browser.close());
  const next = path.join(packages, "next", "dist", "bin", "next");
  for (const bundler of ["turbopack", "webpack"]) {
    await run(process.execPath, [next, "build", `--${bundler}`], {
      cwd: app,
      env: { NODE_ENV: "production" },
      ms: 300_000,
    });
    const site = await serveStatic(path.join(app, "out"), "/");
    onEnd(site.close);
    const readings = await readColours(browser, `${site.url}index.html`);
    const wrong = readings.filter(({ seen, expected }) =>
      Object.keys(expected).some((name) => seen[name] !== expected[name]),
    );
    check(
      `built with ${bundler}, a page has its colours in ${readings.length} cases`,
      readings.length === 14 && wrong.length === 0,
      wrong,
    );
  }
}

/** @param {string} stage */
function config(stage) {
  return {
    output: "export",
    distDir: "out",
    typescript: { ignoreBuildErrors: true },
    // The linked packages lie outside of the app.
    turbopack: { root: stage },
    // A folder of files runs no server. Otherwise webpack would look for the server's files.
    outputFileTracingExcludes: { "/*": ["**/*"] },
  };
}
