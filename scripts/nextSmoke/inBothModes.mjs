import path from "node:path";
import { createAresSimulator } from "../../dist/testing.js";
import { freePort } from "../../test/setup/freePort.mjs";
import { listen } from "./pretendServices.mjs";
import { PAGE_MS, run, start } from "./processes.mjs";

/**
 * What a walk through an app of Next gets.
 *
 * @typedef {object} Parts
 * @property {(title: string, ok: boolean, seen?: unknown) => void} check
 * @property {string} stage a folder of this run's own
 * @property {string} packages the node_modules that next and ares-react are installed in
 * @property {import("playwright-core").Browser} browser
 * @property {(close: () => unknown) => void} onEnd
 */

/**
 * One run of the app. `built` is what the build printed, where there was one.
 *
 * @typedef {object} Run
 * @property {"dev" | "start"} mode
 * @property {Parts["check"]} check
 * @property {string} origin
 * @property {import("../../src/testing").AresSimulator} ares
 * @property {ReturnType<typeof start>} server
 * @property {string | undefined} built
 */

/**
 * Runs an app of Next in development and then as a build, each time in front of a new pretend ARES with these users.
 *
 * @param {Pick<Parts, "check" | "packages" | "onEnd"> & { app: string, users: Record<string, number> }} parts
 * @param {(run: Run) => Promise<void>} drive
 */
export async function inBothModes({ check, packages, onEnd, app, users }, drive) {
  const next = path.join(packages, "next", "dist", "bin", "next");
  for (const mode of /** @type {const} */ (["dev", "start"])) {
    const ares = createAresSimulator({ users });
    const aresServer = await listen(ares.serve);
    onEnd(aresServer.close);
    const tokens = Object.keys(users).map((user) => [
      `TOKEN_${user.toUpperCase()}`,
      ares.tokenOf(user),
    ]);
    const env = {
      ...Object.fromEntries(tokens),
      ARES_BASE_URL: aresServer.url,
      NEXT_TELEMETRY_DISABLED: "1",
      NODE_ENV: mode === "dev" ? "development" : "production",
    };
    const build =
      mode === "start"
        ? await run(process.execPath, [next, "build"], { cwd: app, env, ms: 300_000 })
        : undefined;
    const port = String(await freePort());
    const origin = `http://localhost:${port}`;
    const server = start(process.execPath, [next, mode, "-p", port], { cwd: app, env });
    await server.answers(`${origin}/api/ares`, PAGE_MS);
    await drive({
      mode,
      check: (title, ok, seen) => check(`${mode}: ${title}`, ok, seen),
      origin,
      ares,
      server,
      built: build?.output,
    });
    await server.end();
  }
}
