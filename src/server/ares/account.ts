import { isAresError, toHundredths } from "../../contract";
import type { AresAuth, Authenticate } from "../auth/auth";
import { within } from "../bounded";
import { digest } from "../charge/chargeId";
import type { Outcome } from "../ledger/ledger";
import { refuse } from "../refusals";
import { type AresApi, userOf } from "./aresApi";
import { classify } from "./classify";

/** Who the user is at ARES, and what they have left. `credits` is what ARES said, unrounded. */
export interface AresAccount {
  id?: string | undefined;
  email?: string | undefined;
  credits: number;
}

/** Reads the account behind a session; a refused token is re-read once. */
export async function readAccount(api: AresApi, auth: AresAuth): Promise<AresAccount> {
  const token = await tokenOf(auth);
  let reply = await api.getUser(token);
  const renewed = classify(reply).is === "token_rejected" ? await renewToken(auth) : token;
  if (renewed !== null && renewed !== token) reply = await api.getUser(renewed);
  if (classify(reply).is === "token_rejected") throw refuse("reconnect");
  if (reply.is === "response" && reply.status === 429) {
    throw refuse("rate_limited", { retryAfterSeconds: reply.retryAfterSeconds });
  }
  const user = userOf(reply);
  if (!user) throw refuse("ares_unreachable");
  return { id: user.id, email: user.email, credits: user.credits };
}

/** A balance as evidence, with a digest of whose it is: one person may exchange one ARES wallet for another. */
export async function evidenceOf({ id, credits }: Pick<AresAccount, "id" | "credits">): Promise<Outcome> {
  return { balanceBefore: toHundredths(credits), ...(id !== undefined && { wallet: await digest(["wallet", id]) }) };
}

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
