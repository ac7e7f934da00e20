import { nextApp, nextPages, reactRouter } from "./next";
import { type Files, type Framework, type Manifest, manifestOf, type Project } from "./project";
import type { LedgerChoice, Recipe, RecipeInput } from "./recipe";
import { express, viteHono } from "./servers";
import { envOf, ledgerPackages } from "./sources";

/** One file as it will be. */
export interface Write {
  path: string;
  text: string;
  /**
   * - `new`: there is no such file
   * - `change`: lines are added to a file
   * - `taken`: another file stands there, and would be lost
   */
  kind: "new" | "change" | "taken";
}

export interface Plan {
  /** Nothing here is the same as on the disk. */
  writes: Write[];
  /** What to do by hand. */
  byHand: string[];
  /** Installs what package.json names after the writes; empty where nothing was added. */
  install: string;
  /** How to see it work. */
  next: string;
}

const recipes: Readonly<Record<Framework, (input: RecipeInput) => Recipe>> = {
  "next-app": nextApp,
  "next-pages": nextPages,
  "react-router": reactRouter,
  "vite-hono": viteHono,
  express,
};

/** Says what `init` writes. Reads nothing and writes nothing: `files` is the project as it is. */
export function plan(
  files: Files,
  project: Project,
  { version, ...chosen }: Pick<RecipeInput, "ledger" | "signIn" | "sources"> & { version: string },
): Plan {
  const input = { files, project, ...chosen };
  const { ledger } = input;
  const recipe = recipes[project.framework](input);
  const { dependencies, types } = ledgerPackages[ledger];
  const added = withPackages(files["package.json"] ?? "{}", {
    dependencies: {
      "ares-react": `^${version}`,
      "@tanstack/react-query": "^5.59.0",
      ...(input.signIn === "clerk" ? {} : { oauth4webapi: "^3.8.8" }),
      ...recipe.dependencies,
      ...dependencies,
    },
    devDependencies: { ...recipe.devDependencies, ...(project.typescript ? types : {}) },
    scripts: recipe.scripts ?? {},
  });
  const started = ledger === "memory" ? added : withSetup(added, recipe.module);
  const manifest = started ?? added;
  const changed: [string, string | undefined][] = [
    ["package.json", manifest],
    [".env.example", withEnv(files[".env.example"], envOf(input))],
    [
      ".gitignore",
      withIgnores(
        files[".gitignore"] ?? "",
        [".env.example", ...Object.keys(recipe.files)],
        ledger,
      ),
    ],
    ...Object.entries(recipe.edits).map(([path, edit]): [string, string | undefined] => [
      path,
      edit(files[path] ?? ""),
    ]),
  ];
  const missed = changed.some(([, text]) => text === undefined);
  const writes = [
    ...Object.entries(recipe.files).map(
      ([path, text]): Write => ({ path, text, kind: path in files ? "taken" : "new" }),
    ),
    ...changed.flatMap(([path, text]): Write[] =>
      text === undefined ? [] : [{ path, text, kind: path in files ? "change" : "new" }],
    ),
  ];
  return {
    writes: writes.filter(({ path, text }) => (files[path] ?? "") !== text),
    byHand: [
      ...(missed ? [recipe.byHand] : []),
      ...(started === undefined
        ? [`Before your server starts in production, run: npx ares-react setup ${recipe.module}`]
        : []),
    ],
    install: manifest === files["package.json"] ? "" : `${project.packageManager} install`,
    next: recipe.next,
  };
}

/** Every file that a plan may look at or write. */
export function pathsOf(project: Project, files: Files, sources: Files): string[] {
  const input = { files, project, ledger: "memory", signIn: "ares", sources } as const;
  const recipe = recipes[project.framework](input);
  return [...Object.keys(recipe.files), ...Object.keys(recipe.edits)];
}

type Added = Required<Pick<Manifest, "dependencies" | "devDependencies" | "scripts">>;

/** Adds what package.json lacks, and changes nothing that is there. */
function withPackages(text: string, added: Added): string {
  const manifest = manifestOf({ "package.json": text }) ?? {};
  const known = { ...manifest.dependencies, ...manifest.devDependencies };
  const next: Record<string, unknown> = { ...manifest };
  for (const name of ["scripts", "dependencies", "devDependencies"] as const) {
    const own = manifest[name] ?? {};
    const lacks = Object.entries(added[name]).filter(
      ([key]) => !(key in (name === "scripts" ? own : known)),
    );
    if (lacks.length > 0) next[name] = { ...own, ...Object.fromEntries(lacks) };
  }
  return JSON.stringify(next) === JSON.stringify(manifest) ? text : written(next, text);
}

/** Lets the start script set the ledger up first. `undefined`: there is no start script. */
function withSetup(text: string, module: string): string | undefined {
  const manifest = manifestOf({ "package.json": text }) ?? {};
  const start = manifest.scripts?.start;
  if (start === undefined) return undefined;
  if (start.includes("ares-react setup")) return text;
  return written(
    {
      ...manifest,
      scripts: { ...manifest.scripts, start: `ares-react setup ${module} && ${start}` },
    },
    text,
  );
}

/** A manifest as text, indented as it was. */
function written(manifest: object, previous: string): string {
  const indent = /^[\t ]+/m.exec(previous)?.[0] ?? "  ";
  return `${JSON.stringify(manifest, null, indent)}\n`;
}

function withEnv(text: string | undefined, lines: string): string {
  if (text?.includes("ARES_CLIENT_ID")) return text;
  return text ? `${text.trimEnd()}\n\n${lines}` : lines;
}

/**
 * Keeps the file of SQLite out of git, and the files that `init` writes in. Next's own starter ignores `.env*`, so nobody
 * else would see `.env.example`.
 */
function withIgnores(text: string, written: readonly string[], ledger: LedgerChoice): string {
  const lines = text.split("\n").map((line) => line.trim());
  const ignoresAll = lines.includes(".env*") || lines.includes(".env.*");
  const wanted = [
    ...(ignoresAll
      ? written.filter((path) => path.startsWith(".env")).map((path) => `!${path}`)
      : []),
    ...(ledger === "sqlite" ? ["ares.sqlite*"] : []),
  ];
  const lacks = wanted.filter((line) => !lines.includes(line));
  if (lacks.length === 0) return text;
  return [text.trimEnd(), "", "# ares-react", ...lacks, ""].join("\n").trimStart();
}
