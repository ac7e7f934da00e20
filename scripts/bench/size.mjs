/** What a kit weighs in the browser, and what it costs the type checker. */
import { symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { brotliCompressSync } from "node:zlib";
import { build } from "esbuild";
import { run } from "../nextSmoke/processes.mjs";
import { headlessKit, installed, kit, rivals, root } from "./rivals.mjs";

/** The figures of one kit. @typedef {{ name: string, all: number, own: number, instantiations: number, files: number }} Weight */

export async function measure() {
  /** @type {Weight[]} */
  const weights = [];
  const missing = [];
  for (const rival of [headlessKit, kit, ...rivals]) {
    const place = await installed(rival);
    if (!place) {
      missing.push(rival.name);
      continue;
    }
    if (rival === kit || rival === headlessKit)
      symlinkSync(root, path.join(place.folder, "node_modules/ares-react"));
    weights.push({ name: rival.name, ...(await weigh(place.folder)) });
    place.remove();
  }
  return { weights, missing };
}

/** @param {string} folder */
async function weigh(folder) {
  const all = await bundled(folder, ["react", "react-dom"]);
  const own = await bundled(folder, ["react", "react-dom", "@tanstack/react-query"]);
  return { all, own, ...(await types(folder)) };
}

/** Bytes after brotli. @param {string} folder @param {string[]} external */
async function bundled(folder, external) {
  const { outputFiles } = await build({
    absWorkingDir: folder,
    entryPoints: ["page.tsx"],
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    target: "es2022",
    jsx: "automatic",
    tsconfigRaw: {},
    external: external.flatMap((name) => [name, `${name}/*`]),
    define: { "process.env.NODE_ENV": '"production"' },
    // What reaches for Node in a rival's unused half is not part of a page.
    platform: "browser",
    preserveSymlinks: true,
    nodePaths: [path.join(folder, "node_modules")],
    logLevel: "silent",
  });
  return brotliCompressSync(outputFiles[0]?.contents ?? new Uint8Array()).length;
}

const compilerOptions = {
  noEmit: true,
  strict: true,
  skipLibCheck: true,
  jsx: "react-jsx",
  types: [],
  target: "es2023",
  module: "esnext",
  moduleResolution: "bundler",
  preserveSymlinks: true,
};

/** @param {string} folder */
async function types(folder) {
  writeFileSync(
    path.join(folder, "tsconfig.json"),
    JSON.stringify({ compilerOptions, files: ["page.tsx"] }),
  );
  const tsc = path.join(root, "node_modules/typescript/bin/tsc");
  const { code, output } = await run(
    process.execPath,
    [tsc, "-p", folder, "--extendedDiagnostics"],
    {
      cwd: folder,
      ms: 120_000,
      anyCode: true,
    },
  );
  const figure = (/** @type {string} */ name) =>
    Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(output)?.[1]);
  if (code !== 0)
    console.error(
      output
        .split("\n")
        .filter((line) => /error TS/.test(line))
        .join("\n"),
    );
  return { instantiations: figure("Instantiations"), files: figure("Files") };
}
