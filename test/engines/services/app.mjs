/** One server of an app: the built package, on the ledger under test. A user's token is the user's name. */
import { createAresServer } from "ares-react/server";
import { listen, readSetup } from "./listen.mjs";
import { openLedger } from "./openLedger.mjs";
import { answerStats } from "./stats.mjs";
import { createAccessToken } from "./tokens.mjs";

const { ares, ledger: choice, prices, timeoutMs } = readSetup();
const accessToken = createAccessToken(ares);

/** @param {Request} request */
async function auth(request) {
  const userId = request.headers.get("Authorization")?.replace("Bearer ", "");
  if (!userId) return null;
  return { userId, getAccessToken: ({ refresh = false } = {}) => accessToken(userId, refresh) };
}

const { ledger } = await openLedger(choice);
const server = createAresServer({
  clientId: "engines-app",
  prices,
  auth,
  ledger,
  // Nobody meets these limits, but each charge is counted as under any limit.
  rateLimit: { charges: 1e9, reads: 1e9, chargesOnAllServers: 1_000_000 },
  spendCap: { perMinute: 1_000_000, perDay: 1_000_000 },
  ares: { baseUrl: ares, timeoutMs },
});

/**
 * Redeems one charge very many times at once, each time for another request. Counts the answers.
 *
 * @param {{ id: string, times: number }} crowd
 */
async function answerCrowd({ id, times }) {
  /** @type {Record<string, number>} */
  const counts = {};
  const redeems = Array.from({ length: times }, () =>
    ledger.redeem(id, { by: crypto.randomUUID() }),
  );
  for (const answer of await Promise.all(redeems)) counts[answer] = (counts[answer] ?? 0) + 1;
  return Response.json(counts);
}

listen(async (request) => {
  const { pathname } = new URL(request.url);
  if (pathname === "/stats") return answerStats();
  if (pathname === "/crowd") return answerCrowd(await request.json());
  return server.handler(request);
});
