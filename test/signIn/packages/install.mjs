/** The sign-in libraries that docs/sign-in.md speaks of. */
import { pathToFileURL } from "node:url";
import { areInstalled, installBeside } from "../../setup/nestedPackage.mjs";

export const signInPackagesAreThere = () => areInstalled(import.meta.dirname);

/** Vitest's global setup. On a machine that can't install them, their tests are skipped by name, and all others run. */
export async function setup() {
  await installBeside(import.meta.dirname).catch((error) => {
    console.warn(
      `The sign-in libraries could not be installed, so no test runs them: ${error.message}`,
    );
  });
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href)
  await installBeside(import.meta.dirname);
