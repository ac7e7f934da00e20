import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const from = (path: string) => fileURLToPath(new URL(path, import.meta.url));

const report = process.env.TEST_REPORT;

/** Tests, examples and README snippets import the package by its public name, and meet the sources. */
export const alias = [
  { find: /^ares-react$/, replacement: from("./src/index.ts") },
  { find: /^ares-react\/(clerk|receipt|server|testing)$/, replacement: from("./src/$1.ts") },
  ...Object.entries({ ar: "arabic", de: "german", es: "spanish", fr: "french", ja: "japanese" }).map(([tag, name]) => ({
    find: `ares-react/messages/${tag}`,
    replacement: from(`./src/react/${name}Messages.ts`),
  })),
  { find: /^ares-react\/styles\.css$/, replacement: from("./src/styles.css") },
];

const inDom = ["react", "client", "flows", "clerk", "react19"].map((room) => `test/${room}/**/*.test.{ts,tsx}`);
const onReact18 = ["react", "flows", "clerk", "react18"].map((room) => `test/${room}/**/*.test.tsx`);
const onEngines = ["test/**/*.engine.test.ts"];
const onDist = ["test/built/**/*.test.ts"];
const inChromium = ["test/browser/**/*.test.ts"];

/**
 * | project | where | needs |
 * |---|---|---|
 * | `node` | every other `test/**\/*.test.ts` | nothing |
 * | `dom` | `test/{react,client,flows,clerk,react19}` in jsdom | nothing |
 * | `react18` | every test of those that renders, with React 18 in the place of 19 | nothing |
 * | `built` | `test/built`: what is published | `npm run build` |
 * | `browser` | `test/browser`: playwright-core from Node drives the running demo | Chromium (`scripts/chromium.mjs`) |
 * | `stories` | every story, with axe in four views (`stories/`, `.storybook/`) | Chromium |
 * | `engines` | `test/**\/*.engine.test.ts`: real Redis and PostgreSQL | their binaries; skipped by name without |
 *
 * `test/types/*.test-d.ts` is checked by the compiler (`npm run types`), together with everything else.
 */
export default defineConfig({
  resolve: { alias },
  test: {
    // CI reads the counts from this file; people read the terminal.
    reporters: report ? ["default", ["json", { outputFile: report }]] : ["default"],
    projects: [
      {
        extends: true,
        test: {
          name: "node",
          environment: "node",
          include: ["test/**/*.test.{ts,tsx}"],
          exclude: [...inDom, ...onReact18, ...onEngines, ...onDist, ...inChromium],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: "dom",
          environment: "jsdom",
          setupFiles: ["test/setup/dom.ts"],
          include: inDom,
          exclude: onEngines,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        resolve: { alias: [{ find: /^(react|react-dom)(?=\/|$)/, replacement: "$1-18" }] },
        test: {
          name: "react18",
          environment: "jsdom",
          setupFiles: ["test/setup/dom.ts"],
          include: onReact18,
          // What Vite loads gets React 18 by the alias, so the packages that import React are loaded by it; what is
          // CommonJS gets it from this file. Were one of them left out, two Reacts would meet and its hooks would throw.
          server: { deps: { inline: [/@tanstack\/react-query/, /@clerk\//, /\/swr\//] } },
          execArgv: ["--require", from("./test/react18/requireReact18.cjs")],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: "built",
          environment: "node",
          include: onDist,
          sequence: { groupOrder: 1 },
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: "browser",
          environment: "node",
          include: inChromium,
          // One Chromium and one demo at a time, and after everything else: two cores are all there is.
          fileParallelism: false,
          sequence: { groupOrder: 2 },
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      ".storybook/vitest.config.ts",
      {
        extends: true,
        test: {
          name: "engines",
          environment: "node",
          include: onEngines,
          fileParallelism: false,
          sequence: { groupOrder: 3 },
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
