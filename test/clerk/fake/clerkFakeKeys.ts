const algorithm = {
  name: "RSASSA-PKCS1-v1_5",
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
  hash: "SHA-256",
} as const;

/** Signs session tokens the way Clerk does: RS256, with a key made for this fake alone. */
export interface ClerkFakeSigner {
  /** The public key as PEM: what Clerk's dashboard calls the JWKS public key. */
  pem: string;
  /** The public key as a JWK, for `GET /v1/jwks`. */
  jwk: JsonWebKey & { kid: string };
  sign(claims: Record<string, unknown>, header?: Record<string, unknown>): Promise<string>;
}

/** Makes a fresh key pair. */
export async function createClerkFakeSigner(kid = "ins_fake"): Promise<ClerkFakeSigner> {
  const pair = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const spki = base64(new Uint8Array(await crypto.subtle.exportKey("spki", pair.publicKey)));
  const jwk = await crypto.subtle.exportKey("jwk", pair.publicKey);

  return {
    pem: `-----BEGIN PUBLIC KEY-----\n${spki.replace(/.{64}/g, "$&\n")}\n-----END PUBLIC KEY-----\n`,
    jwk: { ...jwk, kid, use: "sig", alg: "RS256" },
    async sign(claims, header = {}) {
      const body = `${encode({ alg: "RS256", typ: "JWT", kid, ...header })}.${encode(claims)}`;
      const signature = await crypto.subtle.sign(
        algorithm.name,
        pair.privateKey,
        new TextEncoder().encode(body),
      );
      return `${body}.${base64url(new Uint8Array(signature))}`;
    },
  };
}

function encode(value: Record<string, unknown>): string {
  return base64url(new TextEncoder().encode(JSON.stringify(value)));
}

function base64url(bytes: Uint8Array): string {
  return base64(bytes).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

function base64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}
