/**
 * Reads vitest's JSON report and prints one line for each test: `passed`, `failed` or `skipped`, a tab, and its name.
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
  for (const { status, fullName } of file.assertionResults) {
    print(
      status === "passed" || status === "failed" ? status : "skipped",
      `${where} > ${fullName}`,
    );
  }
  const explained = file.assertionResults.some(
    (/** @type {{ status: string }} */ test) => test.status === "failed",
  );
  if (file.status === "failed" && !explained) print("failed", `${where} could not be run`);
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
