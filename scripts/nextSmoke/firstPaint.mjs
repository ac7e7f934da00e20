import { cpSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { driveFirstPaint } from "./driveFirstPaint.mjs";
import { driveGates } from "./driveGates.mjs";
import { driveSessions } from "./driveSessions.mjs";
import { inBothModes } from "./inBothModes.mjs";

/**
 * Runs the app of `firstPaint` in the configuration of create-next-app, in development and as a build. Drives the pages by HTTP
 * and in Chromium: snapshots, paid server components, prefetches, sign-ins without a load, many gates. Installs nothing.
 *
 * @param {import("./inBothModes.mjs").Parts} parts
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

  await inBothModes(
    { check, packages, onEnd, app, users: { ann: 100.5, bob: 50, cyd: 1000 } },
    async (run) => {
      const { check, origin, ares, server, built } = run;
      if (built !== undefined)
        check(
          "an app with cacheComponents builds, and its gates are no part of a static page",
          /◐ \/gate/.test(built),
          built,
        );
      await driveFirstPaint({
        check,
        origin,
        ares,
        browser,
        output: server.output,
        built: built !== undefined,
      });
      const balanceOf = (/** @type {string} */ user) => `${ares.balanceOf(user)} credits`;
      await driveSessions({
        check,
        origin,
        browser,
        balances: { ann: balanceOf("ann"), bob: balanceOf("bob") },
      });
      await driveGates({ check, origin, browser });
      const unstable = server.output().match(/encountered [^\n]*/g) ?? [];
      check(
        "Next complains of no unstable value and of no blocking data",
        unstable.length === 0,
        unstable,
      );
    },
  );
}
