import type { ClerkClient, verifyToken } from "@clerk/backend";
import { within } from "../bounded";
import { refuse } from "../refusals";
import type { Authenticate } from "./auth";
import { authFrom, type SessionUser } from "./authFrom";
import { bearerSession } from "./clerkBearer";
import { type ClerkAuthOptions, checkClerkOptions } from "./clerkOptions";
import { AccessTokens, best, clerkFailure } from "./clerkTokens";

/**
 * Makes the `auth` of `createAresServer` for users who sign in with Clerk. ARES is a custom OAuth provider of the Clerk app.
 *
 * A session token counts only when its page is one of `authorizedParties`. A machine token or a pending session is not
 * signed in. An impersonated session may read but not charge. With `jwtKey` no request waits for Clerk.
 * Access tokens stay in memory until a minute before they expire, at most ten minutes. When the page names another account with
 * `?account=`, the token is read again. Needs the package `@clerk/backend`.
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
  // Clerk accepts the prefix `oauth_` too, with a deprecation warning at each call.
  const provider =
    `custom_${(options.provider ?? "custom_ares").replace(/^(oauth_)?custom_/, "")}` as const;
  let client: Promise<Clerk> | undefined;
  const clerk = () => {
    client ??= loadClerk(options);
    return client;
  };

  async function session(request: Request): Promise<SessionUser | null> {
    const { verify, jwtKey, ...client } = await clerk();
    const account = namedAccount(request);
    const bearer = jwtKey
      ? await bearerSession(
          request,
          verify,
          { jwtKey, authorizedParties: [...authorizedParties] },
          timeoutMs,
        )
      : null;
    if (bearer) return { userId: bearer.userId, account, mayCharge: !bearer.impersonated };
    const verified = await verifiedSession(request, client, authorizedParties, timeoutMs);
    if (!verified?.userId) return null;
    // An impersonator must not spend the user's credits.
    return { userId: verified.userId, account, mayCharge: !verified.actor };
  }

  return authFrom({
    now,
    session,
    async read({ userId, account }) {
      const { users } = await clerk();
      try {
        const answer: unknown = await within(
          timeoutMs,
          users.getUserOauthAccessToken(userId, provider),
        );
        return best(AccessTokens.parse(answer), account, now());
      } catch (error) {
        return clerkFailure(error);
      }
    },
  });
}

/** The account that the page names. The server only compares this text, and keeps the text with the account's token. */
function namedAccount({ url }: Request): string | undefined {
  const account = new URL(url).searchParams.get("account");
  return account !== null && /^\w{1,64}$/.test(account) ? account : undefined;
}

async function verifiedSession(
  request: Request,
  clerk: Pick<Clerk, "authenticateRequest">,
  authorizedParties: readonly string[],
  timeoutMs: number,
) {
  // Clerk's package takes no abort signal, so a late answer is ignored.
  const answered = clerk.authenticateRequest(bare(request), {
    authorizedParties: [...authorizedParties],
    acceptsToken: "session_token",
  });
  const state = await within(timeoutMs, answered).catch(() => null);
  if (state === null || (state.reason !== null && CANNOT_TELL.has(state.reason))) {
    throw refuse(
      "auth_unavailable",
      {},
      { cause: new Error(`Clerk could not verify a session (${state?.reason ?? "no answer"}).`) },
    );
  }

  // `isAuthenticated` is true for a pending session; only `userId` says that it is complete.
  const session = state.toAuth();
  return session?.tokenType === "session_token" ? session : null;
}

/** Clerk's reasons for "signed out" that concern Clerk, the keys or this server, not the token. */
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
 * The part of the request that Clerk sees: token and cookies. For a page request Clerk would answer with a redirect.
 * A handshake or refresh cookie would make Clerk call its API. A JSON endpoint needs neither.
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

interface Clerk extends Pick<ClerkClient, "users" | "authenticateRequest"> {
  verify: typeof verifyToken;
  jwtKey: string | undefined;
}

/** Loads Clerk at the first request: `ares-react/server` works without it. The `try` lets bundlers accept a missing package. */
async function loadClerk({
  secretKey,
  publishableKey,
  apiUrl,
  ...options
}: ClerkAuthOptions): Promise<Clerk> {
  try {
    const { createClerkClient, verifyToken: verify } = await import("@clerk/backend");
    // An environment variable often holds a PEM's line breaks as the two characters \\n.
    const jwtKey = options.jwtKey?.replaceAll("\\n", "\n");
    const { users, authenticateRequest } = createClerkClient({
      secretKey,
      publishableKey,
      ...(jwtKey && { jwtKey }),
      ...(apiUrl && { apiUrl }),
      telemetry: { disabled: true },
    });
    return { users, authenticateRequest, verify, jwtKey };
  } catch (cause) {
    throw refuse(
      "internal",
      {},
      {
        message:
          "ARES: clerkAuth needs the package @clerk/backend. Without it no user can sign in. Run npm install @clerk/backend.",
        cause,
      },
    );
  }
}
