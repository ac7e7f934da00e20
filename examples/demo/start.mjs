/**
 * `npm start`: the demo, in one terminal. Bundles the demo, starts the pretend ARES and the app as two processes, and
 * prints their addresses. Starts a killed process again, and ends both processes at the end.
 *
 * Options: `--fresh` forgets all charges and balances first. Environment: `PORT`, and `DEMO_DATA` (the folder of the ledger
 * and of the book). Tests set `DEMO_BUILD` (the folder of a bundled demo) and `DEMO_ARES_MS` (how long the app waits for
 * ARES). The variables of `.env.example` count too, also from a file `.env`.
 */
import { fork } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { partsIn } from "./parts.mjs";

const repository = path.resolve(import.meta.dirname, "..", "..");
const builds = path.join(repository, ".cache", "demo-build");
const build = path.join(builds, String(process.pid));
const data = path.resolve(repository, process.env.DEMO_DATA ?? path.join(".cache", "demo"));
const lock = path.join(data, "demo.pid");

const STOP_MS = 4000;
const LIVED_LONG_ENOUGH_MS = 5000;

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  fail(`The demo needs Node 20.19 or newer; this is ${process.versions.node}.`);
}
if (!existsSync(path.join(repository, "node_modules", "vite")))
  fail("The packages are not installed yet. Run `npm ci` first.");
if (existsSync(path.join(repository, ".env"))) process.loadEnvFile(path.join(repository, ".env"));
const wanted = process.env.PORT || "4100";
if (!/^\d+$/.test(wanted) || Number(wanted) > 65_535)
  fail(`PORT is "${wanted}". Use a number up to 65535, such as PORT=5000 npm start.`);

/** @type {Set<import("node:child_process").ChildProcess>} */
const running = new Set();
let stopping = false;

for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"]))
  process.on(signal, () => void stop(0));
// A parent that started this process ends it too, even when the parent is killed.
process.on("disconnect", () => void stop(0));
process.on("exit", () => rmSync(build, { recursive: true, force: true }));

removeBuildsOfTheDead();
takeData();
const kept = readdirSync(data).filter((name) => name !== path.basename(lock));
const fresh = process.argv.includes("--fresh");
if (fresh) for (const name of kept) rmSync(path.join(data, name), { recursive: true, force: true });

try {
  const parts = await bundled();
  const pretends = !process.env.CLERK_SECRET_KEY;
  const ares = pretends
    ? await service("The pretend ARES", parts.simulator, { PORT: "0" })
    : undefined;
  const app = await service("The app", parts.app, {
    PORT: wanted,
    DEMO_CLIENT: parts.client,
    DEMO_ORIGINS: `http://localhost:${wanted}`,
    // A session of Clerk counts only for the pages of one origin.
    ...(pretends ? {} : { DEMO_SAME_PORT: "1" }),
    ...(ares === undefined ? {} : { ARES_SIMULATOR_URL: `http://127.0.0.1:${ares}` }),
  });

  if (wanted !== "0" && String(app) !== wanted)
    console.log(`Port ${wanted} is busy, so the demo took ${app}.`);
  console.log(`\n  The demo         http://localhost:${app}`);
  if (ares !== undefined) console.log(`  Its pretend ARES http://127.0.0.1:${ares}`);
  if (kept.length > 0 && !fresh)
    console.log("\n  It remembers what was charged before. `npm start -- --fresh` forgets it.");
  console.log("\n  Ctrl-C stops it.\n");
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  await stop(1);
}

/** The parts of the demo. Tests start it many times, and bundle it once. */
async function bundled() {
  if (process.env.DEMO_BUILD) return partsIn(process.env.DEMO_BUILD);
  const { buildDemo } = await import("./build.mjs");
  return buildDemo(build);
}

/**
 * Starts one service and resolves to its port. A service that dies later is started again on the same port, as a
 * process manager does. A service that dies at once ends the demo.
 *
 * @param {string} name
 * @param {string} file
 * @param {Record<string, string>} env
 * @returns {Promise<number>}
 */
function service(name, file, env) {
  return new Promise((resolve, reject) => {
    const startedAt = Date.now();
    let listening = false;
    const child = fork(file, {
      env: { ...process.env, DEMO_DATA: data, ...env },
      execArgv: ["--enable-source-maps"],
    });
    running.add(child);

    child.on("message", (message) => {
      if (typeof message !== "object" || message === null || !("port" in message)) return;
      listening = true;
      resolve(Number(message.port));
      env = { ...env, PORT: String(message.port), DEMO_SAME_PORT: "1" };
    });
    child.on("exit", (code, signal) => {
      running.delete(child);
      if (stopping) return;
      const ended = `${name} ended (${signal ?? code}).`;
      if (!listening) return reject(new Error(`${ended} It never began to listen.`));
      if (code !== null && code !== 0 && Date.now() - startedAt < LIVED_LONG_ENOUGH_MS) {
        console.error(`${ended} It was just started, so it stays down.`);
        return void stop(1);
      }
      console.log(`${ended} Starting it again.`);
      service(name, file, env).catch((error) => {
        console.error(error.message);
        void stop(1);
      });
    });
  });
}

/** @param {number} code */
async function stop(code) {
  if (stopping) return;
  stopping = true;
  const gone = Promise.all(
    [...running].map((child) => new Promise((resolve) => child.once("exit", resolve))),
  );
  for (const child of running) child.kill("SIGTERM");
  const timer = setTimeout(() => {
    for (const child of running) child.kill("SIGKILL");
  }, STOP_MS);
  await gone;
  clearTimeout(timer);
  process.exit(code);
}

/** A killed demo could not remove its build. This removes it. */
function removeBuildsOfTheDead() {
  mkdirSync(builds, { recursive: true });
  for (const name of readdirSync(builds)) {
    if (!isAlive(Number(name))) rmSync(path.join(builds, name), { recursive: true, force: true });
  }
}

/** Two demos with one folder would overwrite each other's book. The lock of a killed demo stops no later demo. */
function takeData() {
  mkdirSync(data, { recursive: true });
  const holder = existsSync(lock) ? Number(readFileSync(lock, "utf8")) : 0;
  if (holder > 0 && holder !== process.pid && isAlive(holder)) {
    fail(
      `Another demo (process ${holder}) already uses ${data}. Stop it, or choose another folder: DEMO_DATA=.cache/second npm start`,
    );
  }
  writeFileSync(lock, String(process.pid));
  process.on("exit", () => rmSync(lock, { force: true }));
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // The process exists, and belongs to another user.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** @param {string} reason */
function fail(reason) {
  console.error(reason);
  process.exit(1);
}
