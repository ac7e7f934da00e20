import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { PATIENCE_MS, TEST_PATIENCE_MS } from "./test/setup/patience.ts";
import { WORKERS } from "./test/setup/workers.ts";

const from = (path: string) => fileURLToPath(new URL(path, import.meta.url));

const report = process.env.TEST_REPORT;

/** Tests, examples and README snippets import the package by its public name, and meet the sources. */
export const alias = [
  { find: /^ares-react$/, replacement: from("./src/index.ts") },
  {
    find: /^ares-react\/(clerk|connect|otel|receipt|rsc|server|testing)$/,
    replacement: from("./src/$1.ts"),
  },
  { find: /^ares-react\/messages\/(.*)$/, replacement: from("./src/react/messages/$1.ts") },
  { find: /^ares-react\/styles\.css$/, replacement: from("./src/styles.css") },
];

/**
 * A test's name says which project runs it.
 *
 * | project | tests | needs |
 * |---|---|---|
 * | `node` | every other `*.test.ts` | nothing |
 * | `thorough` | `*.thorough.test.ts`: walks, random runs, every knob, every rule of a ledger, compilers, databases in WebAssembly | `npm run build` |
 * | `dom` | `*.dom.test.ts`, `*.dom.test.tsx` in jsdom; `*.react19.test.tsx` too | nothing |
 * | `react18` | `*.lifecycle.dom.test.tsx` again, with React 18 in the place of 19; `*.react18.test.tsx` too | nothing |
 * | `built` | `*.built.test.ts`: what is published | `npm run build` |
 * | `browser` | `*.browser.test.ts`: playwright-core from Node drives the running demo | Chromium (`scripts/chromium.mjs`) |
 * | `bundled` | `*.bundled.test.ts`: pages that a bundler builds, under the styles of real apps, and under Fast Refresh | Chromium |
 * | `stories` | every story, with axe in four views (`stories/`, `.storybook/`) | Chromium |
 * | `engines` | `*.engine.test.ts`: real Redis and PostgreSQL | their binaries; skipped by name without |
 * | `signIn` | `*.signIn.test.ts`: the sign-ins of docs/sign-in.md with their real libraries | nothing |
 * | `browserEngines` | `*.browserEngine.test.ts`: the demo in Chromium, Firefox and WebKit | their drivers; skipped by name without |
 *
 * `test/types/*.test-d.ts` is checked by the compiler (`npm run types`), together with everything else.
 */
const named = (kind: string) => `test/**/*.${kind}.test.{ts,tsx}`;

/**
 * Small files share workers and what the workers have loaded: starting a worker for each file took two thirds of the time.
 * Each file puts back what it changed (`test/setup/ends.ts`). A long file has a worker of its own, so that it waits for no other.
 */
const sharedWorkers = { isolate: false };

export default defineConfig({
  resolve: { alias },
  test: {
    // CI reads the counts from this file; people read the terminal.
    testTimeout: TEST_PATIENCE_MS,
    hookTimeout: TEST_PATIENCE_MS,
    expect: { poll: { timeout: PATIENCE_MS } },
    maxWorkers: WORKERS,
    reporters: report ? ["default", ["json", { outputFile: report }]] : ["default"],
    projects: [
      {
        extends: true,
        test: {
          name: "node",
          environment: "node",
          setupFiles: ["test/setup/ends.ts"],
          ...sharedWorkers,
          include: ["test/**/*.test.{ts,tsx}"],
          exclude: [
            ...[
              "thorough",
              "dom",
              "react18",
              "react19",
              "built",
              "browser",
              "bundled",
              "engine",
              "browserEngine",
              "signIn",
            ].map(named),
            // Packages that a test installs for itself may bring tests of their own.
            "**/node_modules/**",
          ],
        },
      },
      {
        extends: true,
        test: {
          name: "thorough",
          environment: "node",
          include: [named("thorough")],
        },
      },
      {
        extends: true,
        test: {
          name: "dom",
          environment: "jsdom",
          setupFiles: ["test/setup/ends.ts", "test/setup/dom.ts"],
          globalSetup: ["test/clerk/scripts/install.mjs"],
          ...sharedWorkers,
          include: [named("dom"), named("react19")],
        },
      },
      {
        extends: true,
        resolve: { alias: [{ find: /^(react|react-dom)(?=\/|$)/, replacement: "$1-18" }] },
        test: {
          name: "react18",
          environment: "jsdom",
          setupFiles: ["test/setup/ends.ts", "test/setup/dom.ts"],
          globalSetup: ["test/clerk/scripts/install.mjs"],
          ...sharedWorkers,
          include: [named("lifecycle.dom"), named("react18")],
          // What Vite loads gets React 18 by the alias, so the packages that import React are loaded by it; what is
          // CommonJS gets it from this file. Were one of them left out, two Reacts would meet and its hooks would throw.
          server: { deps: { inline: [/@tanstack\/react-query/, /@clerk\//, /\/swr\//] } },
          execArgv: ["--require", from("./test/react/react18/requireReact18.cjs")],
        },
      },
      {
        extends: true,
        test: {
          name: "built",
          environment: "node",
          include: [named("built")],
        },
      },
      {
        extends: true,
        test: {
          name: "browser",
          environment: "node",
          globalSetup: ["test/clerk/scripts/install.mjs", "test/browser/bundleDemo.ts"],
          include: [named("browser")],
        },
      },
      {
        extends: true,
        test: {
          name: "bundled",
          environment: "node",
          globalSetup: ["test/looks/packages/install.mjs", "test/browser/bundleDemo.ts"],
          include: [named("bundled")],
        },
      },
      ".storybook/vitest.config.ts",
      {
        extends: true,
        test: {
          name: "engines",
          environment: "node",
          include: [named("engine")],
          // Each trial starts an engine and four servers. More of them at once than cores make only each other slow.
          maxWorkers: availableParallelism(),
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: "signIn",
          environment: "node",
          globalSetup: ["test/signIn/packages/install.mjs"],
          include: [named("signIn")],
          // Node finds no file behind the import "next/server" of these packages.
          server: { deps: { inline: [/\/next-auth\//] } },
        },
      },
      {
        extends: true,
        test: {
          name: "browserEngines",
          environment: "node",
          globalSetup: ["test/browser/bundleDemo.ts"],
          include: [named("browserEngine")],
        },
      },
    ],
  },
});
