import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";
import { cachedHost } from "./cachedHost";
import { root } from "./sourceFiles";

/** A fenced block of a page: its code, and the file that its first line names (`// app/page.tsx`). */
export interface Snippet {
  file: string;
  code: string;
}

/** Finds the TypeScript blocks of a page. A block without a file name gets its own file. */
export function snippetsOf(markdown: string, page = "page"): Snippet[] {
  return [...markdown.matchAll(/^```(tsx?)[^\n]*\n([\s\S]*?)^```/gm)].map(
    ([, language, code = ""], index) => ({
      file: /^\/\/ ([\w./()[\]-]+\.tsx?)\b/.exec(code)?.[1] ?? `${page}-${index + 1}.${language}`,
      code,
    }),
  );
}

/** Packages that a reader has and this repository lacks. Clerk's package for Next.js re-exports the package for React. */
const ambient = `
  declare module "@clerk/nextjs" { export * from "@clerk/react"; }
  declare module "@playwright/test" { export * from "playwright/test"; }
  declare module "*.css" {}
  declare module "@mui/material" {
    import type { ComponentProps, ReactElement, ReactNode } from "react";
    export function Button(props: Omit<ComponentProps<"button">, "color"> & { variant?: "contained" }): ReactElement;
    export function CssBaseline(): ReactElement;
    export function StyledEngineProvider(props: { injectFirst?: boolean; children?: ReactNode }): ReactElement;
  }
  declare module "next" { export type Metadata = object; }
  declare module "next/navigation" { export function useRouter(): { refresh(): void }; export function redirect(path: string): never; }
  declare module "next/headers" { export function headers(): Promise<Headers>; }
`;

/**
 * Compiles snippets as the files of one app, against the sources behind the public doors. Returns the compiler's
 * complaints. `@/` is the app's own root, as in Next.js. The app has the packages of `modules`, and after
 * them those of the repository.
 */
export function compileTogether(
  snippets: Snippet[],
  modules = path.join(root, "node_modules"),
): string[] {
  const cache = path.join(modules, ".cache");
  mkdirSync(cache, { recursive: true });
  const app = mkdtempSync(path.join(cache, "snippets-"));
  try {
    for (const { file, code } of snippets) write(path.join(app, file), code);
    write(path.join(app, "ambient.d.ts"), ambient);
    symlinkSync(modules, path.join(app, "node_modules"), "junction");
    return compile(app, [...snippets.map(({ file }) => file), "ambient.d.ts"]);
  } finally {
    rmSync(app, { recursive: true, force: true });
  }
}

function write(file: string, text: string): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
}

function compile(app: string, files: string[]): string[] {
  const roots = files.map((file) => path.join(app, file));
  const door = (name: string) => [path.join(root, "src", `${name}.ts`)];
  const options: ts.CompilerOptions = {
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    moduleDetection: ts.ModuleDetectionKind.Force,
    target: ts.ScriptTarget.ES2023,
    lib: ["lib.es2023.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
    jsx: ts.JsxEmit.ReactJSX,
    types: ["node", "vite/client"],
    typeRoots: [path.join(root, "node_modules", "@types")],
    strict: true,
    noEmit: true,
    allowImportingTsExtensions: true,
    skipLibCheck: true,
    paths: {
      "@/*": [path.join(app, "*")],
      "ares-react": door("index"),
      "ares-react/clerk": door("clerk"),
      "ares-react/connect": door("connect"),
      "ares-react/otel": door("otel"),
      "ares-react/receipt": door("receipt"),
      "ares-react/rsc": door("rsc"),
      "ares-react/server": door("server"),
      "ares-react/testing": door("testing"),
      "ares-react/messages/*": [path.join(root, "src", "react", "messages", "*.ts")],
    },
  };
  const program = ts.createProgram(roots, options, cachedHost(options));
  return roots
    .flatMap((file) => program.getSourceFile(file) ?? [])
    .flatMap((source) => [
      ...program.getSyntacticDiagnostics(source),
      ...program.getSemanticDiagnostics(source),
    ])
    .map(({ file, start, messageText }) => {
      const line =
        file === undefined || start === undefined
          ? 0
          : file.getLineAndCharacterOfPosition(start).line + 1;
      return `${path.relative(app, file?.fileName ?? app)}:${line} ${ts.flattenDiagnosticMessageText(messageText, "\n")}`;
    });
}
