import { createInterface } from "node:readline/promises";
import { hashOf } from "./signIn.js";

const [name = ""] = process.argv.slice(2);
if (!/^[\w-]+$/.test(name)) {
  console.error("Name the operator, in letters, digits and dashes: npm run operator ada");
  process.exit(2);
}
const terminal = createInterface({ input: process.stdin, output: process.stderr });
const password = await terminal.question(`The password of ${name}: `);
terminal.close();
console.log(`DESK_OPERATORS='${JSON.stringify({ [name]: await hashOf(password) })}'`);
