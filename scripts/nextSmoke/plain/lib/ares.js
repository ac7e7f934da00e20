import { createAresServer, memoryLedger } from "ares-react/server";

/** One ledger for the whole process: Next loads this file once for each runtime and route. */
globalThis.smoke ??= { ledger: memoryLedger({ skewMs: 0 }) };

const tokens = { ann: process.env.TOKEN_ANN, cyd: process.env.TOKEN_CYD };

export const ares = createAresServer({
  clientId: "plain",
  prices: { report: 3 },
  ledger: globalThis.smoke.ledger,
  rateLimit: false,
  ares: { baseUrl: process.env.ARES_BASE_URL },
  async auth(request) {
    const userId = /\buser=(\w+)/.exec(request.headers.get("Cookie") ?? "")?.[1];
    return userId === undefined
      ? null
      : { userId, getAccessToken: async () => tokens[userId] ?? null };
  },
});
