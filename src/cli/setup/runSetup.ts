import { loadServer, readEnvironment, usualModule } from "../doctor/loadModule";

const USAGE = "Usage: ares-react setup [module that exports `ares`, made by createAresServer]";

/**
 * `ares-react setup`: creates what the ledger of a module's server lacks. May run before every start. Returns the exit code:
 * 0 done, 1 the ledger could not be set up, 2 there is no such module.
 */
export async function runSetup(
  args: readonly string[],
  print: (line: string) => void,
  folder = process.cwd(),
): Promise<number> {
  const [named = usualModule(folder), ...others] = args;
  if (named === undefined || named.startsWith("-") || others.length > 0) {
    print(USAGE);
    return 2;
  }
  readEnvironment(folder);
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
    return 0;
  } catch (error) {
    print(`ARES: the ledger could not be set up: ${reasonOf(error)}`);
    return 1;
  }
}

function canSetUp(ares: object): ares is { setup(): Promise<void> } {
  return "setup" in ares && typeof ares.setup === "function";
}

/** The database's own words, for the operator who runs the command. */
function reasonOf(error: unknown): string {
  const reason = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return reason instanceof Error ? reason.message || reason.name : String(reason);
}
