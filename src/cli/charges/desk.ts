import type { AresServer } from "../../server";
import { loadServer, readEnvFile, usualModule } from "../doctor/loadModule";

export type Desk = Pick<AresServer, "charges" | "reconcile">;
export type ChargeRow = Awaited<ReturnType<Desk["charges"]["list"]>>[number];
export type ErasedUser = Awaited<ReturnType<Desk["charges"]["erase"]>>;
type Book = Awaited<ReturnType<Desk["charges"]["book"]>>;

/** A file that an operator names, so that no file of a developer's machine opens another book. */
export interface DeskPlace {
  folder: string;
  /** A result, for a terminal or a program. */
  print: (line: string) => void;
  /** Words beside the result. */
  tell: (line: string) => void;
  /** Asks a question; undefined: nobody answers. */
  confirm: (question: string) => Promise<boolean | undefined>;
}

/**
 * Opens the book of a module's server. Reads no `.env` file but the named one, and sets no `NODE_ENV`: either could lead to
 * another book than the one that the operator means. Without a book that counts, says why.
 */
export async function openDesk(
  named: string | undefined,
  envFile: string | undefined,
  { folder, tell }: DeskPlace,
): Promise<Desk | undefined> {
  if (envFile !== undefined && !readEnvFile(envFile, tell)) return undefined;
  const file = named ?? usualModule(folder);
  if (file === undefined) {
    tell("Name the module that exports `ares`, made by createAresServer.");
    return undefined;
  }
  const ares = await loadServer(folder, file, tell);
  if (!isDesk(ares)) {
    if (ares) tell(`${file}: \`ares\` has no charges. Export what createAresServer() returned.`);
    return undefined;
  }
  const book = await ares.charges.book().catch((error: unknown) => reasonOf(error));
  if (typeof book === "string") {
    tell(`The book can't be opened: ${book}`);
    return undefined;
  }
  tell(titleOf(book));
  const fault = faultOf(book);
  if (fault !== undefined) tell(fault);
  return fault === undefined ? ares : undefined;
}

/** Names the book of a module's server, where it has one that can be opened. */
export async function nameOfBook(ares: object): Promise<string | undefined> {
  if (!isDesk(ares)) return undefined;
  return ares.charges.book().then(titleOf, () => undefined);
}

function titleOf({ engine, name, host, rows, since }: Book): string {
  const store =
    engine === undefined ? ["a ledger that does not tell its store"] : [engine, host, name];
  const facts = [
    store.filter((each) => each !== undefined).join(", "),
    ...(rows === undefined ? [] : [`about ${rows} rows`]),
    `remembers since ${new Date(since).toISOString()}`,
  ];
  return `Book: ${facts.join("; ")}`;
}

function faultOf({ engine, pretend }: Book): string | undefined {
  if (pretend) return "This book is pretend: no real credits stand in it. Nothing was done.";
  if (engine === "memory")
    return "This book is in the memory of this command, and holds none of the app's charges. Nothing was done.";
  return undefined;
}

function isDesk(value: object | undefined): value is Desk {
  if (!value || !("charges" in value)) return false;
  const { charges } = value;
  return typeof charges === "object" && charges !== null && "book" in charges;
}

/** The database's own words, for the operator who runs the command. */
export function reasonOf(error: unknown): string {
  const reason = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return reason instanceof Error ? reason.message || reason.name : String(reason);
}
