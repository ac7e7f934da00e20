/** Names and values of the headers that both sides agree on. */
export const headers = {
  idempotencyKey: "Idempotency-Key",
  replayed: "Idempotency-Replayed",
  contract: "Ares-Contract",
  retryAfter: "Retry-After",
} as const;

/** The value of `Ares-Contract` on every answer of this kit's handler. */
export const contractVersion = "1";
