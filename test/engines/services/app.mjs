/** One server of an app: the built package, on the ledger under test. A user's token is the user's name. */
import { createAresServer } from "ares-react/server";
import { carelessRoutes } from "./carelessRoutes.mjs";
import { listen, readSetup } from "./listen.mjs";
import { openLedger } from "./openLedger.mjs";
import { answerStats } from "./stats.mjs";

const { ares, ledger: choice, prices, timeoutMs, route, spendCap } = readSetup();
const clientId = "engines-app";
/** @type {Map<string, string>} */
const tokens = new Map();

/**
 * The sign-in service's token, kept as a real service keeps it: read again only after ARES refused it.
 *
 * @param {string} user
 * @param {boolean} refresh
 */
async function accessToken(user, refresh = false) {
  const kept = tokens.get(user);
  if (kept !== undefined && !refresh) return kept;
  const answer = await fetch(`${ares}/__sim/token`, {
    method: "POST",
    body: JSON.stringify({ user, issue: refresh }),
  });
  const { token } = await answer.json();
  tokens.set(user, token);
  return token;
}

/** @param {Request} request */
async function auth(request) {
  const userId = request.headers.get("Authorization")?.replace("Bearer ", "");
  if (!userId) return null;
  return { userId, getAccessToken: ({ refresh = false } = {}) => accessToken(userId, refresh) };
}

const { ledger } = await openLedger(choice);
const server = createAresServer({
  clientId,
  prices,
  auth,
  ledger,
  rateLimit: false,
  // Nobody meets this cap unless the trial names a lower one, but each charge is counted as under any cap.
  spendCap: { perMinute: 1_000_000, perDay: 1_000_000, ...spendCap },
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

const charge =
  route === "kit"
    ? server.handler
    : await carelessRoutes(route, { ares, clientId, accessToken, ledger: choice, timeoutMs });

listen(async (request) => {
  const { pathname } = new URL(request.url);
  if (pathname === "/stats") return answerStats();
  if (pathname === "/crowd") return answerCrowd(await request.json());
  return charge(request);
});
