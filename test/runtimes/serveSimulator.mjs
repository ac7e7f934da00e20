import { serve } from "@hono/node-server";
import { createAresSimulator } from "../../dist/testing.node.js";

/** Serves the simulator over HTTP, for users who sign in with ARES. `renew` brings an empty book, for the next runtime. */
export async function serveSimulator() {
  const settings = { users: { ada: 698 }, rotation: /** @type {const} */ ("detects_reuse") };
  let simulator = createAresSimulator(settings);
  /** @type {import("node:http").Server} */
  const server = await new Promise((resolve) => {
    const starting = serve(
      { fetch: (request) => simulator.serve(request), port: 0, hostname: "127.0.0.1" },
      () => resolve(/** @type {import("node:http").Server} */ (starting)),
    );
  });
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === "object" ? address?.port : address}`,
    ares: {
      /** @param {string} consent */
      open: (consent) => fetch(consent, { redirect: "manual" }),
      expire: async () => simulator.expireToken("ada"),
      seen: async () => ({
        charges: simulator.charges.length,
        refreshes: simulator.requests.token - 1,
      }),
    },
    renew() {
      simulator = createAresSimulator(settings);
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
