import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

interface Doctor {
  doctor(): Promise<{ ok: boolean; report: string }>;
}

/**
 * `ares-react doctor <module>`: imports the module that exports `ares` and prints its diagnosis. Returns the exit code:
 * 0 no errors, 1 errors, 2 the module could not be checked.
 */
export async function runDoctor(args: readonly string[], print: (line: string) => void): Promise<number> {
  const [command, path] = args;
  if (command !== "doctor" || path === undefined) {
    print("Usage: ares-react init\n       ares-react doctor <JavaScript module that exports `ares`, made by createAresServer>");
    return 2;
  }
  let found: unknown;
  try {
    const module: Record<string, unknown> = await import(pathToFileURL(resolve(path)).href);
    found = module.ares ?? (isObject(module.default) ? (module.default.ares ?? module.default) : undefined);
  } catch (error) {
    print(`${path} could not be loaded: ${error instanceof Error ? error.message : "unknown error"}`);
    return 2;
  }
  if (!isDoctor(found)) {
    print(`${path} exports no \`ares\`. Export what createAresServer() returned under that name.`);
    return 2;
  }
  const { ok, report } = await found.doctor();
  print(report);
  return ok ? 0 : 1;
}

function isDoctor(value: unknown): value is Doctor {
  return isObject(value) && typeof value.doctor === "function";
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
