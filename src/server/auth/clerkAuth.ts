import type { ClerkClient } from "@clerk/backend";
import { within } from "../bounded";
import { refuse } from "../refusals";
import type { AresAuth, Authenticate } from "./auth";
import { type ClerkAuthOptions, checkClerkOptions } from "./clerkOptions";
import { AccessTokens, best, clerkFailure } from "./clerkTokens";
import { createTokenCache, type TokenCache } from "./tokenCache";

/**
 * Makes the `auth` of `createAresServer` for an app whose users sign in with Clerk and connect ARES there as a custom OAuth provider.
 *
 * Only session tokens made for one of `authorizedParties` count; machine tokens and pending sessions are nobody, and a session
 * that impersonates its user may read but not charge. With `jwtKey` no
 * request waits for Clerk to be authenticated. Access tokens are kept in memory until a minute before they end, ten minutes at most,
 * and read again when the page names another account with `?account=`, which only a user who connected another one does.
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
  checkClerkOptions(options);
  // The prefix `oauth_` works, with a deprecation warning at each call.
  const provider = `custom_${(options.provider ?? "custom_ares").replace(/^(oauth_)?custom_/, "")}` as const;
  let client: Promise<ClerkClient> | undefined;
  const clerk = () => {
    client ??= loadClerk(options);
    return client;
  };

  const tokens = createTokenCache({
    now,
    async read(userId, account) {
      const { users } = await clerk();
      try {
        const answer: unknown = await within(timeoutMs, users.getUserOauthAccessToken(userId, provider));
        return best(AccessTokens.parse(answer), account, now());
      } catch (error) {
        return clerkFailure(error);
      }
    },
  });

  const authenticate = async (request: Request) => {
    const session = await verifiedSession(request, await clerk(), authorizedParties, timeoutMs);
    // Somebody of the app who looks at it in a user's name must not spend that user's credits.
    return session?.userId ? { ...authOf(session.userId, namedAccount(request), tokens), mayCharge: !session.actor } : null;
  };
  return Object.assign(authenticate, { forUser: (userId: string) => authOf(userId, undefined, tokens) });
}

/** The account the page sees. Anybody can write anything here; it is only compared, and kept while its token is. */
function namedAccount({ url }: Request): string | undefined {
  const account = new URL(url).searchParams.get("account");
  return account !== null && /^\w{1,64}$/.test(account) ? account : undefined;
}

function authOf(userId: string, account: string | undefined, tokens: TokenCache): AresAuth {
  let given: string | null = null;
  return {
    userId,
    async getAccessToken({ refresh = false } = {}) {
      given = refresh ? await tokens.renew(userId, given, account) : await tokens.get(userId, account);
      return given;
    },
  };
}

async function verifiedSession(request: Request, clerk: ClerkClient, authorizedParties: readonly string[], timeoutMs: number) {
  // Clerk's package takes no signal, so an answer that comes too late is only ignored.
  const asked = clerk.authenticateRequest(bare(request), { authorizedParties: [...authorizedParties], acceptsToken: "session_token" });
  const state = await within(timeoutMs, asked).catch(() => null);
  if (state === null || (state.reason !== null && CANNOT_TELL.has(state.reason))) {
    throw refuse("auth_unavailable", {}, { cause: new Error(`Clerk could not verify a session (${state?.reason ?? "no answer"}).`) });
  }

  // `isAuthenticated` is true for a pending session; only `userId` says that it is complete.
  const session = state.toAuth();
  return session?.tokenType === "session_token" ? session : null;
}

/** Reasons for "signed out" that speak of Clerk, its keys or this server, and not of the token. */
const CANNOT_TELL: ReadonlySet<string> = new Set([
  "jwk-remote-failed-to-load",
  "jwk-remote-invalid",
  "jwk-remote-missing",
  "jwk-failed-to-resolve",
  "jwk-local-missing",
  "secret-key-invalid",
  "unexpected-error",
]);

/**
 * The request as far as Clerk may see it: token and cookies. Clerk answers page requests with redirects, and asks its API
 * when a request brings a handshake or a refresh cookie; an endpoint that answers JSON needs neither, and nobody may make it call out.
 */
function bare(request: Request): Request {
  const headers = new Headers();
  const authorization = request.headers.get("authorization");
  if (authorization !== null) headers.set("authorization", authorization);
  const cookies = request.headers
    .get("cookie")
    ?.split(/; */)
    .filter((cookie) => !cookie.startsWith("__clerk_handshake"));
  if (cookies?.length) headers.set("cookie", cookies.join("; "));
  const { origin, pathname } = new URL(request.url);
  return new Request(`${origin}${pathname}`, { method: "POST", headers });
}

/** Loaded at the first request, so that `ares-react/server` works without Clerk; in a `try`, so that bundlers let it be missing. */
async function loadClerk({ secretKey, publishableKey, jwtKey, apiUrl }: ClerkAuthOptions): Promise<ClerkClient> {
  try {
    const { createClerkClient } = await import("@clerk/backend");
    return createClerkClient({
      secretKey,
      publishableKey,
      // Environment variables often hold the line breaks of a PEM as two characters.
      ...(jwtKey && { jwtKey: jwtKey.replaceAll("\\n", "\n") }),
      ...(apiUrl && { apiUrl }),
      telemetry: { disabled: true },
    });
  } catch (cause) {
    throw refuse(
      "internal",
      {},
      {
        message: "ARES: clerkAuth needs the package @clerk/backend. Nobody can sign in without it. Run npm install @clerk/backend.",
        cause,
      },
    );
  }
}
