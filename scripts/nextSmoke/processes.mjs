import { spawn } from "node:child_process";

/** How long a page may take. Next compiles a page in development when it is asked for, and a busy machine takes its time. */
export const PAGE_MS = 120_000;

/** @typedef {{ cwd: string, env?: Record<string, string> }} Place */

/** @type {Set<import("node:child_process").ChildProcess>} */
const running = new Set();

/**
 * Runs a command to its end and returns its output. A failing command, or one that takes longer than `ms`, is an error; with
 * `anyCode` a failing command is none, and its exit code is told.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {Place & { ms: number, anyCode?: boolean }} options
 */
export async function run(command, args, { ms, anyCode = false, ...place }) {
  const { child, output } = launch(command, args, place);
  let stdout = "";
  child.stdout.on("data", (text) => {
    stdout += text;
  });
  const timer = setTimeout(() => signal(child, "SIGKILL"), ms);
  const code = await new Promise((resolve) =>
    child.once("close", (status, killedBy) => resolve(status ?? killedBy)),
  );
  clearTimeout(timer);
  const isFailure = anyCode ? typeof code !== "number" : code !== 0;
  if (isFailure)
    throw new Error(`${command} ${args.join(" ")} ended with ${code}:\n${output().slice(-6000)}`);
  return { code, stdout, output: output() };
}

/**
 * Starts a server, which `endAll` ends.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {Place} place
 */
export function start(command, args, place) {
  const { child, output } = launch(command, args, place);
  return {
    output,
    end: () => endOne(child),
    /** @param {string} url @param {number} ms */
    async answers(url, ms) {
      for (
        const limit = Date.now() + ms;
        Date.now() < limit;
        await new Promise((resolve) => setTimeout(resolve, 100))
      ) {
        if (child.exitCode !== null)
          throw new Error(`the server ended with ${child.exitCode}:\n${output()}`);
        const answer = await fetch(url, {
          redirect: "manual",
          signal: AbortSignal.timeout(10_000),
        }).catch(() => null);
        await answer?.body?.cancel();
        if (answer) return;
      }
      throw new Error(`the server did not answer within ${ms / 1000} s:\n${output()}`);
    },
  };
}

/** Ends every process that still runs. */
export async function endAll() {
  await Promise.all([...running].map(endOne));
}

/** Ends a process: first with SIGTERM, then with SIGKILL. @param {import("node:child_process").ChildProcess} child */
async function endOne(child) {
  if (!running.has(child)) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  signal(child, "SIGTERM");
  await Promise.race([gone, new Promise((resolve) => setTimeout(resolve, 5000))]);
  signal(child, "SIGKILL");
  await Promise.race([gone, new Promise((resolve) => setTimeout(resolve, 2000))]);
}

/** @param {string} command @param {string[]} args @param {Place} place */
function launch(command, args, { cwd, env = {} }) {
  // The command has its own group, so that its child processes end with it.
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  running.add(child);
  child.once("exit", () => running.delete(child));
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => {
      output += text;
    });
  }
  child.once("error", (error) => {
    output += error.message;
    running.delete(child);
  });
  return { child, output: () => output };
}

/** @param {import("node:child_process").ChildProcess} child @param {NodeJS.Signals} name */
function signal(child, name) {
  try {
    process.kill(-(child.pid ?? Number.NaN), name);
  } catch {
    child.kill(name);
  }
}
