import { readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { defineConfig, type Options } from "tsup";

type Plugin = NonNullable<Options["esbuildPlugins"]>[number];

const src = path.join(import.meta.dirname, "src");

/** The rooms that a door publishes; whoever needs them from another door imports that door. */
const doorOf = new Map([
  [path.join(src, "client"), "ares-react"],
  [path.join(src, "react"), "ares-react"],
  [path.join(src, "clerk"), "ares-react/clerk"],
  [path.join(src, "server"), "ares-react/server"],
]);

/**
 * Makes `../react` and its like an import of the public door instead of a second copy: a React context that
 * exists twice is two contexts, and a gate would not find its provider.
 */
function throughTheDoor(own: readonly string[]): Plugin {
  return {
    name: "through-the-door",
    setup(build) {
      build.onResolve({ filter: /^\.\.?\// }, ({ path: specifier, resolveDir, kind }) => {
        if (kind === "entry-point") return undefined;
        const target = path.resolve(resolveDir, specifier).replace(/\/index$/, "");
        const door = doorOf.get(target);
        return door === undefined || own.includes(door) ? undefined : { path: door, external: true };
      });
    },
  };
}

/** Says each import of another package once: a bundle of several files says it once for each of them, and so does every app's. */
const oneImportEach: NonNullable<Options["plugins"]>[number] = {
  name: "one-import-each",
  renderChunk(code) {
    if (this.format !== "esm") return undefined;
    const names = new Map<string, string[]>();
    const rest = code.replaceAll(/^import \{([^}]*)\} from "([^"]+)";\n/gm, (_, list: string, from: string) => {
      names.set(from, [...(names.get(from) ?? []), list.trim()]);
      return "";
    });
    const imports = [...names].map(([from, lists]) => `import { ${lists.join(", ")} } from "${from}";\n`).join("");
    return { code: rest.replace(/^("use client";\n)?/, `$1${imports}`) };
  },
};

/** A module for each language, so that an app is sent only the one it names. English is part of the main door. */
const languages = readdirSync(path.join(src, "react", "messages")).filter((file) => /^(?!en)[a-z]{2}(-\w+)?\.ts$/.test(file));
const messages = Object.fromEntries(languages.map((file) => [`messages/${path.basename(file, ".ts")}`, `src/react/messages/${file}`]));

const shared = {
  format: ["esm", "cjs"],
  target: "es2022",
  outDir: "dist",
  platform: "neutral",
  // With splitting, CommonJS output starts with other statements and "use client" is no longer a directive.
  splitting: false,
  treeshake: false,
  dts: false,
  clean: false,
  silent: true,
  outExtension: ({ format }) => ({ js: format === "cjs" ? ".cjs" : ".js" }),
} satisfies Options;

const client = { ...shared, plugins: [oneImportEach], banner: { js: '"use client";' } } satisfies Options;

// Several builds write into one folder, so none of them may empty it.
rmSync("dist", { recursive: true, force: true });

export default defineConfig([
  { ...client, entry: { index: "src/index.ts" } },
  { ...client, entry: { clerk: "src/clerk.ts" }, esbuildPlugins: [throughTheDoor(["ares-react/clerk"])] },
  { ...shared, entry: { server: "src/server.ts", receipt: "src/receipt.ts" }, treeshake: true },
  { ...shared, entry: messages, esbuildOptions: (options) => void Object.assign(options, { charset: "utf8" }) },
  { ...shared, entry: { cli: "src/cli.ts" }, format: ["esm"], platform: "node", banner: { js: "#!/usr/bin/env node" } },
  { ...shared, entry: { testing: "src/testing.ts" }, esbuildPlugins: [throughTheDoor([])] },
  {
    ...shared,
    entry: {
      index: "src/index.ts",
      clerk: "src/clerk.ts",
      server: "src/server.ts",
      receipt: "src/receipt.ts",
      testing: "src/testing.ts",
      ...messages,
    },
    dts: { only: true, compilerOptions: { ignoreDeprecations: "6.0" } },
  },
]);
