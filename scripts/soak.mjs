/**
 * `npm run soak -- --minutes 10 [--on redis|postgres] [--rate 100]` charges at a steady rate on real engines. Prints a
 * table row a minute: memory, handles, and latency beside the same server on memoryLedger. Ends with 1 when a charge
 * was doubled, or when the ledger costs more than allowed.
 */
import { parseArgs } from "node:util";
import { createServer } from "vite";

/** The 99th percentile may grow by this much, in milliseconds. */
const allowed = { redis: 15, postgres: 60 };
const ALLOWED_GROWTH_MB = 20;
/** Connections come and go with the load. A leak of one a minute would exceed this number within the run. */
const ALLOWED_HANDLES = 8;

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "10" },
    on: { type: "string" },
    rate: { type: "string", default: "100" },
  },
});

// Vite only reads the TypeScript here, and serves nothing.
const vite = await createServer({
  configFile: false,
  logLevel: "error",
  appType: "custom",
  server: { middlewareMode: true, ws: false },
});
const { soak, engineOf } = await vite.ssrLoadModule("/test/engines/soak.ts");
const ms = (/** @type {number} */ value) => value.toFixed(1);
const row = (
  /** @type {any} */ { minute, charges, tested, peer, addedP99 },
  label = String(minute),
) =>
  `| ${label} | ${charges} | ${ms(tested.p50)} / ${ms(tested.p99)} | ${ms(peer.p50)} / ${ms(peer.p99)} | ${ms(addedP99)} | ${tested.rssMb.toFixed(0)} / ${tested.heapMb.toFixed(1)} | ${tested.handles} |`;

const stopping = new AbortController();
for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"]))
  process.once(signal, () => stopping.abort(new Error(`Ended by ${signal}.`)));

let failed = false;
for (const on of /** @type {const} */ (["redis", "postgres"])) {
  if (values.on !== undefined && values.on !== on) continue;
  if (engineOf[on] === null) {
    console.log(`skipped: ${on} is not installed`);
    continue;
  }
  console.log(`\n### ${on}\n`);
  console.log(
    "| minute | charges so far | p50 / p99 ms | on memoryLedger | added p99 ms | RSS / heap MB | handles |",
  );
  console.log("|---|---|---|---|---|---|---|");
  /** @type {any[]} */
  const minutes = [];
  const whole = await soak({
    on,
    minutes: Number(values.minutes),
    perSecond: Number(values.rate),
    signal: stopping.signal,
    onMinute: (/** @type {any} */ minute) => {
      minutes.push(minute);
      console.log(row(minute));
    },
  });
  console.log(row(whole, "all"));

  const growthMb = minutes[minutes.length - 1].tested.rssMb - minutes[0].tested.rssMb;
  console.log(
    `\nadded p99 ${ms(whole.addedP99)} ms, ${(whole.addedP99 / allowed[on]).toFixed(2)} of the ${allowed[on]} ms it may cost;`,
  );
  const more = minutes[minutes.length - 1].tested.handles - minutes[0].tested.handles;
  console.log(`handles changed by ${more} after the first minute, of ${ALLOWED_HANDLES} they may;`);
  console.log(
    `memory grew by ${ms(growthMb)} MB after the first minute, of ${ALLOWED_GROWTH_MB} it may; complaints: ${whole.complaints}`,
  );
  failed ||=
    whole.complaints > 0 ||
    !(whole.addedP99 < allowed[on]) ||
    growthMb > ALLOWED_GROWTH_MB ||
    more > ALLOWED_HANDLES;
}
process.exit(failed ? 1 : 0);
