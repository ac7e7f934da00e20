import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** The part of the app's own TypeScript that is used. */
interface Compiler {
  sys: unknown;
  findConfigFile(folder: string, exists: (path: string) => boolean): string | undefined;
  readConfigFile(path: string, read: (path: string) => string): { config?: unknown };
  parseJsonConfigFileContent(config: unknown, host: unknown, folder: string): { options: object };
  resolveModuleName(
    name: string,
    from: string,
    options: object,
    host: unknown,
  ): { resolvedModule?: Resolved };
  transpileModule(
    source: string,
    options: { fileName: string; compilerOptions: object },
  ): { outputText: string };
}

interface Resolved {
  resolvedFileName: string;
  isExternalLibraryImport?: boolean;
}

interface Loaded {
  format: string;
  source?: unknown;
  shortCircuit?: boolean;
}

type Next<C, R> = (name: string, context?: C) => R | Promise<R>;

let compiler: { ts: Compiler; options: object } | undefined;

/**
 * Takes the compiler that the app has installed, and the app's own paths. A fresh app has neither tsx nor jiti, and one of
 * them in this package would weigh more than the package.
 */
export function initialize({ typescript, folder }: { typescript: string; folder: string }): void {
  const ts: unknown = createRequire(typescript)(typescript);
  if (!isCompiler(ts)) return;
  const file = ts.findConfigFile(folder, existsSync);
  const config =
    file === undefined ? {} : ts.readConfigFile(file, (path) => readFileSync(path, "utf8")).config;
  const { options } = ts.parseJsonConfigFileContent(
    config,
    ts.sys,
    file === undefined ? folder : dirname(file),
  );
  // Bundler, ESNext, ES2022, ReactJSX: the numbers are the same in every version since 5.0.
  compiler = {
    ts,
    options: { ...options, moduleResolution: 100, module: 99, target: 9, jsx: 4, sourceMap: false },
  };
}

/** Finds the app's own files as its bundler does: without endings, and by the paths of tsconfig.json. */
export async function resolve<C extends { parentURL?: string }>(
  name: string,
  context: C,
  next: Next<C, { url: string; shortCircuit?: boolean }>,
): Promise<{ url: string; shortCircuit?: boolean }> {
  // These packages only stop other builds.
  if (name === "server-only" || name === "client-only")
    return { url: "data:text/javascript,", shortCircuit: true };
  const { parentURL = "" } = context;
  if (compiler && parentURL.startsWith("file:") && !parentURL.includes("/node_modules/")) {
    const { ts, options } = compiler;
    const { resolvedModule } = ts.resolveModuleName(
      name,
      fileURLToPath(parentURL),
      options,
      ts.sys,
    );
    const path = resolvedModule?.isExternalLibraryImport
      ? undefined
      : resolvedModule?.resolvedFileName;
    if (path !== undefined && !/\.d\.[cm]?ts$/.test(path))
      return { url: pathToFileURL(path).href, shortCircuit: true };
  }
  try {
    return await next(name, context);
  } catch (error) {
    // Packages for bundlers leave out the ending in names such as next/headers.
    if (/^[\w@.][^:]*\/[^.]+$/.test(name)) return next(`${name}.js`, context);
    throw error;
  }
}

/** Turns TypeScript into JavaScript. Types are not checked. */
export async function load<C>(url: string, context: C, next: Next<C, Loaded>): Promise<Loaded> {
  if (!compiler || !/^file:.*(?<!\.d)\.[cm]?tsx?$/.test(url)) return next(url, context);
  const fileName = fileURLToPath(url);
  const { outputText } = compiler.ts.transpileModule(readFileSync(fileName, "utf8"), {
    fileName,
    compilerOptions: compiler.options,
  });
  return { format: "module", source: outputText, shortCircuit: true };
}

function isCompiler(value: unknown): value is Compiler {
  return (
    typeof value === "object" &&
    value !== null &&
    "transpileModule" in value &&
    "resolveModuleName" in value
  );
}
