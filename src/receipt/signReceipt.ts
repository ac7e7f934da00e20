import { SignJWT } from "jose";
import { AresError } from "../contract";
import { materialOf, type ReceiptKey, receiptType } from "./receiptKey";

/** A paid request: the answer of `requirePaid`, or the second argument of a `withCharge` handler. */
export interface ReceiptSubject {
  charge: {
    id: string;
    usage: string;
    resource?: string | undefined;
    inputDigest?: string | undefined;
    credits: number;
  };
  userId: string;
}

/** How `signReceipt` signs, and for whom. */
export interface SignReceiptOptions {
  /** The first key signs. After a change, verifiers keep the key before for ten minutes. */
  keys: readonly ReceiptKey[];
  /** The signer, e.g. the app's origin. */
  issuer: string;
  /** The service that receives the receipt. */
  audience: string;
  /** Milliseconds since 1970. */
  now?: () => number;
}

/** How long a receipt is good, in seconds. */
const LIFETIME = 300;

/**
 * Signs that a charge is paid, for another service that can't ask this app's ledger. Good for 5 minutes.
 *
 * Sign only what `requirePaid` or `withCharge` let through: a receipt can be shown any number of times until it ends.
 *
 * @example
 * const paid = await ares.requirePaid(request, { usage: "report", resource: id })
 * const receipt = await signReceipt(paid, { keys, issuer: "https://app.example", audience: "https://render.example" })
 *
 * @throws {AresError} `invalid_request` when a key can't sign.
 */
export async function signReceipt(
  { charge, userId }: ReceiptSubject,
  options: SignReceiptOptions,
): Promise<string> {
  const { keys, issuer, audience, now = Date.now } = options;
  const [key] = keys;
  if (!key)
    throw new AresError(
      "invalid_request",
      "ARES: signReceipt() got no keys. Nobody could verify the receipt. Pass at least one.",
    );
  const seconds = Math.floor(now() / 1000);
  return new SignJWT({
    usage: charge.usage,
    credits: charge.credits,
    ...(charge.resource === undefined ? {} : { resource: charge.resource }),
    ...(charge.inputDigest === undefined ? {} : { input: charge.inputDigest }),
  })
    .setProtectedHeader({ alg: key.alg, kid: key.kid, typ: receiptType })
    .setIssuer(issuer)
    .setAudience(audience)
    .setSubject(userId)
    .setJti(charge.id)
    .setIssuedAt(seconds)
    .setNotBefore(seconds)
    .setExpirationTime(seconds + LIFETIME)
    .sign(materialOf(key, "sign"));
}
