import { initFiles } from "../../../scripts/initFiles.mjs";
import { plan } from "../../../src/cli/init/plan";
import { detect, type Files, type Framework, type Project } from "../../../src/cli/init/project";
import type { LedgerChoice } from "../../../src/cli/init/recipe";
import type { SignIn } from "../../../src/cli/init/signIn";

export const manifest = (dependencies: Record<string, string>, more: object = {}) =>
  JSON.stringify({ name: "app", dependencies, ...more }, null, 2);
const root = `export default function App() {\n  return <Outlet />;\n}\n`;

/** The files of each framework's own starter, as far as the command looks at them. */
export const starters: Record<Framework, Files> = {
  "next-app": {
    "package.json": manifest({ next: "16.4.3", react: "19.3.0" }),
    "tsconfig.json": "{}",
    "app/layout.tsx": `import type { Metadata } from "next";\nimport "./globals.css";\n\nexport default function RootLayout({ children }: LayoutProps<"/">) {\n  return <html lang="en"><body className="flex">{children}</body></html>;\n}\n`,
  },
  "next-pages": {
    "package.json": manifest({ next: "16.4.3" }),
    "tsconfig.json": "{}",
    "src/pages/_app.tsx": `import "@/styles/globals.css";\nimport type { AppProps } from "next/app";\n\nexport default function App({ Component, pageProps }: AppProps) {\n  return <Component {...pageProps} />;\n}\n`,
  },
  "react-router": {
    "package.json": manifest(
      { "react-router": "7.16.0" },
      { type: "module", devDependencies: { "@react-router/dev": "7.16.0", vite: "^8" } },
    ),
    "tsconfig.json": "{}",
    "app/root.tsx": `import {\n  Links,\n  Outlet,\n} from "react-router";\n\n${root}`,
    "app/routes.ts": `import { type RouteConfig, index } from "@react-router/dev/routes";\n\nexport default [index("routes/home.tsx")] satisfies RouteConfig;\n`,
  },
  "vite-hono": {
    "package.json": manifest({ react: "^19" }, { type: "module", devDependencies: { vite: "^8" } }),
    "tsconfig.json": "{}",
    "src/main.tsx": `import { createRoot } from 'react-dom/client'\nimport App from './App.tsx'\n\ncreateRoot(document.body).render(<App />)\n`,
    "vite.config.ts": `import { defineConfig } from 'vite'\n\nexport default defineConfig({\n  plugins: [],\n})\n`,
  },
  express: {
    "package.json": manifest({ express: "~4.16.1" }, { scripts: { start: "node ./bin/www" } }),
    "app.js": `var express = require('express');\n\nvar app = express();\n\napp.use(express.json());\n\nmodule.exports = app;\n`,
  },
};
export const sources = initFiles(".");
export const names = ["next-app", "next-pages", "react-router", "vite-hono", "express"] as const;

export function detected(files: Files): Project {
  const project = detect(files);
  if (typeof project === "string") throw new Error(project);
  return project;
}

export function planned(files: Files, ledger: LedgerChoice = "memory", signIn: SignIn = "ares") {
  const project = detected(files);
  const made = plan(files, project, { ledger, signIn, version: "1.2.3", sources });
  return {
    ...made,
    after: { ...files, ...Object.fromEntries(made.writes.map(({ path, text }) => [path, text])) },
  };
}
