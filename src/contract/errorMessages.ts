import type { ServerErrorCode } from "./errors";

/** The English of each error: what happened, what it means for the money, what to do. */
export const errorMessages = {
  invalid_request: "The request is not valid. Nothing was charged.",
  idempotency_key_invalid:
    "The Idempotency-Key is not valid. Nothing was charged. Send a UUIDv7 in lower case, <UUIDv7>.<owner>.<hundredths>, or <unix milliseconds>-<16 to 64 letters or digits>.",
  idempotency_key_expired:
    "The Idempotency-Key is too old, or from the future. This request sent nothing to ARES. Check the clock and mint a new key.",
  client_id_mismatch: "The client_id is not this app's. Nothing was charged.",
  not_signed_in: "User not signed in. This request charged nothing. Sign in and try again.",
  not_connected:
    "No ARES account is connected. This request charged nothing. Connect ARES and try again.",
  reconnect: "The connection to ARES has ended. This request charged nothing. Connect ARES again.",
  insufficient_credits:
    "There are not enough ARES credits. Nothing was charged. Top up and try again.",
  payment_required: "This is not paid. This request charged nothing. Pay first and try again.",
  used_up:
    "What this charge paid for is used up. This request charged nothing. Ask the user again and mint a new key.",
  origin_rejected: "The request is not from a page of this app. Nothing was charged.",
  not_allowed: "This session may not do that. Nothing was charged.",
  declined: "ARES did not allow this charge. Nothing was charged.",
  method_not_allowed: "This endpoint serves only GET and POST.",
  body_too_large: "The request body is larger than 4 KiB. Nothing was charged.",
  unsupported_media_type: "Send the body as application/json. Nothing was charged.",
  charge_in_progress:
    "This charge is still being confirmed. Ask again with the same key in a moment.",
  price_changed: "The price has changed. Nothing was charged. Show the new price and ask again.",
  ledger_reset:
    "The ledger may have lost the row of this key, so nothing was sent. Ask the user again and mint a new key.",
  other_user:
    "The signed-in user is not the user who pressed. This request charged nothing. Reload the page.",
  outcome_unknown:
    "ARES did not confirm this charge, and may or may not have taken the credits. The charge is not sent again. Check again later.",
  idempotency_key_reused:
    "This Idempotency-Key was used for another request. Nothing was charged. Mint a new key for each intent.",
  other_body:
    "This Idempotency-Key was used with another body. This request charged nothing. Mint a new key for each intent.",
  unknown_usage: "This app has no price for that usage. Nothing was charged.",
  rate_limited: "Too many requests. This request charged nothing. Try again in a moment.",
  internal: "Something went wrong on the server. Ask again with the same key.",
  ledger_unavailable:
    "The ledger could not be reached in time, so this request charged nothing. Try again in a moment.",
  price_unavailable:
    "The price could not be computed. This request charged nothing. Try again in a moment.",
  paused: "Payments are paused. Nothing was charged. Try again later.",
  ares_unreachable: "ARES did not answer. Nothing was charged. Try again in a moment.",
  auth_unavailable:
    "The sign-in service could not be reached. This request charged nothing. Try again in a moment.",
} as const satisfies Record<ServerErrorCode, string>;
