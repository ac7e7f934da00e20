import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";

const repository = resolve(import.meta.dirname, "../..");
const cache = join(repository, "node_modules", ".cache");

/**
 * Copies the build, together with the services that run it. A new build may start meanwhile. Without the copy, a
 * restarted server would find no files.
 */
export function takeBuild(): {
  service(name: "app" | "ares" | "oidc" | "rotator"): string;
  remove(): void;
} {
  if (!existsSync(join(repository, "dist", "server.js")))
    throw new Error("There is no build to test. Run `npm run build` first.");
  mkdirSync(cache, { recursive: true });
  const directory = mkdtempSync(join(cache, "ares-engines-"));
  // Beside its own package.json, the copy finds `ares-react/server` in itself, and the packages in the folders above.
  for (const part of ["package.json", "dist"])
    cpSync(join(repository, part), join(directory, part), { recursive: true });
  cpSync(join(import.meta.dirname, "services"), join(directory, "services"), { recursive: true });
  const remove = () => rmSync(directory, { recursive: true, force: true });
  process.once("exit", remove);
  return { service: (name) => join(directory, "services", `${name}.mjs`), remove };
}
