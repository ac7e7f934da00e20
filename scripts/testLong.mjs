/**
 * The long forms of the random and exhaustive tests. The model plays 200,000 schedules, the client 20,000, and each adapter
 * of a ledger 2,000. The charge machine is walked deeper, and the trials on engines charge as many intents as
 * `docs/guarantees.md` tells of. The mutants of the model, the client and the ledgers run along; those of the server's charge
 * and of the error table (`scripts/mutants`) run against the tests of every day. Run after `npm run build`.
 * `npm run test:thorough` and `.ci/run` run short forms that still find every mutant.
 */
import { spawnSync } from "node:child_process";

/** @type {[project: string, files: string[], settings: Record<string, string>][]} */
const runs = [
  ["thorough", ["test/model"], { MODEL_SEED: "1", MODEL_RUNS: "100000" }],
  [
    "thorough",
    ["test/model", "-t", "sent at most once"],
    { MODEL_SEED: "2", MODEL_RUNS: "100000" },
  ],
  ["thorough", ["test/client/schedules"], { SCHEDULES: "20000" }],
  [
    "thorough",
    ["test/client/charge"],
    { MACHINE_DEPTH: "1", NODE_OPTIONS: "--max-old-space-size=6000" },
  ],
  ["engines", ["test/engines", "test/ledgers"], { ARES_MODEL_RUNS: "2000", LONG_TRIALS: "1" }],
];

go("node", ["scripts/mutants/run.mjs"]);
// A deep run takes longer than any limit of the daily tests.
for (const [project, files, settings] of runs)
  go(
    "npx",
    ["vitest", "run", "--project", project, "--testTimeout", "3600000", ...files],
    settings,
  );

/** @param {string} command @param {string[]} words @param {Record<string, string>} [settings] */
function go(command, words, settings) {
  const { status } = spawnSync(command, words, {
    stdio: "inherit",
    env: { ...process.env, ...settings },
  });
  if (status !== 0) process.exit(status ?? 1);
}
