import { serve } from "@hono/node-server";

/**
 * Serves on this machine only, on a free port, and tells the parent the port.
 *
 * @param {Parameters<typeof serve>[0]["fetch"]} fetch
 */
export function listen(fetch) {
  endWithParent();
  return serve({ fetch, port: 0, hostname: "127.0.0.1" }, ({ port }) => process.send?.({ port }));
}

/** A killed test must leave no servers behind. */
export function endWithParent() {
  process.on("disconnect", () => process.exit(0));
  process.on("SIGTERM", () => process.exit(0));
}

/** The parent's command for this service. */
export function readSetup() {
  return JSON.parse(process.env.SETUP ?? "{}");
}
