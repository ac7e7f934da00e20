import { digest, toHundredths } from "../../contract";
import type { AresAuth } from "../auth/auth";
import { renewToken, tokenOf } from "../auth/session";
import type { Outcome } from "../ledger/ledger";
import { refuse } from "../refusals";
import { type AresApi, userOf } from "./aresApi";
import { classify } from "./classify";

/** The user's account at ARES. `credits` is the balance as ARES tells it, unrounded. */
export interface AresAccount {
  id?: string | undefined;
  email?: string | undefined;
  credits: number;
}

/** Reads the account of a session. A refused token is read again once. */
export async function readAccount(api: AresApi, auth: AresAuth): Promise<AresAccount> {
  const token = await tokenOf(auth);
  let reply = await api.getUser(token);
  const renewed = classify(reply).status === "token_rejected" ? await renewToken(auth) : token;
  if (renewed !== null && renewed !== token) reply = await api.getUser(renewed);
  if (classify(reply).status === "token_rejected") throw refuse("reconnect");
  if (reply.status === "answered" && reply.http === 429) {
    throw refuse("rate_limited", { retryAfterSeconds: reply.retryAfterSeconds });
  }
  const user = userOf(reply);
  if (!user) throw refuse("ares_unreachable");
  return { id: user.id, email: user.email, credits: user.credits };
}

/** A balance as evidence, with a digest of the account: a user may connect another ARES account later. */
export async function evidenceOf({
  id,
  credits,
}: Pick<AresAccount, "id" | "credits">): Promise<Outcome> {
  return {
    balanceBefore: toHundredths(credits),
    ...(id !== undefined && { wallet: await digest(["wallet", id]) }),
  };
}
