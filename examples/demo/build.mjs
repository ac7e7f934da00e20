/**
 * Bundles the demo: the page for the browser, and the two services for Node. So `npm start` needs no build step before,
 * and a restarted service is up at once.
 */
import path from "node:path";
import react from "@vitejs/plugin-react";
import { build } from "vite";
import { strongStyles } from "../../scripts/sheets.mjs";
import { partsIn } from "./parts.mjs";

const root = import.meta.dirname;
const repository = path.resolve(root, "..", "..");
const src = path.join(repository, "src");

/** The demo imports the package by its public name, as any app does. Here the name leads to the sources. */
const alias = [
  { find: /^ares-react$/, replacement: path.join(src, "index.ts") },
  { find: /^ares-react\/(clerk|server|testing)$/, replacement: path.join(src, "$1.ts") },
  { find: /^ares-react\/styles\.css$/, replacement: path.join(src, "styles.css") },
];

const shared = {
  root,
  configFile: false,
  logLevel: "warn",
  // React's development build: StrictMode mounts everything twice, and a charge must survive that.
  mode: "development",
  envDir: repository,
  resolve: { alias },
};

/**
 * @param {string} outDir
 * @returns {Promise<{ client: string, app: string, simulator: string }>} where the three parts are
 */
export async function buildDemo(outDir) {
  process.env.NODE_ENV ??= "development";
  const parts = partsIn(outDir);

  await Promise.all([
    build({
      ...shared,
      plugins: [react(), strongStyles()],
      build: {
        outDir: parts.client,
        emptyOutDir: true,
        minify: false,
        rollupOptions: { input: [path.join(root, "index.html"), path.join(root, "harness.html")] },
        chunkSizeWarningLimit: 10_000,
      },
    }),
    build({
      ...shared,
      ssr: { noExternal: [/^ares-react/] },
      build: {
        outDir: path.dirname(parts.app),
        emptyOutDir: true,
        ssr: true,
        minify: false,
        target: "node20",
        copyPublicDir: false,
        rollupOptions: {
          input: {
            app: path.join(root, "server/app.ts"),
            simulator: path.join(root, "server/simulator.ts"),
          },
        },
      },
    }),
  ]);
  return parts;
}
