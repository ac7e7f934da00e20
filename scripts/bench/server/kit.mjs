/** The handler of this package, in front of the same pretend servers as the guide's route. */
import { clerkAuth, createAresServer, definePrices, memoryLedger } from "../../../dist/server.js";

/** @param {import("./guide.mjs").Place} place @param {"clerk" | "stub"} signIn @param {import("ares-react/server").Ledger} ledger @returns {import("./guide.mjs").Route} */
export function openKit({ base, origin, ...keys }, signIn, ledger = memoryLedger()) {
  const auth =
    signIn === "clerk"
      ? clerkAuth({ ...keys, apiUrl: base, authorizedParties: [origin] })
      : async () => ({ userId: "user_ann", getAccessToken: async () => "ares-token" });
  return createAresServer({
    auth,
    ledger,
    clientId: "bench",
    prices: definePrices({ image: 1 }),
    rateLimit: false,
    ares: { baseUrl: base },
  }).handler;
}
