import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseEnv } from "node:util";
import { createJiti } from "jiti";

/** Where `init` and most apps keep the server, from the app's folder. */
const usual = [
  "lib/ares",
  "src/lib/ares",
  "app/lib/ares.server",
  "app/ares.server",
  "server/ares",
  "src/server/ares",
  "ares",
  "src/ares",
];

/** The module that a folder's app keeps its server in, if it is a usual one. */
export function usualModule(folder: string): string | undefined {
  const paths = usual.flatMap((name) =>
    ["ts", "js", "mjs"].map((ending) => join(folder, `${name}.${ending}`)),
  );
  return paths.find((path) => existsSync(path));
}

/** Reads the file that an operator names, or else what a framework would read. A variable that is set stays. */
export function readVariables(
  folder: string,
  envFile: string | undefined,
  tell: (line: string) => void,
): boolean {
  if (envFile !== undefined) return readEnvFile(envFile, tell);
  for (const name of [".env.local", ".env"]) {
    const file = join(folder, name);
    if (existsSync(file)) process.loadEnvFile(file);
  }
  return true;
}

/** Reads a file's variables. One that is set already stays, and could lead to another book: its name is told. */
export function readEnvFile(file: string, tell: (line: string) => void): boolean {
  try {
    const named = Object.entries(parseEnv(readFileSync(file, "utf8")));
    for (const [name, value] of named) {
      const set = process.env[name];
      if (set !== undefined && set !== value)
        tell(`${name} is set to another value than in ${file}. The value that is set counts.`);
    }
    process.loadEnvFile(file);
    return true;
  } catch {
    tell(`${file} can't be read.`);
    return false;
  }
}

/** These packages only stop other builds. */
const emptyPackages = { "server-only": {}, "client-only": {} };

/** Imports a module of the app, in TypeScript too, by the paths of its tsconfig.json. A text instead says what to correct. */
export async function loadModule(
  folder: string,
  named: string,
): Promise<Record<string, unknown> | string> {
  const file = resolve(folder, named);
  try {
    const jiti = createJiti(file, {
      fsCache: false,
      jsx: true,
      tsconfigPaths: true,
      virtualModules: emptyPackages,
    });
    return await jiti.import(file);
  } catch (error) {
    const reason = error instanceof Error ? error.message : "unknown error";
    return `${named} could not be loaded: ${reason}\n${adviceFor(error)}`;
  }
}

/** The server that a module exports as `ares`, or by default. Without one, prints what to correct. */
export async function loadServer(
  folder: string,
  named: string,
  print: (line: string) => void,
): Promise<Record<string, unknown> | undefined> {
  const module = await loadModule(folder, named);
  if (typeof module === "string") {
    print(module);
    return undefined;
  }
  const ares =
    module.ares ?? (isObject(module.default) ? (module.default.ares ?? module.default) : undefined);
  if (isObject(ares) && typeof ares.doctor === "function") return ares;
  print(`${named} exports no \`ares\`. Export what createAresServer() returned under that name.`);
  return undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

/** What to do about a module that did not load. */
function adviceFor(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "MODULE_NOT_FOUND" || code === "ERR_MODULE_NOT_FOUND")
    return "Run the command in the app's folder, with its packages installed. For what only a framework can load, pass the URL of the running app.";
  return "When only a framework can load the module, pass the URL of the running app.";
}
