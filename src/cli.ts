import { CHARGES_USAGE, runCharges } from "./cli/charges/runCharges";
import { runDoctor, USAGE } from "./cli/doctor/runDoctor";
import { readSources, runInit } from "./cli/init/runInit";
import { runSecret } from "./cli/secret";
import { runSetup } from "./cli/setup/runSetup";
import { plain, terminal } from "./cli/talk";
import { versionIn } from "./cli/version";

const words = process.argv.slice(2);
const [command, ...rest] = words;
const { log } = console;
const print = (line: string) => log(line);
const silent = !process.stdin.isTTY || !process.stdout.isTTY;

const talk = silent ? plain(print) : terminal;
const desk = {
  folder: process.cwd(),
  print,
  tell: (line: string) => console.error(line),
  confirm: talk.confirm,
};

const version = versionIn(new URL("../package.json", import.meta.url));

async function run(): Promise<number> {
  if (words.includes("--help") || words.includes("-h")) return help();
  switch (command) {
    case "help":
      return help();
    case "--version":
    case "-v":
      print(version);
      return 0;
    case "init":
      return runInit(rest, {
        folder: process.cwd(),
        version,
        sources: readSources(new URL("./cli.init.json", import.meta.url)),
        silent,
        talk,
      });
    case "secret":
      return runSecret(print);
    case "setup":
      return runSetup(rest, print);
    case "prove":
      return prove();
    case "prove-part":
      return (await import("./cli/prove/runPart")).runPart();
    case "charges":
      return runCharges(rest, quiet(desk));
    case "reconcile":
      return runCharges(words, quiet(desk));
    default:
      return runDoctor(words, print);
  }
}

/** Loaded only where it is asked for. Ctrl-C ends the run, and still removes what it made. */
async function prove(): Promise<number> {
  const { runProve } = await import("./cli/prove/runProve");
  const stopping = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => stopping.abort());
  const part = { file: new URL(import.meta.url), args: ["prove-part"] };
  return runProve(rest, { ...quiet(desk), part, signal: stopping.signal });
}

/** What the app's module prints goes beside the result, which a program may read. */
function quiet(place: typeof desk): typeof desk {
  console.log = console.error;
  console.info = console.error;
  console.debug = console.error;
  return place;
}

async function help(): Promise<0> {
  print(await usageOf(command));
  return 0;
}

async function usageOf(verb: string | undefined): Promise<string> {
  switch (verb) {
    case "charges":
    case "reconcile":
      return CHARGES_USAGE;
    case "prove":
      return (await import("./cli/prove/runProve")).PROVE_USAGE;
    default:
      return USAGE;
  }
}

const code = await run();
// The app's module may have opened connections, which would keep this process alive for ever.
process.stdout.write("", () => process.exit(code));
