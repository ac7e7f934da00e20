import { runDoctor, USAGE } from "./cli/doctor/runDoctor";
import { readSources, runInit } from "./cli/init/runInit";
import { runSecret } from "./cli/secret";
import { runSetup } from "./cli/setup/runSetup";
import { plain, terminal } from "./cli/talk";
import { versionIn } from "./cli/version";

const words = process.argv.slice(2);
const [command, ...rest] = words;
const print = (line: string) => console.log(line);
const silent = !process.stdin.isTTY || !process.stdout.isTTY;

const version = versionIn(new URL("../package.json", import.meta.url));

async function run(): Promise<number> {
  const needsHelp = command === "help" || words.includes("--help") || words.includes("-h");
  if (needsHelp) {
    print(USAGE);
    return 0;
  }
  if (command === "--version" || command === "-v") {
    print(version);
    return 0;
  }
  if (command === "init")
    return runInit(rest, {
      folder: process.cwd(),
      version,
      sources: readSources(new URL("./cli.init.json", import.meta.url)),
      silent,
      talk: silent ? plain(print) : terminal,
    });
  if (command === "secret") return runSecret(print);
  if (command === "setup") return runSetup(rest, print);
  return runDoctor(words, print);
}

const code = await run();
// The app's module may have opened connections, which would keep this process alive for ever.
process.stdout.write("", () => process.exit(code));
