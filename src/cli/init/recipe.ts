import type { Files, Project } from "./project";
import type { SignIn } from "./signIn";

export const ledgers = ["memory", "postgres", "sqlite", "redis"] as const;
export type LedgerChoice = (typeof ledgers)[number];

/** What a framework needs, apart from what every framework needs. */
export interface Recipe {
  /** New files, by path. */
  files: Files;
  /** Files that exist, by path, and how to change each. `undefined` says that the place was not found. */
  edits: Readonly<Record<string, (text: string) => string | undefined>>;
  /** The module of the server, which `ares-react setup` loads. */
  module: string;
  /** What to do by hand where the place of an edit is not found. */
  byHand: string;
  dependencies?: Readonly<Record<string, string>>;
  devDependencies?: Readonly<Record<string, string>>;
  scripts?: Readonly<Record<string, string>>;
  /** The commands after the installation, and what to see. */
  next: string;
}

export interface RecipeInput {
  files: Files;
  project: Project;
  ledger: LedgerChoice;
  signIn: SignIn;
  /** The files of `examples/start`, in TypeScript and in JavaScript, by their name there. */
  sources: Files;
}

/** Puts an import below the last one. */
export function withImport(text: string, line: string): string {
  const imports = [...text.matchAll(/^import [^;]*?["'][^"']+["'];?$/gm)];
  const last = imports.at(-1);
  if (!last) return `${line}\n${text}`;
  const end = last.index + last[0].length;
  return `${text.slice(0, end)}\n${line}${text.slice(end)}`;
}

/** Wraps the one place that the pattern finds in the provider. The text stays as it is where the provider is there already. */
export function wrapped(text: string, place: RegExp, from: string): string | undefined {
  if (text.includes("<AresApp>")) return text;
  if (text.match(new RegExp(place, "g"))?.length !== 1) return undefined;
  return withImport(
    text.replace(place, (found) => `<AresApp>${found}</AresApp>`),
    `import { AresApp } from "${from}";`,
  );
}

/** Replaces the place that the pattern finds. `undefined`: there is no such place. */
export function replaced(text: string, place: RegExp, by: string): string | undefined {
  const next = text.replace(place, by);
  return next === text ? undefined : next;
}
