import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import path from "node:path";
import react from "@vitejs/plugin-react";
import { build } from "vite";
import { strongStyles } from "../../scripts/sheets.mjs";
import { alias } from "../../vitest.config";

const root = path.resolve(import.meta.dirname, "..", "..");

const main = `
import { createRoot } from "react-dom/client";
import { App } from "./App";

createRoot(document.getElementById("root")).render(<App />);
`;

export interface ColourBuild {
  cssMinify: "lightningcss" | "esbuild" | false;
  cssTarget?: "esnext";
}

/** Builds the page of `scripts/colours` as a Vite app. Resolves to a folder, whose `dist` is the production page. */
export async function buildColourPage(settings: ColourBuild): Promise<string> {
  mkdirSync(path.join(root, ".cache"), { recursive: true });
  const app = mkdtempSync(path.join(root, ".cache", "colours-"));
  for (const file of ["App.tsx", "schemes.css"])
    cpSync(path.join(root, "scripts", "colours", file), path.join(app, file));
  writeFileSync(path.join(app, "main.tsx"), main);
  writeFileSync(
    path.join(app, "index.html"),
    `<!doctype html><div id="root"></div><script type="module" src="/main.tsx"></script>`,
  );
  await build({
    root: app,
    configFile: false,
    logLevel: "error",
    resolve: { alias },
    plugins: [react(), strongStyles()],
    build: settings,
  });
  return app;
}
