import { isCredits, type ServerErrorCode, toHundredths } from "../../contract";

/** ARES's reply to one call, as plain data. */
export type AresReply =
  /** An HTTP answer. `http` is its status; `body` is the parsed JSON, or undefined without JSON. */
  | { status: "answered"; http: number; body: unknown; retryAfterSeconds?: number | undefined }
  /** Provably no request reached ARES: refused, no such host, connect timeout, TLS handshake failed. */
  | { status: "not_sent" }
  /** The access token can't be written into a header, so nothing was sent. */
  | { status: "token_rejected" }
  /** Anything may have happened: reset, timeout, broken body. */
  | { status: "lost" };

/** What a reply means for the money. */
export type Verdict =
  | { status: "charged"; balanceAfter?: number }
  | { status: "declined"; code: ServerErrorCode }
  /** ARES refused the access token, so it did nothing. */
  | { status: "token_rejected" }
  /** ARES did nothing; the same charge may be tried again. */
  | { status: "not_processed"; code: ServerErrorCode; retryAfterSeconds?: number | undefined }
  | { status: "unknown" };

const TOO_FEW = /insufficient|enough|too (few|low)|(out of|no) credits|low balance/i;
/** Texts about too little of something else than credits. */
const TOO_LITTLE_ELSE = /scope|permission|privilege|long enough/i;
const NAMES_TOKEN = /\btoken\b/i;
const MAY_HAVE_HAPPENED = new Set([408, 409, 425, 499]);

/**
 * Decides what an answer to `POST /v1/partner/usage` means. Total: a reply that proves nothing is `unknown`.
 *
 * @source ARES documents 200 with `message: "Success"`, 401, and 403 `Token expired`; it says "will return an error"
 * for too few credits without a status, so a status or a text may tell it.
 */
export function classify(reply: AresReply): Verdict {
  switch (reply.status) {
    case "not_sent":
      return { status: "not_processed", code: "ares_unreachable" };
    case "token_rejected":
      return reply;
    case "lost":
      return { status: "unknown" };
    case "answered":
      return classifyAnswer(reply);
  }
}

function classifyAnswer(answer: Extract<AresReply, { status: "answered" }>): Verdict {
  const { http, body } = answer;
  const text = errorText(body);
  const tooFew = TOO_FEW.test(text) && !TOO_LITTLE_ELSE.test(text);
  if (http >= 200 && http < 300) return classifySuccess(body);
  if (http === 401) return { status: "token_rejected" };
  if (http === 403 && NAMES_TOKEN.test(text) && !tooFew) return { status: "token_rejected" };
  if (http === 429) {
    return {
      status: "not_processed",
      code: "rate_limited",
      retryAfterSeconds: answer.retryAfterSeconds,
    };
  }
  if (http < 400 || http >= 500) return { status: "unknown" };
  if (http === 402 || tooFew) return { status: "declined", code: "insufficient_credits" };
  return MAY_HAVE_HAPPENED.has(http) ? { status: "unknown" } : DECLINED;
}

const DECLINED = { status: "declined", code: "declined" } as const;

function classifySuccess(body: unknown): Verdict {
  return isSuccess(body) ? charged(body) : { status: "unknown" };
}

function isSuccess(body: unknown): boolean {
  if (!isObject(body) || (body.error !== undefined && body.error !== null)) return false;
  return body.message === "Success" || (body.message === undefined && isObject(body.usage));
}

function charged(body: unknown): Verdict {
  const user = isObject(body) ? body.user : undefined;
  const credits = isObject(user) ? user.credits : undefined;
  return isCredits(credits)
    ? { status: "charged", balanceAfter: toHundredths(credits) }
    : { status: "charged" };
}

function errorText(body: unknown): string {
  if (!isObject(body)) return "";
  return [body.error, body.message].filter((part) => typeof part === "string").join(" ");
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
