import { decodeProtectedHeader, jwtVerify } from "jose";
import * as z from "zod/mini";
import { AresError, inputDigest, inputText, isCredits } from "../contract";
import { materialOf, type ReceiptKey, receiptType } from "./receiptKey";

/** What `verifyReceipt` demands of a receipt. */
export interface VerifyReceiptOptions {
  /** Every key a receipt may be signed with; its own `alg` is the only one accepted for it. */
  keys: readonly ReceiptKey[];
  issuer: string;
  /** This service's own name. */
  audience: string;
  /** What this endpoint sells: a constant of the code, not something the request says. */
  usage: string;
  /** The resource that the receipt must name. Without it only receipts without a resource are accepted. */
  resource?: string;
  /** The input that the receipt must be for. Without an input, only receipts of usages with a constant price are accepted. */
  input?: unknown;
  /** The user of the current session, where there is one. */
  userId?: string;
  /** Milliseconds since 1970. */
  now?: () => number;
}

/** A verified receipt. Amounts in credits. */
export interface VerifiedReceipt {
  chargeId: string;
  userId: string;
  usage: string;
  resource?: string;
  credits: number;
  /** Milliseconds since 1970. */
  expiresAt: number;
}

const MAX_BYTES = 2048;
const MAX_AGE = "10 minutes";
const SKEW_SECONDS = 5;

const Claims = /* @__PURE__ */ (() =>
  z.object({
    sub: z.string().check(z.minLength(1)),
    jti: z.string().check(z.minLength(1)),
    aud: z.string(),
    usage: z.string(),
    resource: z.optional(z.string()),
    input: z.optional(z.string()),
    credits: z.number().check(z.refine(isCredits)),
    iat: z.number(),
    exp: z.number(),
  }))();

/**
 * Verifies a receipt of `signReceipt` for exactly one usage, resource, input, audience and, where given, user.
 *
 * A receipt is not single-use: a service that must serve once stores each served `chargeId`.
 *
 * @example
 * const receipt = await verifyReceipt(token, { keys, issuer: "https://app.example", audience: "https://render.example", usage: "report", resource: id })
 *
 * @throws {AresError} `payment_required` for every fault of the receipt. `invalid_request` when a key can't verify.
 */
export async function verifyReceipt(
  token: string,
  options: VerifyReceiptOptions,
): Promise<VerifiedReceipt> {
  const { keys, issuer, audience, usage, resource, input, userId, now = Date.now } = options;
  const key = keyOf(token, keys);
  if (!key) throw notPaid();
  const material = materialOf(key, "verify");
  const verified = await jwtVerify(token, material, {
    algorithms: [key.alg],
    typ: receiptType,
    issuer,
    audience,
    requiredClaims: ["sub", "jti", "usage", "exp", "iat", "nbf"],
    maxTokenAge: MAX_AGE,
    clockTolerance: SKEW_SECONDS,
    currentDate: new Date(now()),
  }).catch(() => undefined);
  const claims = Claims.safeParse(verified?.payload);
  if (!claims.success) throw notPaid();
  const { sub, jti, credits, exp } = claims.data;
  const forThis =
    claims.data.usage === usage &&
    claims.data.resource === resource &&
    (userId === undefined || sub === userId);
  if (!forThis || claims.data.input !== (await digestOf(input))) throw notPaid();
  return {
    chargeId: jti,
    userId: sub,
    usage,
    ...(resource === undefined ? {} : { resource }),
    credits,
    expiresAt: exp * 1000,
  };
}

/** What stands in a receipt for an input. */
async function digestOf(input: unknown): Promise<string | undefined> {
  if (input === undefined) return undefined;
  const text = inputText(input);
  if (text === undefined) throw notPaid();
  return inputDigest(text);
}

/** The local key that a token names. A token that brings or fetches its own key is refused. */
function keyOf(token: string, keys: readonly ReceiptKey[]): ReceiptKey | undefined {
  if (typeof token !== "string" || token.length > MAX_BYTES) return undefined;
  try {
    const header = decodeProtectedHeader(token);
    const brings = ["jwk", "jku", "x5u", "x5c", "crit", "b64", "zip"].some(
      (name) => name in header,
    );
    return brings
      ? undefined
      : keys.find(({ kid, alg }) => kid === header.kid && alg === header.alg);
  } catch {
    return undefined;
  }
}

function notPaid(): AresError {
  return new AresError(
    "payment_required",
    "The receipt is not valid here, or has expired. Ask the app for a new one.",
  );
}
