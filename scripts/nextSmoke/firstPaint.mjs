import { cpSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { chromium } from "playwright-core";
import { createAresSimulator } from "../../dist/testing.js";
import { freePort } from "../../test/setup/freePort.mjs";
import { chromiumArgs, resolveChromium } from "../chromium.mjs";
import { driveFirstPaint } from "./driveFirstPaint.mjs";
import { listen } from "./pretendServices.mjs";
import { run, start } from "./processes.mjs";

/**
 * @typedef {object} Parts
 * @property {(title: string, ok: boolean, seen?: unknown) => void} check
 * @property {string} stage a folder of this run's own
 * @property {string} packages the node_modules that next and ares-react are installed in
 * @property {(close: () => unknown) => void} onEnd
 */

/**
 * Builds the app of `firstPaint` with Next's `cacheComponents`, and drives the pages by HTTP and in Chromium: snapshots,
 * paid server components, prefetches. Installs nothing.
 *
 * @param {Parts} parts
 */
export async function checkFirstPaint({ check, stage, packages, onEnd }) {
  const app = path.join(stage, "first-paint");
  cpSync(path.join(import.meta.dirname, "firstPaint"), app, { recursive: true });
  symlinkSync(packages, path.join(app, "node_modules"));
  const config = {
    cacheComponents: true,
    partialPrefetching: true,
    typescript: { ignoreBuildErrors: true },
    // The linked packages lie outside of the app.
    turbopack: { root: stage },
  };
  writeFileSync(path.join(app, "next.config.mjs"), `export default ${JSON.stringify(config)};\n`);

  const ares = createAresSimulator({ users: { ann: 100.5, bob: 50 } });
  const aresServer = await listen(ares.serve);
  onEnd(aresServer.close);
  const next = path.join(packages, "next", "dist", "bin", "next");
  const env = {
    ARES_BASE_URL: aresServer.url,
    TOKEN_ANN: ares.tokenOf("ann"),
    TOKEN_BOB: ares.tokenOf("bob"),
    NEXT_TELEMETRY_DISABLED: "1",
    NODE_ENV: "production",
  };
  const built = await run(process.execPath, [next, "build"], { cwd: app, env, ms: 300_000 });
  check("an app with cacheComponents builds, and its gates are no part of a static page", /◐ \/gate/.test(built.output), built.output);

  const origin = `http://localhost:${await freePort()}`;
  const server = start(process.execPath, [next, "start", "-H", "localhost", "-p", new URL(origin).port], { cwd: app, env });
  await server.answers(origin, 60_000);
  const { executablePath, env: chromiumEnv } = await resolveChromium();
  const browser = await chromium.launch({ executablePath, env: chromiumEnv, args: chromiumArgs, timeout: 60_000 });
  onEnd(() => browser.close());
  await driveFirstPaint({ check, origin, ares, browser, output: server.output });
}
