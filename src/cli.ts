import { runDoctor } from "./cli/doctor/runDoctor";
import { runInit } from "./cli/init/runInit";
import { plain, terminal } from "./cli/talk";
import { versionIn } from "./cli/version";

const [command, ...rest] = process.argv.slice(2);
const print = (line: string) => console.log(line);
const silent = !process.stdin.isTTY || !process.stdout.isTTY;

const version = versionIn(new URL("../package.json", import.meta.url));

const code =
  command === "init"
    ? await runInit(rest, { folder: process.cwd(), version, silent, talk: silent ? plain(print) : terminal })
    : await runDoctor(process.argv.slice(2), print);
// The app's module may have opened connections, which would keep this process alive for ever.
process.stdout.write("", () => process.exit(code));
