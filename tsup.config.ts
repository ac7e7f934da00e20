import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { defineConfig, type Options } from "tsup";
import { initFiles } from "./scripts/initFiles.mjs";
import { strongSheet } from "./scripts/sheets.mjs";

const src = path.join(import.meta.dirname, "src");

/** A module for each language, so that an app is sent only the one it names. English is part of the main door. */
const languages = readdirSync(path.join(src, "react", "messages")).filter((file) =>
  /^(?!en)[a-z]{2}(-\w+)?\.ts$/.test(file),
);
const messages = Object.fromEntries(
  languages.map((file) => [`messages/${path.basename(file, ".ts")}`, `src/react/messages/${file}`]),
);

const shared = {
  // Every supported Node can `require` ES modules (docs/decisions/024).
  format: ["esm"],
  target: "es2022",
  outDir: "dist",
  platform: "neutral",
  // Doors of the server share their pieces. A client door is one file, with its directive at the first byte.
  splitting: false,
  treeshake: true,
  dts: false,
  clean: false,
  silent: true,
  // A door that needs another imports it by its public name. A copy would be a second React context, and a gate would not
  // find its provider.
  external: [/^ares-react/],
  outExtension: () => ({ js: ".js" }),
} satisfies Options;

/** The directive must be the first byte. A banner would be lost, since tree shaking drops directives. */
const useClient: NonNullable<Options["plugins"]>[number] = {
  name: "use-client",
  buildEnd({ writtenFiles }) {
    for (const { name } of writtenFiles)
      writeFileSync(name, `"use client";\n${readFileSync(name, "utf8")}`);
  },
};

/** Writes the licences of the packages that the command is built with. */
const licences: NonNullable<Options["plugins"]>[number] = {
  name: "licences",
  buildEnd() {
    const packages = [
      "@clack/prompts",
      "@clack/core",
      "fast-string-truncated-width",
      "fast-string-width",
      "fast-wrap-ansi",
      "sisteransi",
    ];
    const texts = packages.map((name) => {
      const folder = path.join(import.meta.dirname, "node_modules", name);
      const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
      if (!file) throw new Error(`${name} has no licence.`);
      return `${name}\n\n${readFileSync(path.join(folder, file), "utf8")}`;
    });
    writeFileSync("dist/cli.licences.txt", texts.join("\n\n"));
  },
};

// Several builds write into one folder, so none of them may empty it.
rmSync("dist", { recursive: true, force: true });
mkdirSync("dist");

const sheet = readFileSync("src/styles.css", "utf8");
writeFileSync("dist/styles.layer.css", sheet);
writeFileSync("dist/styles.css", strongSheet(sheet));
writeFileSync("dist/cli.init.json", JSON.stringify(initFiles(import.meta.dirname)));

export default defineConfig([
  { ...shared, entry: { index: "src/index.ts", clerk: "src/clerk.ts" }, plugins: [useClient] },
  {
    ...shared,
    entry: {
      server: "src/server.ts",
      connect: "src/connect.ts",
      otel: "src/otel.ts",
      receipt: "src/receipt.ts",
      rsc: "src/rsc.ts",
    },
    splitting: true,
    esbuildOptions: (options) => void Object.assign(options, { chunkNames: "server.[hash]" }),
  },
  {
    ...shared,
    entry: messages,
    esbuildOptions: (options) => void Object.assign(options, { charset: "utf8" }),
  },
  // The prompts are part of the command, so that no app installs them. Their licences come along.
  {
    ...shared,
    entry: { cli: "src/cli.ts" },
    platform: "node",
    banner: { js: "#!/usr/bin/env node" },
    plugins: [licences],
  },
  // Three forms of one door share their pieces: what differs is where msw and React's hooks come from.
  {
    ...shared,
    entry: {
      testing: "src/testing.ts",
      "testing.bare": "scripts/testingDoors/bare.ts",
      "testing.node": "scripts/testingDoors/node.ts",
    },
    splitting: true,
    external: [...shared.external, "node:module"],
    esbuildOptions: (options) => void Object.assign(options, { chunkNames: "testing.[hash]" }),
  },
  {
    ...shared,
    entry: {
      index: "src/index.ts",
      clerk: "src/clerk.ts",
      server: "src/server.ts",
      connect: "src/connect.ts",
      otel: "src/otel.ts",
      receipt: "src/receipt.ts",
      rsc: "src/rsc.ts",
      testing: "src/testing.ts",
      ...messages,
    },
    dts: { only: true, compilerOptions: { ignoreDeprecations: "6.0" } },
  },
]);
