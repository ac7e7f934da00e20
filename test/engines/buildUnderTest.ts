import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Program } from "../../src/cli/prove/startService";

const repository = resolve(import.meta.dirname, "../..");
const cache = join(repository, "node_modules", ".cache");

interface Build {
  folder: string;
  service(name: "app" | "careless" | "oidc" | "rotator"): Program;
  /** A server of the app, or the pretend ARES, as `ares-react prove` starts them. */
  part: Program;
  remove(): void;
}

/**
 * Copies the build, together with the services that run it. A new build may start meanwhile. Without the copy, a
 * restarted server would find no files.
 */
export function takeBuild(): Build {
  if (!existsSync(join(repository, "dist", "server.js")))
    throw new Error("There is no build to test. Run `npm run build` first.");
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, "ares-engines-"));
  // Beside its own package.json, the copy finds `ares-react/server` in itself, and the packages in the folders above.
  for (const part of ["package.json", "dist"])
    cpSync(join(repository, part), join(folder, part), { recursive: true });
  cpSync(join(import.meta.dirname, "services"), join(folder, "services"), { recursive: true });
  const remove = () => rmSync(folder, { recursive: true, force: true });
  process.once("exit", remove);
  const program = (file: string, ...args: string[]): Program => ({
    file: join(folder, file),
    args,
    env: { NODE_ENV: "production" },
    execArgv: ["--expose-gc"],
  });
  return {
    folder,
    service: (name) => program(`services/${name}.mjs`),
    part: program("dist/cli.js", "prove-part"),
    remove,
  };
}
