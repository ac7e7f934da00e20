import { parseArgs } from "node:util";
import { nameOfBook, reasonOf } from "../charges/desk";
import { loadServer, readVariables, usualModule } from "../doctor/loadModule";

const USAGE =
  "Usage: ares-react setup [module that exports `ares`, made by createAresServer] [--env-file <file>]";

/**
 * `ares-react setup`: creates what the ledger of a module's server lacks, and says which book that is. May run before every
 * start. Returns the exit code: 0 done, 1 the ledger could not be set up, 2 there is no such module.
 */
export async function runSetup(
  args: readonly string[],
  print: (line: string) => void,
  folder = process.cwd(),
): Promise<number> {
  const asked = read(args);
  const named = asked?.module ?? usualModule(folder);
  if (!asked || named === undefined) {
    print(USAGE);
    return 2;
  }
  if (!readVariables(folder, asked.envFile, print)) return 2;
  const ares = await loadServer(folder, named, print);
  if (!ares) return 2;
  if (!canSetUp(ares)) {
    print(
      `${named}: \`ares\` has no setup(). Export what createAresServer() returned under that name.`,
    );
    return 2;
  }
  try {
    await ares.setup();
    print("ARES: the ledger is set up.");
    const book = await nameOfBook(ares);
    if (book !== undefined) print(book);
    return 0;
  } catch (error) {
    print(`ARES: the ledger could not be set up: ${reasonOf(error)}`);
    return 1;
  }
}

/** The module that is named, and the file of its variables; undefined: the words make no sense. */
function read(args: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { "env-file": { type: "string" } },
    });
    const [module, ...others] = positionals;
    return others.length > 0 ? undefined : { module, envFile: values["env-file"] };
  } catch {
    return undefined;
  }
}

function canSetUp(ares: object): ares is { setup(): Promise<void> } {
  return "setup" in ares && typeof ares.setup === "function";
}
