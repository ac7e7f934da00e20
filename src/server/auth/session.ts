import { isAresError } from "../../contract";
import { within } from "../bounded";
import { refuse } from "../refusals";
import type { AresAuth, Authenticate } from "./auth";
/** The access token of a session. @throws {AresError} `not_connected`, `reconnect`, `auth_unavailable` */
export async function tokenOf(auth: AresAuth): Promise<string> {
  const token = await readToken(auth);
  if (token === null) throw refuse("not_connected");
  return token;
}

/** Reads the token past any cache, after ARES refused the one before. */
export function renewToken(auth: AresAuth): Promise<string | null> {
  return readToken(auth, { refresh: true });
}

/** An app's sign-in may throw where it should reject, and may have nothing where it should say `null`. */
async function readToken(auth: AresAuth, options?: { refresh: true }): Promise<string | null> {
  return (await inSignIn(async () => auth.getAccessToken(options))) || null;
}

/** Who sent a request, or `not_signed_in`. */
export async function authenticated(authenticate: Authenticate, request: Request): Promise<AresAuth> {
  const auth = await inSignIn(async () => authenticate(request));
  // Everybody without an id would share one row in the ledger, and so each other's charges.
  if (!auth || typeof auth.userId !== "string" || auth.userId === "") throw refuse("not_signed_in");
  return auth;
}

const AUTH_MS = 10_000;

/** Whatever an app's sign-in throws, or throws too late, becomes a code, without its text: it may hold a token. */
async function inSignIn<T>(operation: () => Promise<T>): Promise<T> {
  try {
    return await within(AUTH_MS, operation());
  } catch (error) {
    throw isAresError(error) ? error : refuse("auth_unavailable");
  }
}
