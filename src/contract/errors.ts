/**
 * What may follow an error:
 *
 * - `same_key`: the same key again
 * - `after_action`: the same key, after the user acted
 * - `new_key`: a new key with new consent
 * - `read_only`: only a read of the state
 * - `no`: nothing
 */
type Retry = "same_key" | "after_action" | "new_key" | "read_only" | "no";

/**
 * What an error says about the money:
 *
 * - `none`: this key took nothing
 * - `silent`: this request took nothing, and says nothing of an earlier one with this key
 * - `open`: the credits may have been taken
 */
type Money = "none" | "silent" | "open";

/** Whose matter an error is: only an error of the user's is for the user to correct. */
type Whose = "user" | "app" | "server" | "ares";

/** What helps: a step of the user, the same press again, at once or later, or a look at the charge. */
type Next =
  | "sign_in"
  | "connect"
  | "reconnect"
  | "top_up"
  | "try_again"
  | "wait"
  | "look"
  | "nothing";

/** What an error means. Everything else that the kit says or does about a code follows from these columns. */
export interface ErrorMeaning {
  /** HTTP status; 0 for errors that exist only in the browser. Never 2xx, 502 or 504. */
  status: number;
  retry: Retry;
  money: Money;
  whose: Whose;
  next: Next;
}

/** The one table of errors. `errorMessages` has their English, which no browser needs. */
export const errorTable = {
  invalid_request: { status: 400, retry: "no", money: "silent", whose: "app", next: "nothing" },
  idempotency_key_invalid: {
    status: 400,
    retry: "no",
    money: "none",
    whose: "app",
    next: "nothing",
  },
  idempotency_key_expired: {
    status: 400,
    retry: "new_key",
    money: "silent",
    whose: "user",
    next: "try_again",
  },
  client_id_mismatch: { status: 400, retry: "no", money: "silent", whose: "app", next: "nothing" },
  not_signed_in: {
    status: 401,
    retry: "after_action",
    money: "silent",
    whose: "user",
    next: "sign_in",
  },
  not_connected: {
    status: 401,
    retry: "after_action",
    money: "silent",
    whose: "user",
    next: "connect",
  },
  reconnect: {
    status: 401,
    retry: "after_action",
    money: "silent",
    whose: "user",
    next: "reconnect",
  },
  insufficient_credits: {
    status: 402,
    retry: "new_key",
    money: "none",
    whose: "user",
    next: "top_up",
  },
  payment_required: {
    status: 402,
    retry: "new_key",
    money: "none",
    whose: "user",
    next: "try_again",
  },
  used_up: { status: 402, retry: "new_key", money: "none", whose: "user", next: "try_again" },
  origin_rejected: { status: 403, retry: "no", money: "silent", whose: "app", next: "nothing" },
  not_allowed: { status: 403, retry: "no", money: "silent", whose: "app", next: "nothing" },
  declined: { status: 403, retry: "new_key", money: "none", whose: "ares", next: "try_again" },
  method_not_allowed: { status: 405, retry: "no", money: "silent", whose: "app", next: "nothing" },
  body_too_large: { status: 413, retry: "no", money: "silent", whose: "app", next: "nothing" },
  unsupported_media_type: {
    status: 415,
    retry: "no",
    money: "silent",
    whose: "app",
    next: "nothing",
  },
  charge_in_progress: {
    status: 409,
    retry: "same_key",
    money: "open",
    whose: "server",
    next: "look",
  },
  price_changed: { status: 409, retry: "new_key", money: "none", whose: "user", next: "try_again" },
  ledger_reset: {
    status: 409,
    retry: "new_key",
    money: "silent",
    whose: "server",
    next: "try_again",
  },
  other_user: { status: 409, retry: "no", money: "silent", whose: "user", next: "nothing" },
  outcome_unknown: { status: 409, retry: "read_only", money: "open", whose: "ares", next: "look" },
  idempotency_key_reused: {
    status: 422,
    retry: "new_key",
    money: "none",
    whose: "app",
    next: "try_again",
  },
  other_body: { status: 422, retry: "new_key", money: "none", whose: "app", next: "try_again" },
  unknown_usage: { status: 422, retry: "no", money: "silent", whose: "app", next: "nothing" },
  rate_limited: { status: 429, retry: "same_key", money: "silent", whose: "server", next: "wait" },
  internal: { status: 500, retry: "same_key", money: "open", whose: "server", next: "look" },
  ledger_unavailable: {
    status: 503,
    retry: "same_key",
    money: "silent",
    whose: "server",
    next: "try_again",
  },
  price_unavailable: {
    status: 503,
    retry: "same_key",
    money: "silent",
    whose: "server",
    next: "try_again",
  },
  paused: { status: 503, retry: "same_key", money: "none", whose: "server", next: "try_again" },
  ares_unreachable: {
    status: 503,
    retry: "same_key",
    money: "silent",
    whose: "ares",
    next: "try_again",
  },
  auth_unavailable: {
    status: 503,
    retry: "same_key",
    money: "silent",
    whose: "server",
    next: "try_again",
  },
  network_error: {
    status: 0,
    retry: "same_key",
    money: "open",
    whose: "server",
    next: "try_again",
  },
  unexpected_response: { status: 0, retry: "read_only", money: "open", whose: "app", next: "look" },
} as const satisfies Record<string, ErrorMeaning>;

/** Every code that an `AresError` can carry. */
export type AresErrorCode = keyof typeof errorTable;

/** Codes that a server answers with. The others exist only in the browser. */
export type ServerErrorCode = Exclude<AresErrorCode, "network_error" | "unexpected_response">;

/** True for a code of this table. */
export function isErrorCode(code: unknown): code is AresErrorCode {
  return typeof code === "string" && Object.hasOwn(errorTable, code);
}

/** What a code means. A newer server may know more codes: of these nothing is known, so the credits may have been taken. */
export function meaningOf(code: string): ErrorMeaning {
  return isErrorCode(code) ? errorTable[code] : UNKNOWN_CODE;
}

const UNKNOWN_CODE: ErrorMeaning = {
  status: 0,
  retry: "read_only",
  money: "open",
  whose: "server",
  next: "look",
};

/** True for a mistake of the app that no press of a user's gets past. */
export function isMistake({ whose, next }: ErrorMeaning): boolean {
  return whose === "app" && next !== "try_again";
}

/** True when the server takes this key no more, and an earlier request with it may have charged. */
export function isKeyGone({ retry, money }: ErrorMeaning): boolean {
  return retry === "new_key" && money === "silent";
}

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
  /** With `not_signed_in`, `not_connected` and `reconnect`: usage to credits, so that a page shows a price beside that step. */
  prices?: Readonly<Record<string, unknown>> | undefined;
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

  constructor(
    code: AresErrorCode,
    message: string,
    options: { retryable?: boolean; details?: AresErrorDetails; cause?: unknown } = {},
  ) {
    super(message, options);
    this.code = code;
    this.retryable = options.retryable ?? false;
    this.details = options.details ?? {};
  }
}

/**
 * True for an `AresError`, also one from another copy of this package. Branch on its `code`.
 *
 * @example
 * const codeOf = (error: unknown) => (isAresError(error) ? error.code : undefined);
 */
export function isAresError(error: unknown): error is AresError {
  return error instanceof Error && error.name === "AresError" && "code" in error;
}

/** Stops a start with an option that can't work. */
export function need(works: unknown, otherwise: string): asserts works {
  if (!works) throw new AresError("invalid_request", `ARES: ${otherwise}`);
}
