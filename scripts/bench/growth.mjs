/**
 * `npm run bench:growth -- [--rows 1000,100000] [--on SQLite]` measures what one charge costs a user with many rows of this
 * hour, with few rows and with many. Each ratio comes from one run. Beside it stands what commit 5680cd1 needed.
 */
import { parseArgs } from "node:util";
import { createServer } from "vite";

const { values } = parseArgs({
  options: { rows: { type: "string", default: "1000,100000" }, on: { type: "string" } },
});

/** Milliseconds on commit 5680cd1, with 1,000 and with 100,000 rows. */
const before = /** @type {Record<string, Record<string, string>>} */ ({
  Redis: { "capped charge": "23 / 2853", "press without a key": "11 / 829" },
  PostgreSQL: { "capped charge": "43 / 2480" },
  SQLite: { "capped charge": "96 / 4852", "row of a key": "? / 27" },
});

// Vite only reads the TypeScript here, and serves nothing.
const vite = await createServer({
  configFile: false,
  logLevel: "error",
  appType: "custom",
  server: { middlewareMode: true, ws: false },
});
const { grown, engines } = await vite.ssrLoadModule("/test/engines/growth.ts");

console.log("| ledger | what | rows | ms | ms | growth | on 5680cd1, ms |");
console.log("|---|---|---|---|---|---|---|");
for (const engine of Object.keys(engines).filter(
  (name) => values.on === undefined || name === values.on,
)) {
  const sizes = values.rows.split(",").map(Number);
  const [small, large] = [await grown(engine, sizes[0]), await grown(engine, sizes.at(-1))];
  const tell = (
    /** @type {string} */ what,
    /** @type {number} */ a,
    /** @type {number} */ b,
    old = "–",
  ) =>
    console.log(
      `| ${engine} | ${what} | ${small.rows} / ${large.rows} | ${a.toFixed(2)} | ${b.toFixed(2)} | ${(b / a).toFixed(2)} × | ${old} |`,
    );
  for (const what of Object.keys(small.ms)) {
    tell(what, small.ms[what], large.ms[what], before[engine]?.[what]);
  }
  const bytes = (large.bytes - small.bytes) / (large.rows - small.rows);
  console.log(
    `| ${engine} | bytes a row, indexes included | ${small.rows} / ${large.rows} | | ${bytes.toFixed(0)} | | – |`,
  );
  for (const what of /** @type {const} */ (["claims", "charges"])) {
    const [a, b] = [small.perSecond[what], large.perSecond[what]];
    console.log(
      `| ${engine} | ${what} a second, 32 users at once | ${small.rows} / ${large.rows} | ${a.toFixed(0)}/s | ${b.toFixed(0)}/s | | – |`,
    );
  }
  for (const { rows, ms } of [small, large]) {
    console.log(
      `| ${engine} | capped charge : charge | ${rows} | | | ${(ms["capped charge"] / ms.charge).toFixed(2)} × | – |`,
    );
    console.log(
      `| ${engine} | deep page : first page | ${rows} | | | ${(ms["deep page"] / ms["first page"]).toFixed(2)} × | – |`,
    );
    console.log(
      `| ${engine} | 240th renewal : first renewals | ${rows} | | | ${(ms["240th renewal"] / ms.renewal).toFixed(2)} × | – |`,
    );
  }
}
await vite.close();
