import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import path from "node:path";
import * as z from "zod/mini";
import { PATIENCE_MS } from "../setup/patience";

const root = path.resolve(import.meta.dirname, "..", "..");
const STOP_MS = 8_000;

const World = z.object({
  ares: z.object({
    users: z.array(z.object({ user: z.string(), credits: z.number() })),
    charges: z.array(z.object({ userId: z.string(), usage: z.string(), credits: z.number() })),
    requests: z.object({ user: z.number(), usage: z.number() }),
  }),
  charges: z.array(
    z.object({ status: z.string(), userId: z.string(), usage: z.string(), key: z.string() }),
  ),
});

/** A developer's own .env must not lead a test to the real services. */
export const noKeys = { CLERK_SECRET_KEY: "", VITE_CLERK_PUBLISHABLE_KEY: "", ARES_CLIENT_ID: "" };

interface StartOptions {
  /** The folder of the ledger and of the book. */
  data?: string;
  port?: number;
  env?: Readonly<Record<string, string>>;
}

const Newcomer = z.object({ account: z.string() });

/** The demo as `npm start` runs it, on free ports and with its own world. */
export type Demo = Awaited<ReturnType<typeof startDemo>>;

export async function startDemo({ data = freshFolder(), port = 0, env = {} }: StartOptions = {}) {
  const child = spawn(process.execPath, ["examples/demo/start.mjs"], {
    cwd: root,
    env: {
      ...process.env,
      ...noKeys,
      PORT: String(port),
      DEMO_DATA: data,
      NODE_ENV: "development",
      ...ownBuild(env),
      ...env,
    },
    // The channel ends the demo when the test run dies.
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    detached: true,
  });
  const output = collect(child);
  const address = await printedAddress(child, output);

  const world = async () => World.parse(await (await fetch(`${address}/demo/world`)).json());
  async function command(name: string, body: object): Promise<unknown> {
    const answer = await fetch(`${address}/demo/${name}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${name}: ${await answer.text()}`);
    return answer.json();
  }

  return {
    address,
    data,
    port: Number(new URL(address).port),
    output: () => output.text,
    world,
    /** A new account with 698 credits. */
    newcomer: async () => Newcomer.parse(await command("account", { account: "newcomer" })).account,
    /** What ARES took from this user, one entry per deduction. */
    async deductions(userId: string): Promise<number[]> {
      return (await world()).ares.charges
        .filter((each) => each.userId === userId)
        .map(({ credits }) => credits);
    },
    async balance(user: string): Promise<number | undefined> {
      return (await world()).ares.users.find((each) => each.user === user)?.credits;
    },
    /** The states of this user's charges in the app's ledger, newest first. */
    async ledger(userId: string): Promise<string[]> {
      return (await world()).charges
        .filter((each) => each.userId === userId)
        .map(({ status }) => status);
    },
    fail: (
      fault: string,
      options: { times?: number | "always"; ms?: number; on?: "user" | "usage" } = {},
    ) => command("ares/fail", { fault, on: "usage", ...options }),
    heal: () => command("ares/heal", {}),
    latency: (latencyMs: number | { user: number; usage: number }) =>
      command("ares/set", { latencyMs }),
    setBalance: (user: string, credits: number) => command("ares/balance", { user, credits }),
    /** Sends SIGKILL to the app's server alone. Resolves once the demo has started the server again. */
    async crashApp(): Promise<void> {
      const restarts = () => output.text.split("Starting it again.").length;
      const before = restarts();
      await command("crash", {});
      await eventually(
        async () => restarts(),
        (now) => now > before,
      );
      await eventually(world, () => true);
    },
    /** Sends SIGKILL to every process of the demo at once. */
    async kill(): Promise<void> {
      const gone = ended(child);
      killGroup(child);
      await gone;
    },
    /** Sends SIGKILL to `npm start` alone. */
    async killStarter(): Promise<void> {
      const gone = ended(child);
      child.kill("SIGKILL");
      await gone;
    },
    /** Resolves to the exit code. */
    async stop(): Promise<number | null> {
      await stop(child);
      rmSync(data, { recursive: true, force: true });
      return child.exitCode;
    },
  };
}

/** A key of Clerk is part of the bundle, so that such a demo bundles itself. */
const ownBuild = (env: Readonly<Record<string, string>>) =>
  "VITE_CLERK_PUBLISHABLE_KEY" in env ? { DEMO_BUILD: "" } : {};

export function freshFolder(): string {
  const parent = path.join(root, ".cache", "demo-tests");
  mkdirSync(parent, { recursive: true });
  return mkdtempSync(path.join(parent, "world-"));
}

export const newKey = () => `${Date.now()}-${crypto.randomUUID()}`;

/** The request of the curl command in the demo's panel. */
export async function charge(
  demo: Demo,
  key: string,
  what: { usage: string; resource?: string } = { usage: "export-pdf" },
  as = "ada",
) {
  const answer = await fetch(`${demo.address}/api/ares`, {
    method: "POST",
    headers: {
      Authorization: `Bearer demo-${as}`,
      "Content-Type": "application/json",
      "Idempotency-Key": key,
    },
    body: JSON.stringify(what),
  });
  const body: unknown = await answer.json();
  return { status: answer.status, replayed: answer.headers.get("Idempotency-Replayed"), body };
}

/** Tries until the check holds. On failure shows the last result. */
export async function eventually<T>(
  read: () => Promise<T>,
  holds: (value: T) => boolean,
  everyMs = 50,
): Promise<T> {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const value = await read().catch((error: unknown) => {
      if (Date.now() > end) throw error;
      return undefined;
    });
    if (value !== undefined && holds(value)) return value;
    if (Date.now() > end)
      throw new Error(
        `It did not come to hold within ${PATIENCE_MS} ms. Last seen: ${JSON.stringify(value)}`,
      );
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}

function collect(child: ChildProcess): { text: string } {
  const output = { text: "" };
  const add = (chunk: Buffer) => {
    output.text += chunk.toString();
  };
  child.stdout?.on("data", add);
  child.stderr?.on("data", add);
  return output;
}

async function printedAddress(child: ChildProcess, output: { text: string }): Promise<string> {
  const end = Date.now() + PATIENCE_MS;
  while (Date.now() < end) {
    const found = /The demo\s+(http:\/\/localhost:\d+).*Ctrl-C stops it/s.exec(output.text)?.[1];
    if (found !== undefined) return found;
    if (child.exitCode !== null)
      throw new Error(`The demo ended with ${child.exitCode}: ${output.text}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await stop(child);
  throw new Error(`The demo printed no address within ${PATIENCE_MS} ms: ${output.text}`);
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve();
    else child.once("exit", () => resolve());
  });
}

async function stop(child: ChildProcess): Promise<void> {
  const gone = ended(child);
  child.kill("SIGTERM");
  const timer = setTimeout(() => killGroup(child), STOP_MS);
  await gone;
  clearTimeout(timer);
  // Processes that outlived the demo, because a test broke the demo.
  killGroup(child);
}

function killGroup(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
  } catch {
    // Nothing of it is left.
  }
}
