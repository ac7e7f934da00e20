import type { AresServerOptions } from "ares-react/server";
import { clerkAuth, createAresServer, definePrices, fromPg, sqlLedger } from "ares-react/server";
import { Pool } from "pg";

export const prices = definePrices({
  "export-pdf": 1,
  report: { credits: 3 },
});

const pool = new Pool({ connectionString: process.env.DATABASE_URL });
// Without a listener a restart of PostgreSQL ends this process.
pool.on("error", (error) => console.error(error.message));

export const ledger = sqlLedger({ dialect: "postgres", query: fromPg(pool) });

export const aresOptions = {
  clientId: process.env.ARES_CLIENT_ID ?? "",
  prices,
  ledger,
  auth: clerkAuth({
    secretKey: process.env.CLERK_SECRET_KEY ?? "",
    publishableKey: process.env.NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY ?? "",
    jwtKey: process.env.CLERK_JWT_KEY,
    authorizedParties: [process.env.APP_ORIGIN ?? "http://localhost:3000"],
    // Without this variable, Clerk's own API is used. `npm run test:next` of ares-react sets it.
    apiUrl: process.env.CLERK_API_URL,
  }),
  // Without onEvent no charge is logged. An error may hold secrets, so onError prints only its name.
  onEvent: (event) => console.info("ares", JSON.stringify(event)),
  onError: (error) => console.error("ares", error instanceof Error ? error.name : typeof error),
  // Without this variable, the real ARES is used.
  ares: { baseUrl: process.env.ARES_BASE_URL },
} satisfies AresServerOptions;

export const ares = createAresServer(aresOptions);
