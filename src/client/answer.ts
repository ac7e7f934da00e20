import { AresError, type AresErrorCode, type AresErrorDetails, meaningOf } from "../contract";

/**
 * An answer of the endpoint, unchecked.
 *
 * The browser reads its few fields by hand instead of with the contract's schemas: zod/mini would cost every
 * visitor more bytes than the rest of the kit together. A test holds this file and the schemas to one opinion.
 */
export interface Answer {
  status: number;
  ok: boolean;
  /** True when the answer carries `Ares-Contract: 1`: this kit's handler, whose codes and states can be trusted. */
  contract: boolean;
  /** Parsed JSON; undefined when it was none. */
  body: Body | null | undefined;
}

/**
 * Any JSON. Every leaf is unknown, so a named member proves nothing. Reading a member of a text or a number is harmless.
 */
export interface Body {
  message?: unknown;
  status?: unknown;
  error?: unknown;
  code?: unknown;
  retryable?: unknown;
  credits?: unknown;
  retryAfterSeconds?: unknown;
  chargeId?: unknown;
  usage?: unknown;
  prices?: unknown;
  serverTime?: unknown;
  answers?: unknown;
  owner?: unknown;
  user?: { id?: unknown; email?: unknown; credits?: unknown } | null;
  charge?: {
    status?: unknown;
    id?: unknown;
    key?: unknown;
    credits?: unknown;
    settledAt?: unknown;
    code?: unknown;
    resource?: unknown;
    work?: unknown;
    repeatsLeft?: unknown;
    servedUntil?: unknown;
  } | null;
  contract?: unknown;
}

export function numberOf(value: unknown): number | undefined {
  return Number.isFinite(value) && typeof value === "number" ? value : undefined;
}

export function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

/**
 * True only for an answer that proves the charge: 2xx and one of the three known forms of success. A body with a user
 * and no usage answers a GET: a redirect has turned the POST into one.
 */
export function isCharged({ ok, contract, body }: Answer): boolean {
  if (!ok || !body || body.error) return false;
  if (contract && body.status === "charged") return true;
  return isRecord(body.usage)
    ? (body.message ?? "Success") === "Success"
    : body.message === "Success" && !body.user;
}

/** The error of an answer that is no success, with the facts of its body. */
export function errorOf(answer: Answer): AresError {
  const { body } = answer;
  const code = codeOf(answer);
  const isRetryable = body?.retryable === true || meaningOf(code).next === "wait";
  return aresError(code, textOf(body?.message), isRetryable, detailsOf(body));
}

/** The facts in a refusal's body. */
export function detailsOf(body: Body | null | undefined): AresErrorDetails {
  return {
    credits: numberOf(body?.credits),
    retryAfterSeconds: numberOf(body?.retryAfterSeconds),
    chargeId: textOf(body?.chargeId),
    prices: pricesOf(body),
  };
}

/** The constant prices that an answer tells: usage to credits, unchecked. */
export function pricesOf(body: Body | null | undefined): AresErrorDetails["prices"] {
  return isRecord(body?.prices) ? body.prices : undefined;
}

/** An error that began in the browser, or was read from an answer. */
export function aresError(
  code: AresErrorCode,
  message = `ARES: ${code}`,
  retryable = true,
  details: AresErrorDetails = {},
): AresError {
  return new AresError(code, message, { retryable, details });
}

function codeOf(answer: Answer): AresErrorCode {
  const code = answer.body?.code;
  return answer.contract && isCode(code) ? code : codeOfStatus(answer);
}

/** The code of an answer that names none: of the guide's route, or of a gateway. */
function codeOfStatus({ status, body }: Answer): AresErrorCode {
  const { error, message } = body ?? {};
  // The guide's route answers 200 to a signed-out visitor.
  if (message === "User not signed in") return "not_signed_in";
  // Its `error` repeats the status of ARES, where 401 and 403 speak of the token.
  const isOfToken = status === 401 || status === 403;
  if (isOfToken && error) return "reconnect";
  switch (status) {
    case 401:
      return message === "Access token not found" ? "not_connected" : "not_signed_in";
    case 402:
      return "insufficient_credits";
    case 403:
      return "not_allowed";
    case 429:
      return "rate_limited";
  }
  if (status > 499) return "internal";
  if (status < 400 || [408, 409, 425, 499].includes(status)) return "unexpected_response";
  return error ? "declined" : "invalid_request";
}

/** A newer server may know more codes than this build. */
function isCode(code: unknown): code is AresErrorCode {
  return typeof code === "string";
}
