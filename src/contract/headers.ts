/** Names and values of the headers that both sides agree on. */
export const headers = {
  idempotencyKey: "Idempotency-Key",
  replayed: "Idempotency-Replayed",
  /** Names, by its key, the charge that a call to a paid endpoint has paid with. */
  charge: "Ares-Charge",
  contract: "Ares-Contract",
  retryAfter: "Retry-After",
} as const;

/** The value of `Ares-Contract` on every answer of this kit's handler. */
export const contractVersion = "1";
