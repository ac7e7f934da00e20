/** The files of a project by their path, as far as `init` looks at them. */
export type Files = Readonly<Record<string, string>>;

export const frameworks = [
  "next-app",
  "next-pages",
  "react-router",
  "vite-hono",
  "express",
] as const;
export type Framework = (typeof frameworks)[number];

/** What a project is made of. */
export interface Project {
  framework: Framework;
  packageManager: "npm" | "pnpm" | "yarn" | "bun";
  typescript: boolean;
  /** True where a `.js` file is an ES module. */
  modules: boolean;
  /** The folder of the sources, with its slash: `src/`, or nothing. */
  src: string;
}

/** The files that tell what a project is, or that a recipe changes. */
export const watched = [
  "package.json",
  "tsconfig.json",
  "tsconfig.node.json",
  ".gitignore",
  "package-lock.json",
  "pnpm-lock.yaml",
  "yarn.lock",
  "bun.lock",
  "bun.lockb",
  ".env.example",
  ".env.development",
  ...["app", "src/app"].flatMap((folder) =>
    ["layout.tsx", "layout.jsx", "layout.js"].map((file) => `${folder}/${file}`),
  ),
  ...["pages", "src/pages"].flatMap((folder) =>
    ["_app.tsx", "_app.jsx", "_app.js", "index.tsx", "index.jsx", "index.js"].map(
      (file) => `${folder}/${file}`,
    ),
  ),
  ...["app/root.tsx", "app/root.jsx", "app/routes.ts", "app/routes.js"],
  ...["vite.config.ts", "vite.config.js", "vite.config.mts", "src/main.tsx", "src/main.jsx"],
  ...["", "src/"].flatMap((folder) =>
    ["app", "server", "index"].flatMap((file) =>
      ["ts", "js", "mjs"].map((end) => `${folder}${file}.${end}`),
    ),
  ),
];

/** Names what the files make. A text instead of a project says what is missing. */
export function detect(files: Files, asked?: Framework): Project | string {
  const manifest = manifestOf(files);
  if (!manifest)
    return "There is no package.json here that can be read. Run this command in the folder of your app.";
  const framework = asked ?? frameworkOf(files, manifest);
  if (!framework)
    return `Neither Next.js, React Router, Vite nor Express is in package.json. Name one: --framework ${frameworks.join(" | ")}`;
  return {
    framework,
    packageManager: packageManagerOf(files, manifest),
    typescript: "tsconfig.json" in files,
    modules: manifest.type === "module",
    src: srcOf(files, framework),
  };
}

/** The members of a package.json that matter here. */
export interface Manifest {
  type?: unknown;
  packageManager?: unknown;
  scripts?: Readonly<Record<string, string>>;
  dependencies?: Readonly<Record<string, string>>;
  devDependencies?: Readonly<Record<string, string>>;
}

export function manifestOf(files: Files): Manifest | undefined {
  try {
    const manifest: Manifest | null = JSON.parse(files["package.json"] ?? "");
    return typeof manifest === "object" && manifest !== null ? manifest : undefined;
  } catch {
    return undefined;
  }
}

/** True for a package that the project names itself. */
export function depends(manifest: Manifest, name: string): boolean {
  return name in { ...manifest.dependencies, ...manifest.devDependencies };
}

function frameworkOf(files: Files, manifest: Manifest): Framework | undefined {
  if (depends(manifest, "next"))
    return has(files, /^(src\/)?app\/layout\./) ? "next-app" : "next-pages";
  if (depends(manifest, "@react-router/dev")) return "react-router";
  if (depends(manifest, "express")) return "express";
  if (depends(manifest, "vite")) return "vite-hono";
  return undefined;
}

function packageManagerOf(files: Files, { packageManager }: Manifest): Project["packageManager"] {
  const named = /^(npm|pnpm|yarn|bun)@/.exec(String(packageManager))?.[1];
  if (named === "pnpm" || "pnpm-lock.yaml" in files) return "pnpm";
  if (named === "yarn" || "yarn.lock" in files) return "yarn";
  if (named === "bun" || "bun.lock" in files || "bun.lockb" in files) return "bun";
  return "npm";
}

function srcOf(files: Files, framework: Framework): string {
  if (framework === "react-router") return "app/";
  if (framework === "vite-hono") return "src/";
  if (framework === "express") return entryOf(files)?.startsWith("src/") ? "src/" : "";
  return has(files, /^src\/(app|pages)\//) ? "src/" : "";
}

/** The file that makes the Express app. */
export function entryOf(files: Files): string | undefined {
  return Object.keys(files).find(
    (path) =>
      /^(src\/)?(app|server|index)\.(ts|m?js)$/.test(path) &&
      /= express\(\)/.test(files[path] ?? ""),
  );
}

const has = (files: Files, pattern: RegExp) =>
  Object.keys(files).some((path) => pattern.test(path));
