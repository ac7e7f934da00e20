import { cpSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { createAresSimulator } from "../../dist/testing.js";
import { freePort } from "../../test/setup/freePort.mjs";
import { driveFirstPaint } from "./driveFirstPaint.mjs";
import { driveGates } from "./driveGates.mjs";
import { driveSessions } from "./driveSessions.mjs";
import { listen } from "./pretendServices.mjs";
import { run, start } from "./processes.mjs";

/**
 * @typedef {object} Parts
 * @property {(title: string, ok: boolean, seen?: unknown) => void} check
 * @property {string} stage a folder of this run's own
 * @property {string} packages the node_modules that next and ares-react are installed in
 * @property {import("playwright-core").Browser} browser
 * @property {(close: () => unknown) => void} onEnd
 */

/**
 * Runs the app of `firstPaint` in the configuration of create-next-app, in development and as a build. Drives the pages by HTTP
 * and in Chromium: snapshots, paid server components, prefetches, sign-ins without a load, many gates. Installs nothing.
 *
 * @param {Parts} parts
 */
export async function checkFirstPaint({ check, stage, packages, browser, onEnd }) {
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

  const next = path.join(packages, "next", "dist", "bin", "next");
  for (const mode of /** @type {const} */ (["dev", "start"])) {
    const told = (/** @type {string} */ title, /** @type {boolean} */ ok, /** @type {unknown} */ seen) =>
      check(`${mode}: ${title}`, ok, seen);
    const ares = createAresSimulator({ users: { ann: 100.5, bob: 50, cyd: 1000 } });
    const aresServer = await listen(ares.serve);
    onEnd(aresServer.close);
    const env = {
      ARES_BASE_URL: aresServer.url,
      TOKEN_ANN: ares.tokenOf("ann"),
      TOKEN_BOB: ares.tokenOf("bob"),
      TOKEN_CYD: ares.tokenOf("cyd"),
      NEXT_TELEMETRY_DISABLED: "1",
      NODE_ENV: mode === "dev" ? "development" : "production",
    };
    if (mode === "start") {
      const built = await run(process.execPath, [next, "build"], { cwd: app, env, ms: 300_000 });
      told("an app with cacheComponents builds, and its gates are no part of a static page", /◐ \/gate/.test(built.output), built.output);
    }
    const origin = `http://localhost:${await freePort()}`;
    const server = start(process.execPath, [next, mode, "-H", "localhost", "-p", new URL(origin).port], { cwd: app, env });
    await server.answers(origin, 60_000);
    await driveFirstPaint({ check: told, origin, ares, browser, output: server.output, built: mode === "start" });
    const balanceOf = (/** @type {string} */ user) => `${ares.balanceOf(user)} credits`;
    await driveSessions({ check: told, origin, browser, balances: { ann: balanceOf("ann"), bob: balanceOf("bob") } });
    await driveGates({ check: told, origin, browser });
    const unstable = server.output().match(/encountered [^\n]*/g) ?? [];
    told("Next complains of no unstable value and of no blocking data", unstable.length === 0, unstable);
    await server.end();
  }
}
