import { serve } from "@hono/node-server";

/**
 * Serves on this machine only, on a free port, and tells the parent the port. The service ends with its parent: a
 * killed test must leave no servers behind.
 *
 * @param {Parameters<typeof serve>[0]["fetch"]} fetch
 */
export function listen(fetch) {
  const server = serve({ fetch, port: 0, hostname: "127.0.0.1" }, ({ port }) =>
    process.send?.({ port }),
  );
  process.on("disconnect", () => process.exit(0));
  process.on("SIGTERM", () => process.exit(0));
  return server;
}

/** The parent's command for this service. */
export function readSetup() {
  return JSON.parse(process.env.SETUP ?? "{}");
}
