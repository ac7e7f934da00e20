import { existsSync } from "node:fs";
import { createClient } from "@libsql/client";
import { otel } from "ares-react/otel";
import { createAresServer, definePrices, fromLibsql, sqlLedger } from "ares-react/server";

const tokens = JSON.parse(process.env.ARES_TOKENS ?? "{}");
const ofUser = (userId) => ({ userId, getAccessToken: async () => tokens[userId] ?? null });

/** The sign-in of this walk: a cookie that says who it is. */
async function auth(request) {
  const [, user] = /(?:^|; )session=(\w+)/.exec(request.headers.get("Cookie") ?? "") ?? [];
  return user === undefined ? null : ofUser(user);
}
auth.forUser = ofUser;

export const aresOptions = {
  clientId: "launch",
  prices: definePrices({ report: { credits: 3 }, "export-pdf": 1 }),
  ledger: sqlLedger({
    dialect: "sqlite",
    query: fromLibsql(createClient({ url: process.env.DATABASE_URL })),
  }),
  auth,
  evidence: "balance",
  paused: () => existsSync("paused"),
  spendCap: { perMinute: Number(process.env.PER_MINUTE), perDay: 1_000 },
  onEvent: (event) => console.log(JSON.stringify(event)),
  onError: (error) => console.error(error instanceof Error ? error.message : "unknown"),
  telemetry: otel(),
  ares: { baseUrl: process.env.ARES_BASE_URL, timeoutMs: 2_000 },
};

export const ares = createAresServer(aresOptions);
