import { AresError } from "../contract";

/**
 * Makes a `getToken` that gives tokens of one user only.
 *
 * Clerk's own `getToken` answers for the user who is signed in at that moment. A charge of one user must never carry
 * another user's token. Without a token a cookie would decide, and the cookie may be the other user's.
 *
 * @throws {AresError} `not_signed_in` when this user is no longer the one who is signed in.
 */
export function tokenFor(
  userId: string,
  getToken: () => Promise<string | null>,
): () => Promise<string> {
  return async () => {
    const token = await getToken();
    // Clerk 5 gives no token while it is offline. The user is still signed in.
    if (token === null && navigator.onLine === false) {
      throw new AresError(
        "auth_unavailable",
        "ARES: there is no network. Nothing was charged. Try again when the network is back.",
        {
          retryable: true,
        },
      );
    }
    if (token === null || (subjectOf(token) ?? userId) !== userId) {
      throw new AresError(
        "not_signed_in",
        "ARES: this user is no longer signed in. Nothing was charged. Sign in and try again.",
      );
    }
    return token;
  };
}

/** The user of a session token; undefined when it can't be read. Only compared here: the server verifies the token. */
function subjectOf(token: string): string | undefined {
  try {
    const payload = atob((token.split(".")[1] ?? "").replace(/-/g, "+").replace(/_/g, "/"));
    const claims: unknown = JSON.parse(payload);
    if (typeof claims !== "object" || claims === null || !("sub" in claims)) return undefined;
    return typeof claims.sub === "string" ? claims.sub : undefined;
  } catch {
    return undefined;
  }
}
