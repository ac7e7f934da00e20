import { readFileSync } from "node:fs";

/** The version that a package.json names. */
export function versionIn(manifest: URL): string {
  const { version }: { version: string } = JSON.parse(readFileSync(manifest, "utf8"));
  return version;
}
