import { runDoctor } from "./cli/doctor";

// The app's module may have opened connections, which would keep this process alive for ever.
const code = await runDoctor(process.argv.slice(2), (line) => console.log(line));
process.stdout.write("", () => process.exit(code));
