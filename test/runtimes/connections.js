/**
 * An app without a sign-in of its own, whose users are those of ARES: the connect door with web standards only. One asks a
 * simulator inside of the runtime, and one asks ARES over HTTP with the runtime's own `fetch`.
 */
import { aresConnect, memoryTokens } from "ares-react/connect";
import { createAresServer, definePrices, memoryLedger } from "ares-react/server";
import { connectUrl } from "./aresUrl.js";
// The simulator alone: the whole door brings React and msw, which ask for rights that Deno does not give here.
import { createAresSimulator } from "./node_modules/ares-react/dist/testing.bare.js";

const simulator = createAresSimulator({ users: { ada: 698 }, rotation: "detects_reuse" });

/** What the walk inside does to its ARES. */
export const pretendOAuth = {
  /** @param {string} address */
  open: (address) => simulator.fetch(address),
  expire: async () => simulator.expireToken("ada"),
  seen: async () => ({
    charges: simulator.charges.length,
    refreshes: simulator.requests.token - 1,
  }),
};

export const inside = createApp({ fetch: simulator.fetch });
export const served = createApp({ baseUrl: connectUrl, authorizeUrl: `${connectUrl}/oauth` });

/** @param {import("ares-react/connect").AresOAuthOptions} ares */
function createApp(ares) {
  const connection = aresConnect({
    clientId: "app",
    clientSecret: "pretend",
    redirectUri: "https://app.example/api/ares/connect/callback",
    secret: "A".repeat(43),
    tokens: memoryTokens(),
    session: "ares",
    ares,
  });
  const { handler } = createAresServer({
    clientId: "app",
    prices: definePrices({ "export-pdf": 1 }),
    auth: connection.auth,
    ledger: memoryLedger(),
    ares,
  });
  return {
    /** @param {Request} request */
    handler: (request) =>
      new URL(request.url).pathname.startsWith("/api/ares/connect")
        ? connection.handler(request)
        : handler(request),
  };
}
