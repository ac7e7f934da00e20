import { isCredits, type ServerErrorCode, toHundredths } from "../../contract";

/** What came back from ARES, as plain data. */
export type AresReply =
  /** An HTTP answer; `body` is the parsed JSON, or undefined when there was none to read. */
  | { is: "response"; status: number; body: unknown; retryAfterSeconds?: number | undefined }
  /** Provably no request reached ARES: refused, no such host, connect timeout, TLS handshake failed. */
  | { is: "not_sent" }
  /** The access token can't even be written into a header, so nothing was sent. */
  | { is: "token_rejected" }
  /** Anything may have happened: reset, timeout, broken body. */
  | { is: "lost" };

/** What a reply means for the money. */
export type Verdict =
  | { is: "charged"; balanceAfter?: number }
  | { is: "declined"; code: ServerErrorCode }
  /** ARES refused the access token, so it did nothing. */
  | { is: "token_rejected" }
  /** ARES did nothing; the same charge may be tried again. */
  | { is: "not_processed"; code: ServerErrorCode; retryAfterSeconds?: number | undefined }
  | { is: "unknown" };

const TOO_FEW = /insufficient|enough|too (few|low)|(out of|no) credits|low balance/i;
/** What is too little here is not credits. */
const TOO_LITTLE_ELSE = /scope|permission|privilege|long enough/i;
const MAY_HAVE_HAPPENED = new Set([408, 409, 425, 499]);

/**
 * Decides what an answer to `POST /v1/partner/usage` means. Total: whatever is not provably one thing is `unknown`.
 *
 * @source ARES documents 200 with `message: "Success"`, 401, and 403 `Token expired`; it says "will return an error"
 * for too few credits without a status, so a status or a text may tell it.
 */
export function classify(reply: AresReply): Verdict {
  if (reply.is === "not_sent") return { is: "not_processed", code: "ares_unreachable" };
  if (reply.is === "token_rejected") return reply;
  if (reply.is === "lost") return { is: "unknown" };

  const { status, body } = reply;
  const text = errorText(body);
  const tooFew = TOO_FEW.test(text) && !TOO_LITTLE_ELSE.test(text);
  if (status >= 200 && status < 300) return isSuccess(body) ? charged(body) : { is: "unknown" };
  if (status === 401 || (status === 403 && /\btoken\b/i.test(text) && !tooFew)) return { is: "token_rejected" };
  if (status === 429) {
    return { is: "not_processed", code: "rate_limited", retryAfterSeconds: reply.retryAfterSeconds };
  }
  if (status >= 400 && status < 500) {
    if (status === 402 || tooFew) return { is: "declined", code: "insufficient_credits" };
    return MAY_HAVE_HAPPENED.has(status) ? { is: "unknown" } : { is: "declined", code: "not_allowed" };
  }
  return { is: "unknown" };
}

function isSuccess(body: unknown): boolean {
  if (!isObject(body) || (body.error !== undefined && body.error !== null)) return false;
  return body.message === "Success" || (body.message === undefined && isObject(body.usage));
}

function charged(body: unknown): Verdict {
  const user = isObject(body) ? body.user : undefined;
  const credits = isObject(user) ? user.credits : undefined;
  return isCredits(credits) ? { is: "charged", balanceAfter: toHundredths(credits) } : { is: "charged" };
}

function errorText(body: unknown): string {
  if (!isObject(body)) return "";
  return [body.error, body.message].filter((part) => typeof part === "string").join(" ");
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
