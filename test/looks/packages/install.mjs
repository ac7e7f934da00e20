/** The style packages of real apps. */
import { pathToFileURL } from "node:url";
import { areInstalled, installBeside } from "../../setup/nestedPackage.mjs";

export const stylePackagesAreThere = () => areInstalled(import.meta.dirname);

/** Vitest's global setup. On a machine that can't install them, their tests are skipped by name, and all others run. */
export async function setup() {
  await installBeside(import.meta.dirname).catch((error) => {
    console.warn(
      `The style packages could not be installed, so no test runs them: ${error.message}`,
    );
  });
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href)
  await installBeside(import.meta.dirname);
