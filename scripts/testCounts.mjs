/**
 * Reads vitest's JSON report and prints "passed failed skipped". Writes the names of failed and skipped tests to a
 * file: one `failed<TAB>name` or `skipped<TAB>name` a line. Ends with 1 when there is no report.
 *
 * A test file that can't be loaded has no tests to count. Such a file counts as one failure.
 */
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

const [reportPath, namesPath] = process.argv.slice(2);
if (reportPath === undefined || namesPath === undefined) throw new Error("Usage: testCounts.mjs <report.json> <names.txt>");

const counts = { passed: 0, failed: 0, skipped: 0 };
/** @type {string[]} */
const names = [];

for (const file of readReport(reportPath).testResults) {
  const where = path.relative(process.cwd(), file.name);
  for (const test of file.assertionResults) {
    const kind = test.status === "passed" ? "passed" : test.status === "failed" ? "failed" : "skipped";
    counts[kind] += 1;
    if (kind !== "passed") names.push(`${kind}\t${where} > ${test.fullName}`);
  }
  const explained = file.assertionResults.some((/** @type {{ status: string }} */ test) => test.status === "failed");
  if (file.status === "failed" && !explained) {
    counts.failed += 1;
    names.push(`failed\t${where} could not be run`);
  }
}

writeFileSync(namesPath, names.map((name) => `${name.replaceAll("\n", " ")}\n`).join(""));
console.log(`${counts.passed} ${counts.failed} ${counts.skipped}`);

/** @param {string} file */
function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    console.error(`There is no report at ${file}.`);
    process.exit(1);
  }
}
