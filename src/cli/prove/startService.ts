import { fork } from "node:child_process";
import * as z from "zod/mini";

/** An HTTP server in its own process. */
export interface Service {
  readonly url: string;
  readonly pid: number;
  /** Kills the process as a power cut would: its work stays unfinished, and nobody is told. */
  kill(): Promise<void>;
  /** Stops the process where it stands, as a hypervisor may. Its connections stay open, and say nothing. */
  freeze(): void;
  thaw(): void;
}

/** A program that has to be compiled on a busy machine takes its time. */
const START_MS = 60_000;

const Listening = z.object({ port: z.number() });

/** Starts a service and waits until it listens. The service ends with this process at the latest. */
export async function startService(file: string, setup: object): Promise<Service> {
  const child = fork(file, {
    env: { ...process.env, NODE_ENV: "production", SETUP: JSON.stringify(setup) },
    execArgv: ["--expose-gc"],
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const exit = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const port = await new Promise<number>((resolve, reject) => {
    const timer = setTimeout(() => fail("did not listen in time"), START_MS);
    const fail = (why: string) => {
      child.kill("SIGKILL");
      reject(new Error(`${file} ${why}.`));
    };
    child.on("message", (message) => {
      const listening = Listening.safeParse(message);
      if (!listening.success) return;
      clearTimeout(timer);
      resolve(listening.data.port);
    });
    void exit.then(() => fail("ended before it listened")).finally(() => clearTimeout(timer));
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
  };
}
