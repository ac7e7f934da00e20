/**
 * `npm run bench:server` measures what a charge costs this process in CPU time, beside the guide's own route, in one run.
 * ARES and Clerk are pretend servers in another process. The kit's ledger runs here, and its cost counts.
 *
 * The ratios are for people to read. A busy machine changes them, so no check of CI depends on them.
 */
import { fork } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClerkClient } from "@clerk/backend";
import { createClient } from "@libsql/client";
import {
  clerkAuth,
  createAresServer,
  definePrices,
  fromLibsql,
  memoryLedger,
  mintKey,
  sqlLedger,
} from "ares-react/server";

const pretend = fork(new URL("server/pretend.mjs", import.meta.url), { execArgv: [] });
const port = await new Promise((resolve) => pretend.once("message", resolve));
const base = `http://127.0.0.1:${port}`;
const session = async () => (await fetch(`${base}/session`)).json();
const { publishableKey, secretKey, jwtKey } = await session();

/** @typedef {(request: Request) => Promise<Response>} Route */

/** The POST of the guide's route file, with its calls in their order. @param {(request: Request) => Promise<string | null>} readToken @returns {Route} */
const guide = (readToken) => async (request) => {
  const accessToken = await readToken(request);
  if (!accessToken) return Response.json({ message: "Access token not found" }, { status: 401 });
  const { client_id, usage, credits } = await request.json();
  if (!client_id || !usage || credits === undefined)
    return Response.json({ message: "Missing required fields" }, { status: 400 });
  const answer = await fetch(`${base}/v1/partner/usage`, {
    method: "POST",
    headers: { Authorization: `Bearer ${accessToken}`, "Content-Type": "application/json" },
    body: JSON.stringify({ client_id, usage, credits }),
  });
  if (!answer.ok)
    return Response.json({ error: `ARES API error: ${answer.status}` }, { status: answer.status });
  return Response.json(await answer.json());
};

/** @param {Pick<import("ares-react/server").AresServerOptions, "auth" | "ledger">} parts @returns {Route} */
const kit = (parts) =>
  createAresServer({
    ...parts,
    clientId: "bench",
    prices: definePrices({ image: 1 }),
    rateLimit: false,
    ares: { baseUrl: base },
  }).handler;

/** @param {Route} route */
const always = (route) => () => route;

const clerk = createClerkClient({
  publishableKey,
  secretKey,
  jwtKey,
  apiUrl: base,
  telemetry: { disabled: true },
});
const origin = "https://app.example";
const realAuth = clerkAuth({
  publishableKey,
  secretKey,
  jwtKey,
  apiUrl: base,
  authorizedParties: [origin],
});
const stubAuth = async () => ({ userId: "user_ann", getAccessToken: async () => "ares-token" });

const directory = mkdtempSync(join(tmpdir(), "ares-bench-"));
const sqlite = async (/** @type {string} */ name) => {
  const ledger = sqlLedger({
    dialect: "sqlite",
    query: fromLibsql(createClient({ url: `file:${join(directory, name)}` })),
  });
  await ledger.setup();
  return ledger;
};

/** A route for each batch: a ledger in memory reads all rows of its user, and begins anew with each batch.
 * @type {Record<string, { guide: Route, kits: Record<string, () => Route>, goal: string, before: string }>} */
const races = {
  "real Clerk": {
    guide: guide(async (request) => {
      const state = await clerk.authenticateRequest(request, { authorizedParties: [origin] });
      const userId = state.toAuth()?.userId;
      return userId
        ? ((await clerk.users.getUserOauthAccessToken(userId, "custom_ares")).data[0]?.token ??
            null)
        : null;
    }),
    kits: {
      "ledger in memory": () => kit({ auth: realAuth, ledger: memoryLedger() }),
      "file of SQLite": always(kit({ auth: realAuth, ledger: await sqlite("real.db") })),
    },
    before: "1.35",
    goal: "≤ 0.8",
  },
  "stub sign-in": {
    guide: guide(async () => "ares-token"),
    kits: {
      "ledger in memory": () => kit({ auth: stubAuth, ledger: memoryLedger() }),
      "file of SQLite": always(kit({ auth: stubAuth, ledger: await sqlite("stub.db") })),
    },
    before: "1.72",
    goal: "≤ 1.2",
  },
};

const body = JSON.stringify({ usage: "image", credits: 1, client_id: "bench" });
const BATCH = 300;
const ROUNDS = 9;

/** CPU time of one charge in this process, in microseconds. @param {Route} route */
async function batch(route) {
  const { token } = await session();
  const headers = {
    "Content-Type": "application/json",
    "Content-Length": `${body.length}`,
    "Sec-Fetch-Site": "same-origin",
  };
  const press = () =>
    new Request(`${origin}/api/ares`, {
      method: "POST",
      headers: { ...headers, Authorization: `Bearer ${token}`, "Idempotency-Key": mintKey() },
      body,
    });
  const from = process.cpuUsage();
  for (let n = 0; n < BATCH; n += 10) {
    const answers = await Promise.all(Array.from({ length: 10 }, () => route(press())));
    for (const answer of answers)
      if (answer.status !== 200)
        throw new Error(`A charge was answered ${answer.status}: ${await answer.text()}`);
  }
  const { user, system } = process.cpuUsage(from);
  return (user + system) / BATCH;
}

const median = (/** @type {number[]} */ all) =>
  all.toSorted((a, b) => a - b)[all.length >> 1] ?? Number.NaN;

// A new ledger refuses the keys of its first moments.
await new Promise((done) => setTimeout(done, 2_500));
console.log(
  "| sign-in | ledger | guide's route, µs of CPU | this kit, µs | ratio | on 5680cd1 | goal |",
);
console.log("|---|---|---|---|---|---|---|");
for (const [signIn, { guide: rival, kits, goal, before }] of Object.entries(races)) {
  const routes = [always(rival), ...Object.values(kits)];
  const times = routes.map(() => /** @type {number[]} */ ([]));
  for (let round = -2; round < ROUNDS; round++) {
    for (const [n, route] of routes.entries()) {
      const time = await batch(route());
      if (round >= 0) times[n]?.push(time);
    }
  }
  const [theirs = Number.NaN, ...ours] = times.map(median);
  for (const [n, ledger] of Object.keys(kits).entries()) {
    const mine = ours[n] ?? Number.NaN;
    console.log(
      `| ${signIn} | ${ledger} | ${theirs.toFixed(0)} | ${mine.toFixed(0)} | ${(mine / theirs).toFixed(2)} | ${ledger === "ledger in memory" ? before : ""} | ${ledger === "ledger in memory" ? goal : ""} |`,
    );
  }
}
pretend.disconnect();
rmSync(directory, { recursive: true, force: true });
process.exit();
