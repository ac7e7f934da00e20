import * as z from "zod/mini";

/** What came back from ARES's token endpoint, as plain data. */
export type TokenReply =
  /** `body` is the parsed JSON; null for no body, undefined for no JSON, or for more than 64 KiB. */
  | {
      status: "answered";
      http: number;
      body: unknown;
      retryAfterSeconds?: number | undefined;
    }
  /** Nothing was sent, because the time for it was over. */
  | { status: "held_up" }
  /** Provably no request reached ARES. */
  | { status: "not_sent" }
  /** Anything may have happened: reset, timeout, broken body. */
  | { status: "lost" };

/** The tokens of an answer. */
export interface Tokens {
  accessToken: string;
  /** A new one, where ARES rotates refresh tokens. */
  refreshToken?: string | undefined;
  /** Undefined where ARES names no end that can be. */
  lifetimeMs?: number | undefined;
}

/** What a reply means for the link between a user and ARES. */
export type TokenAnswer =
  | ({ status: "tokens" } & Tokens)
  /** `invalid_grant`: this code or refresh token is worth nothing any more. */
  | { status: "ended" }
  /** 400, 401 or 403 with JSON or nothing, without an OAuth code: it may come from ARES, or from something in front of it. */
  | { status: "refused"; http: number }
  /** ARES could not answer this time. A new refresh token may come with an access token that nobody can use. */
  | {
      status: "unavailable";
      why: string;
      refreshToken?: string | undefined;
      retryAfterSeconds?: number | undefined;
    }
  | { status: "held_up" }
  | { status: "lost" };

/** The longest access token: a header carries no more to every server. */
const MAX_ACCESS_TOKEN = 8 * 1024;
/** No token lives longer. A longer time is a mistake of its unit. */
const MAX_LIFETIME_S = 366 * 24 * 60 * 60;

const AccessToken = /* @__PURE__ */ (() =>
  z.string().check(z.regex(/^[\x21-\x7e]+$/), z.maxLength(MAX_ACCESS_TOKEN)))();

const text = /* @__PURE__ */ (() => z.string().check(z.minLength(1)))();

/** An OAuth error code has this form. ARES's other errors are sentences, such as "Invalid token". */
const OAuthError = /* @__PURE__ */ (() =>
  z.looseObject({ error: z.string().check(z.regex(/^[a-z_]{1,64}$/)) }))();

const TokenBody = /* @__PURE__ */ (() =>
  z.looseObject({
    access_token: z.unknown(),
    refresh_token: z.optional(z.unknown()),
    expires_in: z.optional(z.unknown()),
    token_type: z.optional(z.unknown()),
  }))();

/**
 * Decides what a reply of the token endpoint means. Total: whatever proves nothing keeps the link.
 *
 * @source RFC 6749, section 5. ARES documents neither the status nor the text of a refusal.
 */
export function readTokens(reply: TokenReply): TokenAnswer {
  switch (reply.status) {
    case "not_sent":
      return { status: "unavailable", why: "could not be reached" };
    case "held_up":
    case "lost":
      return reply;
    case "answered":
      return readAnswer(reply);
  }
}

function readAnswer(reply: Extract<TokenReply, { status: "answered" }>): TokenAnswer {
  const { http, body, retryAfterSeconds } = reply;
  const code = OAuthError.safeParse(body).data?.error;
  if (code === "invalid_grant" && http < 500) return { status: "ended" };
  if (code !== undefined)
    return { status: "unavailable", why: `answered ${http} ${code}`, retryAfterSeconds };
  if (http >= 200 && http < 300) return readSuccess(http, body);
  // A page comes from something in front of ARES, and may come for hours.
  const isPage = body === undefined;
  if (!isPage && (http === 400 || http === 401 || http === 403)) return { status: "refused", http };
  return { status: "unavailable", why: `answered ${http}`, retryAfterSeconds };
}

function readSuccess(http: number, body: unknown): TokenAnswer {
  const { data } = TokenBody.safeParse(body);
  if (!data) return { status: "unavailable", why: `answered ${http} without tokens` };
  const refreshToken = text.safeParse(data.refresh_token).data;
  const accessToken = AccessToken.safeParse(data.access_token).data;
  const isBearer = data.token_type === undefined || /^bearer$/i.test(String(data.token_type));
  if (accessToken === undefined || !isBearer)
    return {
      status: "unavailable",
      why: `answered ${http} with an access token that no request can carry`,
      refreshToken,
    };
  return { status: "tokens", accessToken, refreshToken, lifetimeMs: lifetimeOf(data.expires_in) };
}

/** Milliseconds; undefined for a time that can't be. Some servers write the number as a text. */
function lifetimeOf(expiresIn: unknown): number | undefined {
  if (typeof expiresIn !== "number" && typeof expiresIn !== "string") return undefined;
  const seconds = expiresIn === "" ? Number.NaN : Number(expiresIn);
  const canBe = seconds > 0 && seconds <= MAX_LIFETIME_S;
  return canBe ? Math.floor(seconds * 1000) : undefined;
}
