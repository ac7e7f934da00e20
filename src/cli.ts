import { runDoctor } from "./cli/doctor";

process.exitCode = await runDoctor(process.argv.slice(2), (line) => console.log(line));
