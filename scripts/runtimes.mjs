/**
 * Serves one program (`test/runtimes/program.js`) on every runtime that the server door and the connect door name. The package
 * is installed from its tarball. Judges the results of a walk through charges, and of one from a sign-in with ARES to
 * disconnecting, each inside of the runtime and over HTTP. Where a runtime has SQLite or D1, a ledger on it runs every rule.
 * Run after `npm run build`.
 *
 * Prints a line for each runtime. A runtime that can't be installed is named as skipped. Exits with 1 when one failed.
 * `node scripts/runtimes.mjs deno bun` serves the program only there.
 */
import assert from "node:assert/strict";
import { installApp, installRuntime } from "../test/runtimes/install.mjs";
import { run, serve } from "../test/runtimes/processes.mjs";
import { connectPromises, promises } from "../test/runtimes/promises.js";
import { runtimes } from "../test/runtimes/runtimes.mjs";
import { servePretendAres } from "../test/runtimes/servePretendAres.mjs";
import { serveSimulator } from "../test/runtimes/serveSimulator.mjs";
import { walk } from "../test/runtimes/walk.js";
import { walkConnect } from "../test/runtimes/walkConnect.js";
import { freePort } from "../test/setup/freePort.mjs";
import { openStage } from "./stage.mjs";

const asked = process.argv.slice(2).map((name) => name.toLowerCase());
const chosen = runtimes.filter(
  ({ name }) => asked.length === 0 || asked.some((each) => name.toLowerCase().includes(each)),
);
assert.ok(chosen.length > 0, `No runtime is called ${asked.join(" or ")}.`);

const ares = await servePretendAres();
const simulator = await serveSimulator();
const { stage, leave } = openStage("runtimes", () => {
  ares.close();
  simulator.close();
});

let failed = 0;
try {
  const app = await installApp(stage, { aresUrl: ares.url, connectUrl: simulator.url });
  const needs = new Set(chosen.flatMap((runtime) => runtime.needs));
  // All packages arrive at the same time; a runtime that can't be installed is skipped by its own name.
  const installs = new Map([...needs].map((name) => [name, installRuntime(stage, app, name)]));
  await Promise.allSettled(installs.values());
  for (const runtime of chosen) await judge(runtime, app, installs);
} finally {
  leave();
}
process.exitCode = failed === 0 ? 0 : 1;

/** @param {import("../test/runtimes/runtimes.mjs").Runtime} runtime @param {string} app @param {Map<string, Promise<string>>} installs */
async function judge(runtime, app, installs) {
  /** @type {Record<string, string>} */
  const folder = {};
  try {
    for (const name of runtime.needs) folder[name] = (await installs.get(name)) ?? "";
  } catch (error) {
    console.log(`skipped ${runtime.name}: it could not be installed (${reason(error)})`);
    return;
  }

  let version = "";
  try {
    const at = { app, folder, stage };
    version = (await runtime.version(at)).trim();
    const shown = await promisesKept(runtime, at);
    console.log(`ok      ${runtime.name.replace(/ \d+$/, "")} ${version}: ${shown.join(", ")}`);
  } catch (error) {
    failed += 1;
    const what = error instanceof Error ? error.message : String(error);
    console.log(`not ok  ${runtime.name} ${version}\n${what.trim().replaceAll(/^/gm, "        ")}`);
  }
}

/** @param {import("../test/runtimes/runtimes.mjs").Runtime} runtime @param {import("../test/runtimes/runtimes.mjs").Place} at */
async function promisesKept(runtime, at) {
  const shown = ["a walk inside", "a walk over HTTP", "both from sign-in to disconnect"];
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const program = await runtime.program({ ...at, port });
  const stop = await serve(program.command, program.args, {
    cwd: at.app,
    port,
    limitMs: 60_000,
    env: program.env ?? {},
  });
  try {
    assert.deepEqual(await json(`${origin}/walk`), promises, `${runtime.name}, inside`);

    ares.renew();
    const ask = ({ headers = {}, ...init }) =>
      fetch(`${origin}/api/ares`, {
        ...init,
        headers: { ...headers, Origin: origin },
        signal: AbortSignal.timeout(120_000),
      });
    assert.deepEqual(
      await walk(ask, async () => ares.seen()),
      promises,
      `${runtime.name}, over HTTP`,
    );

    await connects(runtime.name, origin);
    if (runtime.rules)
      shown.push(
        `${allKept(await json(`${origin}/rules`))} rules of a ledger on ${runtime.rules.on}`,
      );
  } finally {
    await stop();
  }
  if (runtime.sqlite) {
    const { command, args, env = {} } = runtime.sqlite.command(at);
    const printed = await run(command, args, { cwd: at.app, limitMs: 60_000, env });
    shown.push(`${allKept(JSON.parse(printed))} rules of a ledger on ${runtime.sqlite.on}`);
  }
  return shown;
}

/** The app's own origin is that of its redirect URI, wherever the runtime serves it. @param {string} name @param {string} origin */
async function connects(name, origin) {
  assert.deepEqual(await json(`${origin}/walk-connect`), connectPromises, `${name}, inside`);

  simulator.renew();
  const ask = (/** @type {string} */ path, /** @type {RequestInit} */ init = {}) => {
    const headers = new Headers(init.headers);
    headers.set("X-Connect", "1");
    headers.set("Origin", path.startsWith("/api/ares/connect") ? "https://app.example" : origin);
    const signal = AbortSignal.timeout(120_000);
    return fetch(`${origin}${path}`, { ...init, headers, signal });
  };
  assert.deepEqual(await walkConnect(ask, simulator.ares), connectPromises, `${name}, over HTTP`);
}

/** @param {{ rules: number, broken: string[] }} seen */
function allKept({ rules, broken }) {
  assert.deepEqual(broken, []);
  assert.ok(rules > 0, "There were no rules to keep.");
  return rules;
}

/** @param {string} address */
async function json(address) {
  const response = await fetch(address, { signal: AbortSignal.timeout(120_000) });
  const text = await response.text();
  assert.equal(
    response.status,
    200,
    `${address} answered ${response.status}: ${text.slice(0, 2_000)}`,
  );
  return JSON.parse(text);
}

/** @param {unknown} error */
function reason(error) {
  const text = error instanceof Error ? error.message : String(error);
  return /code (E\w+)/.exec(text)?.[1] ?? text.split("\n")[0] ?? "";
}
