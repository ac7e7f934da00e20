import * as z from "zod/mini";
import { refuse } from "../refusals";
import type { ReadToken } from "./tokenCache";

/** The fields that are read from an error of `@clerk/backend`. Other fields may hold e-mails or tokens, so they are dropped. */
const ClerkError = /* @__PURE__ */ (() =>
  z.looseObject({
    status: z.optional(z.number()),
    retryAfter: z.optional(z.number()),
    errors: z.optional(z.array(z.looseObject({ code: z.string() }))),
  }))();

/** Codes that mean: Clerk can't renew the token, so the user must connect ARES again. */
const ENDED = new Set(["oauth_missing_refresh_token", "oauth_token_retrieval_error"]);

/**
 * Decides what a failed read of an access token means: `null` when there is no such user or account, otherwise it throws.
 *
 * A user who was deleted a moment ago counts as not connected: their session token still verifies until Clerk ends it.
 * An error that is not understood is `auth_unavailable`: the user must not go to ARES in vain.
 *
 * @source clerk/javascript#6302, clerk/javascript#1827 and clerk/clerk-sdk-python#121 for the codes and for 422.
 * @throws {AresError} `reconnect`, `auth_unavailable`
 */
export function clerkFailure(error: unknown): null {
  const { data } = ClerkError.safeParse(error);
  const status = data?.status;
  const codes = data?.errors?.map(({ code }) => code) ?? [];
  const cause = new Error(
    `Clerk's Backend API answered ${status ?? "nothing"}${codes[0] === undefined ? "" : ` (${plain(codes[0])})`}.`,
  );

  if (status === 422 || codes.some((code) => ENDED.has(code)))
    throw refuse("reconnect", {}, { cause });
  if (status === 404 || (status === 400 && codes.includes("resource_not_found"))) return null;
  if (status === 401 || status === 403) {
    const message =
      "Clerk refused this server's secret key. Nothing was charged. Check the secretKey of clerkAuth.";
    throw refuse("auth_unavailable", {}, { message, cause });
  }
  const wait = data?.retryAfter;
  throw refuse(
    "auth_unavailable",
    wait === undefined || wait < 0 ? {} : { retryAfterSeconds: wait },
    { cause },
  );
}

/** A code in the form that Clerk uses. Any other text is not repeated, because it may hold secrets. */
function plain(code: string): string {
  return /^[a-z0-9_]{1,64}$/.test(code) ? code : "a code of unknown form";
}

const AccessToken = /* @__PURE__ */ (() =>
  z.looseObject({
    token: z.string().check(z.minLength(1)),
    expiresAt: z.nullish(z.number()),
    externalAccountId: z.nullish(z.string()),
  }))();

export const AccessTokens = /* @__PURE__ */ (() =>
  z.pipe(
    z.union([z.array(AccessToken), z.looseObject({ data: z.array(AccessToken) })]),
    z.transform((answer) => (Array.isArray(answer) ? answer : answer.data)),
  ))();

/**
 * Picks the account that the page names, or else the first account; never an account because its token lives longer.
 * Of that account's tokens, picks the token that lives longest, or the first when all have expired.
 * Null when the page names an account that is no longer connected.
 */
export function best(
  answer: z.infer<typeof AccessTokens>,
  account: string | undefined,
  now: number,
): ReadToken | null {
  const preferred = answer.find((token) => token.externalAccountId === account);
  // Ids of another form (another prefix) can't be compared.
  if (
    account &&
    !preferred &&
    answer.some(({ externalAccountId }) => externalAccountId?.slice(0, 4) === account.slice(0, 4))
  )
    return null;
  const { externalAccountId: chosen } = preferred ?? answer[0] ?? {};
  const own = answer.filter(({ externalAccountId }) => externalAccountId === chosen);
  const tokens = own.map(({ token, expiresAt }) => ({
    token,
    expiresAt: inMilliseconds(expiresAt),
  }));
  const alive = tokens.filter(({ expiresAt = Number.POSITIVE_INFINITY }) => expiresAt > now);
  const [longest] = alive.sort((a, b) => (b.expiresAt ?? 0) - (a.expiresAt ?? 0));
  return longest ?? tokens[0] ?? null;
}

/** Clerk does not document the unit of `expiresAt`: ten digits are seconds. */
function inMilliseconds(expiresAt: number | null | undefined): number | undefined {
  if (expiresAt === null || expiresAt === undefined) return undefined;
  return expiresAt < 1e12 ? expiresAt * 1000 : expiresAt;
}
