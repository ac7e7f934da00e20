/**
 * What may follow an error:
 *
 * - `same_key`: the same key again
 * - `after_action`: the same key, after the user acted
 * - `new_key`: a new key with new consent
 * - `read_only`: only a read of the state
 * - `no`: nothing
 */
export type Retry = "same_key" | "after_action" | "new_key" | "read_only" | "no";

interface ErrorRow {
  /** HTTP status; 0 for errors that exist only in the browser. Never 2xx, 502 or 504. */
  status: number;
  retry: Retry;
  /** The default text: what happened, what it means, what to do. */
  message: string;
}

/** The one error table: code, HTTP status, what may follow, default text. */
export const errorTable = {
  invalid_request: { status: 400, retry: "no", message: "The request is not valid. Nothing was charged." },
  idempotency_key_invalid: {
    status: 400,
    retry: "no",
    message:
      "The Idempotency-Key is not valid. Nothing was charged. Send a UUIDv7 in lower case, or <unix milliseconds>-<16 to 64 letters or digits>.",
  },
  idempotency_key_expired: {
    status: 400,
    retry: "no",
    message: "The Idempotency-Key is too old, or from the future. This request sent nothing to ARES. Check the clock and mint a new key.",
  },
  client_id_mismatch: { status: 400, retry: "no", message: "The client_id is not this app's. Nothing was charged." },
  not_signed_in: {
    status: 401,
    retry: "after_action",
    message: "User not signed in. This request charged nothing. Sign in and try again.",
  },
  not_connected: {
    status: 401,
    retry: "after_action",
    message: "No ARES account is connected. This request charged nothing. Connect ARES and try again.",
  },
  reconnect: {
    status: 401,
    retry: "after_action",
    message: "The connection to ARES has ended. This request charged nothing. Connect ARES again.",
  },
  insufficient_credits: {
    status: 402,
    retry: "new_key",
    message: "There are not enough ARES credits. Nothing was charged. Top up and try again.",
  },
  payment_required: { status: 402, retry: "new_key", message: "This is not paid. This request charged nothing. Pay first and try again." },
  origin_rejected: { status: 403, retry: "no", message: "The request is not from a page of this app. Nothing was charged." },
  not_allowed: { status: 403, retry: "no", message: "ARES did not allow this charge. Nothing was charged." },
  method_not_allowed: { status: 405, retry: "no", message: "This endpoint serves only GET and POST." },
  body_too_large: { status: 413, retry: "no", message: "The request body is larger than 4 KiB. Nothing was charged." },
  unsupported_media_type: { status: 415, retry: "no", message: "Send the body as application/json. Nothing was charged." },
  charge_in_progress: {
    status: 409,
    retry: "same_key",
    message: "This charge is still being confirmed. Ask again with the same key in a moment.",
  },
  price_changed: {
    status: 409,
    retry: "new_key",
    message: "The price has changed. Nothing was charged. Show the new price and ask again.",
  },
  ledger_reset: {
    status: 409,
    retry: "new_key",
    message: "The ledger may have lost the row of this key, so nothing was sent. Ask the user again and mint a new key.",
  },
  other_user: {
    status: 409,
    retry: "no",
    message: "The signed-in user is not the user who pressed. This request charged nothing. Reload the page.",
  },
  outcome_unknown: {
    status: 409,
    retry: "read_only",
    message:
      "ARES did not confirm this charge, and may or may not have taken the credits. The charge is not sent again. Check again later.",
  },
  idempotency_key_reused: {
    status: 422,
    retry: "no",
    message: "This Idempotency-Key was used for another request. Nothing was charged. Mint a new key for each intent.",
  },
  unknown_usage: { status: 422, retry: "no", message: "This app has no price for that usage. Nothing was charged." },
  rate_limited: { status: 429, retry: "same_key", message: "Too many requests. This request charged nothing. Try again in a moment." },
  internal: { status: 500, retry: "same_key", message: "Something went wrong on the server. Ask again with the same key." },
  ledger_unavailable: {
    status: 503,
    retry: "same_key",
    message: "The ledger could not be reached in time, so this request charged nothing. Try again in a moment.",
  },
  price_unavailable: {
    status: 503,
    retry: "same_key",
    message: "The price could not be computed. This request charged nothing. Try again in a moment.",
  },
  ares_unreachable: { status: 503, retry: "same_key", message: "ARES did not answer. Nothing was charged. Try again in a moment." },
  auth_unavailable: {
    status: 503,
    retry: "same_key",
    message: "The sign-in service could not be reached. This request charged nothing. Try again in a moment.",
  },
} as const satisfies Record<string, ErrorRow>;

/** Codes a server answers with. */
export type ServerErrorCode = keyof typeof errorTable;

/** Every code an `AresError` can carry; the last two exist only in the browser. */
export type AresErrorCode = ServerErrorCode | "network_error" | "unexpected_response";

/** Facts of an error, each where it means something. */
export interface AresErrorDetails {
  usage?: string | undefined;
  resource?: string | undefined;
  /** The price now, in credits. */
  credits?: number | undefined;
  /** Seconds to wait before asking again. */
  retryAfterSeconds?: number | undefined;
  /** With `idempotency_key_expired` and `ledger_reset`: the server's clock in milliseconds since 1970. A new key is minted by it. */
  serverTime?: number | undefined;
  /** The id of the ledger row concerned. */
  chargeId?: string | undefined;
}

/**
 * An error of this kit. Branch on `code`, never on the message or a status; ask with `isAresError`.
 *
 * @example
 * try { await charge() } catch (error) {
 *   if (isAresError(error) && error.code === "insufficient_credits") openTopUp()
 * }
 */
export class AresError extends Error {
  override readonly name = "AresError";
  readonly code: AresErrorCode;
  /** True when the same idempotency key may be sent again. */
  readonly retryable: boolean;
  readonly details: AresErrorDetails;

  constructor(code: AresErrorCode, message: string, options: { retryable?: boolean; details?: AresErrorDetails; cause?: unknown } = {}) {
    super(message, options);
    this.code = code;
    this.retryable = options.retryable ?? false;
    this.details = options.details ?? {};
  }
}

/** True for an `AresError`, also one from another copy of this package. */
export function isAresError(error: unknown): error is AresError {
  return error instanceof Error && error.name === "AresError" && "code" in error;
}

/** Stops a start with an option that can't work. */
export function need(works: unknown, otherwise: string): asserts works {
  if (!works) throw new AresError("invalid_request", `ARES: ${otherwise}`);
}
