/** The two names that every browser needs; the others are left out of an app that does not use them. */
export const keyHeader = "Idempotency-Key";
export const contractHeader = "Ares-Contract";

/** Names and values of the headers that both sides agree on. */
export const headers = {
  idempotencyKey: keyHeader,
  replayed: "Idempotency-Replayed",
  /** Names, by its key, the charge that a call to a paid endpoint has paid with. */
  charge: "Ares-Charge",
  /** The price, in credits, that was shown to whoever calls a paid endpoint. It decides nothing: another price is refused. */
  credits: "Ares-Credits",
  contract: contractHeader,
  retryAfter: "Retry-After",
} as const;

/** The value of `Ares-Contract` on every answer of this kit's handler. */
export const contractVersion = "1";
