/**
 * Clerk's own browser scripts. 24 overrides leave out their wallets.
 *
 * `node test/clerk/scripts/install.mjs` installs the scripts by hand, for a machine that goes offline later.
 */
import { pathToFileURL } from "node:url";
import { areInstalled, installBeside } from "../../setup/nestedPackage.mjs";

/** True when the scripts are installed, in the versions of the lockfile. */
export const clerkScriptsAreThere = () => areInstalled(import.meta.dirname);
export const installClerkScripts = () => installBeside(import.meta.dirname);

/** Vitest's global setup. On a machine that can't install the scripts, their tests are skipped by name, and all others run. */
export async function setup() {
  await installClerkScripts().catch((error) => {
    console.warn(
      `Clerk's browser scripts could not be installed, so no test runs them: ${error.message}`,
    );
  });
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href)
  await installClerkScripts();
