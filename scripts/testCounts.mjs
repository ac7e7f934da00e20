/**
 * Reads vitest's JSON report and prints one line for each test: `passed`, `failed` or `skipped`, a tab, and its name. A failed one says why.
 * Ends with 1 when there is no report.
 *
 * A test file that can't be loaded has no tests to count. Such a file counts as one failure.
 */
import { readFileSync } from "node:fs";
import path from "node:path";

const [reportPath] = process.argv.slice(2);
if (reportPath === undefined) throw new Error("Usage: testCounts.mjs <report.json>");

for (const file of readReport(reportPath).testResults) {
  const where = path.relative(process.cwd(), file.name);
  for (const { status, fullName, failureMessages } of file.assertionResults) {
    const name = `${where} > ${fullName}`;
    if (status === "passed") print("passed", name);
    else if (status === "failed") print("failed", `${name}: ${reasonOf(failureMessages)}`);
    else print("skipped", name);
  }
  const explained = file.assertionResults.some(
    (/** @type {{ status: string }} */ test) => test.status === "failed",
  );
  if (file.status === "failed" && !explained) print("failed", `${where} could not be run`);
}

/** The first words of a failure: whoever sees only the end of the output can tell a limit from a wrong value. @param {string[]} messages */
function reasonOf([message = "no reason given"] = []) {
  return message.split("\n    at ", 1)[0]?.slice(0, 400);
}

/** @param {string} verdict @param {string} name */
function print(verdict, name) {
  console.log(`${verdict}\t${name.replaceAll("\n", " ")}`);
}

/** @param {string} file */
function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    console.error(`There is no report at ${file}.`);
    process.exit(1);
  }
}
