import { createAresServer, memoryLedger } from "ares-react/server";

/** One ledger for the whole process: Next loads this file once for pages and once for routes. `down` breaks each verb. */
globalThis.smoke ??= { down: false, ledger: memoryLedger({ skewMs: 0 }) };

const tokens = {
  ann: process.env.TOKEN_ANN,
  bob: process.env.TOKEN_BOB,
  cyd: process.env.TOKEN_CYD,
};

export const ares = createAresServer({
  clientId: "first-paint",
  prices: { report: 3 },
  ledger: new Proxy(globalThis.smoke.ledger, {
    get: (ledger, verb) =>
      globalThis.smoke.down ? async () => Promise.reject(new Error("down")) : ledger[verb],
  }),
  onError: () => {},
  rateLimit: false,
  ares: { baseUrl: process.env.ARES_BASE_URL },
  async auth(request) {
    const userId = /\buser=(\w+)/.exec(request.headers.get("Cookie") ?? "")?.[1];
    return userId === undefined
      ? null
      : { userId, getAccessToken: async () => tokens[userId] ?? null };
  },
});
