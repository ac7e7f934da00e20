import type { ClerkClient } from "@clerk/backend";
import * as z from "zod/mini";
import { AresError } from "../contract";
import type { AresAuth, Authenticate } from "./auth";
import { clerkFailure, unavailable } from "./clerkFailure";
import { refuse } from "./refuse";
import { createTokenCache, type ReadToken } from "./tokenCache";

/**
 * Makes the `auth` of `createAresServer` for an app whose users sign in with Clerk and connect ARES there as a custom OAuth provider.
 *
 * Only session tokens made for one of `authorizedParties` count; machine tokens and pending sessions are nobody. With `jwtKey` no
 * request waits for Clerk to be authenticated. Access tokens are kept in memory until a minute before they end, an hour at most.
 * Needs the package `@clerk/backend`.
 *
 * @example
 * const auth = clerkAuth({
 *   secretKey: process.env.CLERK_SECRET_KEY ?? "",
 *   publishableKey: process.env.CLERK_PUBLISHABLE_KEY ?? "",
 *   jwtKey: process.env.CLERK_JWT_KEY,
 *   authorizedParties: ["https://app.example"],
 * });
 *
 * @throws {AresError} `invalid_request` at start-up when an option can't work. Later, from the answers: `reconnect`, `auth_unavailable`.
 */
export function clerkAuth(options: ClerkAuthOptions): Authenticate {
  const { authorizedParties, now = Date.now, timeoutMs = 5_000 } = options;
  checkOptions(options);
  const provider = (options.provider ?? "custom_ares").replace(/^oauth_/, "");
  let client: Promise<ClerkClient> | undefined;

  function clerk(): Promise<ClerkClient> {
    client ??= loadClerk(options);
    return client;
  }

  async function readToken(userId: string): Promise<ReadToken | null> {
    const { users } = await clerk();
    try {
      const answer: unknown = await within(timeoutMs, users.getUserOauthAccessToken(userId, asProvider(provider)));
      return newest(AccessTokens.parse(answer), now());
    } catch (error) {
      return clerkFailure(error);
    }
  }

  const tokens = createTokenCache({ read: readToken, now });

  return async (request) => {
    const { authenticateRequest } = await clerk();
    const asked = authenticateRequest(bare(request), { authorizedParties: [...authorizedParties], acceptsToken: "session_token" });
    const state = await within(timeoutMs, asked).catch(unavailable);
    if (state.reason !== null && CANNOT_TELL.has(state.reason)) return unavailable();

    // `isAuthenticated` is true for a pending session; only `userId` says that it is complete.
    const session = state.toAuth();
    if (session?.tokenType !== "session_token" || !session.userId) return null;
    return authOf(session.userId);
  };

  function authOf(userId: string): AresAuth {
    let given: string | null = null;
    return {
      userId,
      async getAccessToken({ refresh = false } = {}) {
        given = refresh ? await tokens.renew(userId, given) : await tokens.get(userId);
        return given;
      },
    };
  }
}
