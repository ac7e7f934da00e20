import { serve } from "@hono/node-server";

type Fetch = Parameters<typeof serve>[0]["fetch"];

/** How many further ports are tried when a port is busy. */
const PORTS = 20;
/** How long requests in flight may take when the service must stop. */
const DRAIN_MS = 1500;
/** How long a restarted service waits for its old port. */
const REBIND_MS = 5000;

/**
 * Serves on this machine only, on `PORT` or the next free port, and tells the parent process the port. The service ends
 * with its parent: a demo without its terminal must not run in the background.
 */
export async function listen(fetch: Fetch, beforeExit: () => void = () => {}): Promise<number> {
  const wanted = Number(process.env.PORT ?? 0);
  const samePort = process.env.DEMO_SAME_PORT === "1";
  const { server, port } = await bind(fetch, wanted, samePort);

  let stopping = false;
  const stop = () => {
    if (stopping) return;
    stopping = true;
    server.close(() => leave());
    setTimeout(leave, DRAIN_MS);
  };
  const leave = () => {
    beforeExit();
    process.exit(0);
  };
  process.on("SIGTERM", stop);
  process.on("disconnect", stop);
  // Ctrl-C reaches the whole group of processes. The parent decides when to stop.
  process.on("SIGINT", () => {});
  process.send?.({ port });
  return port;
}

async function bind(fetch: Fetch, wanted: number, samePort: boolean) {
  const giveUpAt = Date.now() + REBIND_MS;
  for (let port = wanted; ; ) {
    const bound = await tryPort(fetch, port);
    if (!(bound instanceof Error)) return bound;
    if (!isBusy(bound)) throw bound;
    const isHopeless = samePort ? Date.now() > giveUpAt : port >= wanted + PORTS;
    if (isHopeless)
      throw new Error(`Port ${wanted} is busy. Free it or choose another one: PORT=5000 npm start`);
    if (samePort) await new Promise((resolve) => setTimeout(resolve, 100));
    else port += 1;
  }
}

/** A server on this port, or why there is none. */
async function tryPort(fetch: Fetch, port: number) {
  const server = serve({ fetch, port, hostname: "127.0.0.1" });
  const error = await new Promise<Error | undefined>((resolve) => {
    server.once("listening", () => resolve(undefined));
    server.once("error", resolve);
  });
  if (error) return error;
  const address = server.address();
  const isTcp = typeof address === "object" && address !== null;
  return { server, port: isTcp ? address.port : port };
}

function isBusy(error: Error): boolean {
  return "code" in error && error.code === "EADDRINUSE";
}
