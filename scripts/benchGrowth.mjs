/**
 * `npm run bench:growth -- [--rows 1000,100000] [--on SQLite]` measures what one charge costs a user with many rows of this
 * hour. Each ratio comes from one run; beside the ratios stands what commit 5680cd1 needed under a cap.
 */
import { parseArgs } from "node:util";
import { createServer } from "vite";

const { values } = parseArgs({ options: { rows: { type: "string", default: "1000,100000" }, on: { type: "string" } } });

/** Milliseconds of one charge under a cap on commit 5680cd1, by engine and rows. */
const before = /** @type {Record<string, Record<number, number>>} */ ({
  Redis: { 1000: 23, 100000: 2853 },
  PostgreSQL: { 1000: 43, 100000: 2480 },
  SQLite: { 1000: 96, 100000: 4852 },
});

// Vite only reads the TypeScript here, and serves nothing.
const vite = await createServer({ configFile: false, logLevel: "error", appType: "custom", server: { middlewareMode: true, ws: false } });
const { grown, engines } = await vite.ssrLoadModule("/test/engines/growth.ts");
const ms = (/** @type {number} */ value) => value.toFixed(2);

console.log(
  "| ledger | rows | charge, ms | under a cap, ms | ratio | capped before, ms | first capped, ms | by key, ms | unknown rows, ms | growth of a capped charge |",
);
console.log("|---|---|---|---|---|---|---|---|---|---|");
for (const engine of Object.keys(engines).filter((name) => values.on === undefined || name === values.on)) {
  let first = 0;
  for (const rows of values.rows.split(",").map(Number)) {
    const { plain, capped, firstCapped, byKey, unknown } = await grown(engine, rows);
    first ||= capped;
    const old = before[engine]?.[rows] ?? "–";
    const cells = [
      engine,
      rows,
      ms(plain),
      ms(capped),
      ms(capped / plain),
      old,
      ms(firstCapped),
      ms(byKey),
      ms(unknown),
      `${ms(capped / first)} ×`,
    ];
    console.log(`| ${cells.join(" | ")} |`);
  }
}
await vite.close();
