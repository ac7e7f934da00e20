/**
 * `npm run bench -- size hazards` measures this kit beside others in one run, and prints the figures. Without names it runs both. Rivals
 * stand at fixed versions, in folders of their own; one that can't be installed is named and left out.
 */
const parts = { size, hazards };
const asked = process.argv.slice(2).filter((name) => name in parts);
for (const [name, part] of Object.entries(parts))
  if (asked.length === 0 || asked.includes(name)) console.log(`${await part()}\n`);
process.exit();

async function size() {
  const { measure } = await import("./bench/size.mjs");
  const { weights, missing } = await measure();
  const kB = (/** @type {number} */ bytes) => (bytes / 1000).toFixed(1);
  return [
    "| a page with one paid feature | all of it, kB | without react-query, kB | type instantiations | files read by TypeScript |",
    "|---|---|---|---|---|",
    ...weights.map(
      ({ name, all, own, instantiations, files }) =>
        `| ${name} | ${kB(all)} | ${kB(own)} | ${instantiations} | ${files} |`,
    ),
    ...missing.map((name) => `\nNot installed, and left out: ${name}.`),
  ].join("\n");
}

async function hazards() {
  const { measure } = await import("./bench/hazards.mjs");
  const { rows, names } = await measure();
  return [
    `| credits taken for one report of 3 credits | ${names.join(" | ")} |`,
    `|---|${names.map(() => "---|").join("")}`,
    ...rows.map(
      ({ hazard, deductions }) =>
        `| ${hazard} | ${names.map((name) => deductions[name]).join(" | ")} |`,
    ),
  ].join("\n");
}
