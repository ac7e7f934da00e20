import { clerkAuth, createAresServer, type SqlLedger } from "ares-react/server";
import type { DemoAres } from "./ares";
import { prices } from "./prices";

/**
 * The same endpoint over the real services, with the variables of `.env.example`.
 *
 * Not verified against live Clerk or live ARES: the code follows their documentation.
 */
export function realAres(ledger: SqlLedger, origins: readonly string[]): DemoAres {
  const {
    ARES_CLIENT_ID = "",
    CLERK_SECRET_KEY = "",
    CLERK_JWT_KEY,
    VITE_CLERK_PUBLISHABLE_KEY = "",
  } = process.env;
  // Without these variables, the real services are used. The tests set them.
  const { CLERK_API_URL, ARES_BASE_URL } = process.env;
  return createAresServer({
    clientId: ARES_CLIENT_ID,
    prices,
    ledger,
    auth: clerkAuth({
      secretKey: CLERK_SECRET_KEY,
      publishableKey: VITE_CLERK_PUBLISHABLE_KEY,
      jwtKey: CLERK_JWT_KEY,
      authorizedParties: origins,
      apiUrl: CLERK_API_URL,
    }),
    ares: ARES_BASE_URL === undefined ? {} : { baseUrl: ARES_BASE_URL },
  });
}
