import type { CryptoKey, JWK } from "jose";
import { AresError } from "../contract";

/** A key of a receipt. The first key of a list signs. The key with the receipt's `kid` verifies. */
export type ReceiptKey =
  /** One secret shared by signer and verifier, at least 32 bytes. */
  | { kid: string; alg: "HS256"; secret: string }
  /** A pair: the verifier needs `publicKey` only. */
  | {
      kid: string;
      alg: "EdDSA" | "ES256";
      publicKey?: CryptoKey | JWK;
      privateKey?: CryptoKey | JWK;
    };

/** The `typ` of a receipt. Other tokens of the same key are refused by it. */
export const receiptType = "ares-receipt+jwt";

/** The key material for one direction. @throws {AresError} `invalid_request` when a key can't be used. */
export function materialOf(key: ReceiptKey, use: "sign" | "verify"): Uint8Array | CryptoKey | JWK {
  if (key.alg === "HS256") {
    const secret = new TextEncoder().encode(key.secret);
    if (secret.length >= 32) return secret;
    throw new AresError(
      "invalid_request",
      `ARES: the secret of receipt key "${key.kid}" is shorter than 32 bytes. It could be guessed. Use a random one, e.g. openssl rand -hex 32.`,
    );
  }
  const half = use === "sign" ? key.privateKey : key.publicKey;
  if (half) return half;
  throw new AresError(
    "invalid_request",
    `ARES: receipt key "${key.kid}" has no ${use === "sign" ? "privateKey" : "publicKey"}. It can't ${use} receipts. Add it.`,
  );
}
