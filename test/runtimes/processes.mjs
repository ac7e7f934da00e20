import { spawn } from "node:child_process";

/** @type {Set<import("node:child_process").ChildProcess>} */
const running = new Set();

/**
 * Runs a command to its end, or to its limit.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd: string, limitMs: number, env?: Record<string, string> }} options
 * @returns {Promise<string>} what it printed
 */
export async function run(command, args, { cwd, limitMs, env = {} }) {
  const { child, output, ended } = start(command, args, { cwd, env });
  const limit = setTimeout(() => end(child), limitMs);
  const code = await ended;
  clearTimeout(limit);
  if (code === 0) return output.stdout;
  throw new Error(
    `${command} ${args.join(" ")} ended with ${code}\n${output.stdout.slice(-3000)}\n${output.stderr.slice(-3000)}`,
  );
}

/**
 * Starts a server, and waits until it answers.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd: string, port: number, limitMs: number, env?: Record<string, string> }} options
 * @returns {Promise<() => Promise<void>>} stops it
 */
export async function serve(command, args, { cwd, port, limitMs, env = {} }) {
  const { child, output, ended } = start(command, args, { cwd, env });
  let over = false;
  ended.then(() => {
    over = true;
  });
  for (
    const until = Date.now() + limitMs;
    ;
    await new Promise((resolve) => setTimeout(resolve, 100))
  ) {
    try {
      await fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(2_000) });
      break;
    } catch (error) {
      if (!over && Date.now() < until) continue;
      end(child);
      throw new Error(
        `${command} does not serve (${error})\n${output.stdout.slice(-3000)}\n${output.stderr.slice(-3000)}`,
      );
    }
  }
  return async () => {
    end(child);
    await ended;
  };
}

/** Ends every process that is still running. */
export function endAll() {
  for (const child of running) end(child);
}

/**
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd: string, env: Record<string, string> }} options
 */
function start(command, args, { cwd, env }) {
  // The process has its own group. A script starts some runtimes, and would leave them behind.
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  running.add(child);
  const output = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text) => {
    output.stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text) => {
    output.stderr += text;
  });
  /** @type {Promise<number | string>} */
  const ended = new Promise((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("close", (code, signal) => resolve(code ?? signal ?? "nothing"));
  }).finally(() => running.delete(child));
  return { child, output, ended };
}

/** @param {import("node:child_process").ChildProcess} child */
function end(child) {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // It has ended already.
  }
}
