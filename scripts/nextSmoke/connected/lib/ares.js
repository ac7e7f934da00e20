import { aresConnect, sqlTokens } from "ares-react/connect";
import { createAresServer, fromPg, sqlLedger } from "ares-react/server";
import { Pool } from "pg";

const database = {
  dialect: "postgres",
  query: fromPg(new Pool({ connectionString: process.env.DATABASE_URL, max: 2 })),
};
export const tokens = sqlTokens(database);
export const ledger = sqlLedger(database);

export const connection = aresConnect({
  clientId: "connected",
  clientSecret: process.env.ARES_CLIENT_SECRET,
  redirectUri: `${process.env.APP_ORIGIN}/api/ares/connect/callback`,
  secret: process.env.ARES_SECRET,
  tokens,
  session: (request) => /\buser=(\w+)/.exec(request.headers.get("Cookie") ?? "")?.[1] ?? null,
  ares: { authorizeUrl: `${process.env.ARES_BASE_URL}/oauth`, baseUrl: process.env.ARES_BASE_URL },
});

export const ares = createAresServer({
  clientId: "connected",
  prices: { report: 3 },
  ledger,
  auth: connection.auth,
  ares: { baseUrl: process.env.ARES_BASE_URL },
});
