import { type ChildProcess, execFile, type StdioOptions, spawn } from "node:child_process";
import {
  accessSync,
  chownSync,
  closeSync,
  constants,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
} from "node:fs";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { freePort } from "../setup/freePort.mjs";
import { newFolder } from "./newFolder";

const run = promisify(execFile);

/** How long a server may take to say that it is ready. */
const ANSWER_MS = 5_000;

/** A throw-away server on a free port. Its folder is removed with it. */
export interface Engine {
  port: number;
  /** Kills the server as a power cut would, and starts it again on the same port and files. */
  crash(): Promise<void>;
  stop(): Promise<void>;
}

/** The folder of the binaries, or null: then the suite is skipped by name. */
export const redisServer = findBinary("redis-server", []);
export const postgresServer = findBinary(
  "postgres",
  listed("/usr/lib/postgresql").map((version) => `/usr/lib/postgresql/${version}/bin`),
);

/** The name of a suite. The name says when its engine is missing. */
export function suiteOn(engine: string, binary: string | null): string {
  return binary === null ? `${engine} — SKIPPED, its server is not installed` : engine;
}

export async function startRedis(
  settings: Record<string, string> = {},
  asked?: number,
): Promise<Engine> {
  const [port, directory] = [asked ?? (await freePort()), newFolder("redis")];
  const all = {
    port: `${port}`,
    bind: "127.0.0.1",
    dir: directory,
    save: "",
    appendonly: "yes",
    appendfsync: "always",
    ...settings,
  };
  const args = Object.entries(all).flatMap(([name, value]) => [`--${name}`, value]);

  return supervise({
    port,
    directory,
    // Redis does not obey SIGINT while it writes its first append-only file. Nobody reads that file again.
    stopSignal: "SIGKILL",
    start: (stdio) => spawn(redisServer ?? "redis-server", args, { stdio }),
    async ready({ pid }) {
      const { stdout } = await run("redis-cli", ["-p", `${port}`, "info", "server"], {
        timeout: ANSWER_MS,
      });
      return stdout.split(/\r?\n/).includes(`process_id:${pid}`);
    },
  });
}

export async function startPostgres(settings: Record<string, string> = {}): Promise<Engine> {
  const [port, directory] = [await freePort(), newFolder("postgres")];
  const bin = (postgresServer ?? "postgres").replace(/postgres$/, "");
  const as = await unprivileged();
  if (as) chownSync(directory, as.uid, as.gid);
  const data = join(directory, "data");
  await run(
    `${bin}initdb`,
    ["-D", data, "-U", "ares", "--auth=trust", "-E", "UTF8", "--locale=C"],
    { ...as, cwd: directory },
  );
  const all = {
    port: `${port}`,
    listen_addresses: "127.0.0.1",
    unix_socket_directories: directory,
    max_connections: "100",
    ...settings,
  };
  const args = [
    "-D",
    data,
    ...Object.entries(all).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
  ];

  return supervise({
    port,
    directory,
    // A killed postmaster leaves children behind for a moment. A new postmaster waits until they have ended.
    start: (stdio) => spawn(`${bin}postgres`, args, { stdio, cwd: directory, ...as }),
    // Its socket is in its own folder, where no other server answers.
    async ready() {
      await run(`${bin}pg_isready`, ["-h", directory, "-p", `${port}`, "-t", "1"], {
        timeout: ANSWER_MS,
      });
      return true;
    },
  });
}

interface Supervised {
  port: number;
  directory: string;
  stopSignal?: NodeJS.Signals;
  start(stdio: StdioOptions): ChildProcess;
  /** True when this very process answers. A server that met a taken port is not this process. */
  ready(child: ChildProcess): Promise<boolean>;
}

/** Starts an engine, and says on the terminal when it ends although nobody stopped it: every test after that only waits. */
export async function supervise({
  port,
  directory,
  stopSignal = "SIGINT",
  start,
  ready,
}: Supervised): Promise<Engine> {
  let child: ChildProcess;
  const log = join(directory, "engine.log");
  const lastWords = () => readFileSync(log, "utf8").split("\n").slice(-20).join("\n");

  async function up() {
    for (let tries = 0; tries < 20; tries++) {
      const output = openSync(log, "w");
      child = start(["ignore", output, output]);
      closeSync(output);
      for (let polls = 0; polls < 200 && child.exitCode === null; polls++) {
        if (await ready(child).catch(() => false)) {
          child.once("exit", sayThatItEnded);
          return;
        }
        await pause(50);
      }
      await end(child, "SIGKILL");
      await pause(250);
    }
    const words = lastWords();
    rmSync(directory, { recursive: true, force: true });
    throw new Error(`The engine on port ${port} did not start.\n${words}`);
  }

  function sayThatItEnded(code: number | null, signal: NodeJS.Signals | null) {
    console.error(
      `The engine on port ${port} ended with ${signal ?? code}, and nobody stopped it.\n${lastWords()}`,
    );
  }

  async function down(signal: NodeJS.Signals) {
    child.off("exit", sayThatItEnded);
    await end(child, signal);
  }

  await up();
  return {
    port,
    async crash() {
      await down("SIGKILL");
      await up();
    },
    async stop() {
      await down(stopSignal);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  child.kill(signal);
  await Promise.race([exit, pause(5_000).then(() => void child.kill("SIGKILL"))]);
  await Promise.race([exit, pause(1_000)]);
}

/** PostgreSQL refuses to run as root. Its package brings a user for it. */
export async function unprivileged(): Promise<{ uid: number; gid: number } | null> {
  if (process.getuid?.() !== 0) return null;
  const [uid, gid] = [await run("id", ["-u", "postgres"]), await run("id", ["-g", "postgres"])];
  return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

export function findBinary(name: string, places: string[]): string | null {
  const paths = [...places, ...(process.env.PATH ?? "").split(delimiter)].map((place) =>
    join(place, name),
  );
  return paths.find(isExecutable) ?? null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Newest version first. */
function listed(directory: string): string[] {
  try {
    return readdirSync(directory).sort((a, b) => Number(b) - Number(a));
  } catch {
    return [];
  }
}
