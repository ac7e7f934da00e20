import { AresError, isAresError } from "../../contract";
import { within } from "../bounded";
import { isOfFramework, refuse } from "../refusals";
import { type AresAuth, type Authenticate, faultOfUserId } from "./auth";

/** The access token of a session. @throws {AresError} `not_connected`, `reconnect`, `auth_unavailable` */
export async function tokenOf(auth: AresAuth): Promise<string> {
  const token = await readToken(auth);
  if (token === null) throw refuse("not_connected");
  return token;
}

/** Reads a new token, past any cache, after ARES refused the token before. */
export function renewToken(auth: AresAuth): Promise<string | null> {
  return readToken(auth, { refresh: true });
}

/** Reads the token. An app's `auth` may throw instead of reject, and may return an empty value instead of `null`. */
async function readToken(auth: AresAuth, options?: { refresh: true }): Promise<string | null> {
  return (await inSignIn(async () => auth.getAccessToken(options))) || null;
}

/** The user who sent a request. @throws {AresError} `not_signed_in`, `auth_unavailable` */
export async function authenticated(
  authenticate: Authenticate,
  request: Request,
): Promise<AresAuth> {
  const auth = await inSignIn(async () => authenticate(request));
  if (!auth && isBare(request))
    throw refuse(
      "not_signed_in",
      {},
      { message: BARE, cause: new AresError("not_signed_in", `ARES: ${BARE}`) },
    );
  // Such users would share each other's rows and charges.
  if (!auth || faultOfUserId(auth.userId) !== undefined) throw refuse("not_signed_in");
  return auth;
}

/** True for a request without any header, such as no browser and no client sends. */
function isBare({ headers }: Request): boolean {
  return headers.keys().next().done === true;
}

const BARE =
  'This request has no headers at all, so nobody can be signed in. Nothing was charged. Next.js takes cookies and headers away where a route or a page says dynamic = "force-static" or is in a cached scope: remove that.';

const AUTH_MS = 10_000;

/**
 * Turns an error or a timeout of the app's sign-in into a code. The error's text is dropped, because it may hold a token.
 * What a framework throws, such as a redirect to the sign-in, passes unchanged.
 */
async function inSignIn<T>(operation: () => Promise<T>): Promise<T> {
  try {
    return await within(AUTH_MS, operation());
  } catch (error) {
    throw isAresError(error) || isOfFramework(error) ? error : refuse("auth_unavailable");
  }
}
