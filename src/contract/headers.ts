/** The names that the browser asks for one by one. Bundlers drop the other names where they are unused. */
export const keyHeader = "Idempotency-Key";
export const contractHeader = "Ares-Contract";
export const pretendHeader = "Ares-Pretend";

/** Names and values of the headers that both sides agree on. */
export const headers = {
  idempotencyKey: keyHeader,
  replayed: "Idempotency-Replayed",
  /** The key of the charge that pays for a call to a paid endpoint. */
  charge: "Ares-Charge",
  /** The price in credits that the caller's user saw. Another price is refused. */
  credits: "Ares-Credits",
  contract: contractHeader,
  /** Says on each answer that `pretend()` stands in for ARES. */
  pretend: pretendHeader,
  retryAfter: "Retry-After",
} as const;

/** The value of `Ares-Contract` on every answer of this kit's handler. */
export const contractVersion = "1";
