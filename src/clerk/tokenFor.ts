import { AresError } from "../contract";

/**
 * Makes a `getToken` that speaks for one user only.
 *
 * Clerk's own one answers for whoever is signed in when it is called. A charge that one user began must never reach the server
 * with another's token, nor without one: then a cookie would speak, and it may be the other's.
 *
 * @throws {AresError} `not_signed_in` when this user is no longer the one who is signed in.
 */
export function tokenFor(userId: string, getToken: () => Promise<string | null>): () => Promise<string> {
  return async () => {
    const token = await getToken();
    // Clerk 5 answers with no token while it is offline, which signs nobody out.
    if (token === null && navigator.onLine === false) {
      throw new AresError("auth_unavailable", "ARES: there is no network. Nothing was charged. Try again once there is.", {
        retryable: true,
      });
    }
    if (token === null || (subjectOf(token) ?? userId) !== userId) {
      throw new AresError("not_signed_in", "ARES: this user is no longer signed in. Nothing was charged. Sign in and try again.");
    }
    return token;
  };
}

/** Whom a session token is for; undefined when it can't be read. The server verifies it; this only compares. */
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
