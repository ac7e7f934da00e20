import { fork } from "node:child_process";
import * as z from "zod/mini";
import { type Death, IsDead, type Moment } from "./moments";

/** What runs in a process of its own. */
export interface Program {
  file: string | URL;
  args?: string[];
  /** Variables beside those of this process. */
  env?: Readonly<Record<string, string>>;
  execArgv?: string[];
}

/** An HTTP server in its own process. */
export interface Service {
  readonly url: string;
  readonly pid: number;
  /** Kills the process as a power cut would: its work stays unfinished, and nobody is told. */
  kill(): Promise<void>;
  /** Lets the process kill itself at its next such moment. Undefined: there was none within the time. */
  dieAt(moment: Moment, withinMs: number): Promise<Death | undefined>;
  /** Stops the process where it stands, as a hypervisor may. Its connections stay open, and say nothing. */
  freeze(): void;
  thaw(): void;
}

/** A program that has to be compiled on a busy machine takes its time. */
const START_MS = 120_000;

const Listening = z.object({ port: z.number() });

/** Starts a service and waits until it listens. The service ends with this process at the latest. */
export async function startService(program: Program, setup: object): Promise<Service> {
  const { file, args = [], env = {}, execArgv } = program;
  const child = fork(file, args, {
    env: { ...process.env, ...env, SETUP: JSON.stringify(setup) },
    ...(execArgv && { execArgv }),
    // What an app prints when it starts is printed at every restart.
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const exit = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const port = await new Promise<number>((resolve, reject) => {
    const timer = setTimeout(() => fail("did not listen in time"), START_MS);
    const fail = (why: string) => {
      child.kill("SIGKILL");
      reject(new Error(`A server of this trial ${why} (${[file, ...args].join(" ")}).`));
    };
    child.on("message", (message) => {
      const listening = Listening.safeParse(message);
      if (!listening.success) return;
      clearTimeout(timer);
      resolve(listening.data.port);
    });
    void exit.then(() => fail("ended before it listened")).finally(() => clearTimeout(timer));
  });

  let death: Death | undefined;
  child.on("message", (message) => {
    death = IsDead.safeParse(message).data?.died ?? death;
  });

  return {
    url: `http://127.0.0.1:${port}`,
    pid: child.pid ?? 0,
    freeze: () => void child.kill("SIGSTOP"),
    thaw: () => void child.kill("SIGCONT"),
    kill() {
      child.kill("SIGKILL");
      return exit;
    },
    async dieAt(moment, withinMs) {
      const timer = setTimeout(() => child.kill("SIGKILL"), withinMs);
      child.send({ die: moment }, () => {});
      await exit;
      clearTimeout(timer);
      return death;
    },
  };
}
