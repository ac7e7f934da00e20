import { createHmac } from "node:crypto";
import { exportJWK, generateKeyPair, jwtVerify, SignJWT, UnsecuredJWT } from "jose";
import { describe, expect, it } from "vitest";
import {
  isAresError,
  type ReceiptKey,
  signReceipt,
  type VerifyReceiptOptions,
  verifyReceipt,
} from "../../src/receipt";

const secret = "s".repeat(32);
const key: ReceiptKey = { kid: "k1", alg: "HS256", secret };
const now = () => 1_800_000_000_000;
const seconds = now() / 1000;
const paid = {
  charge: { id: "charge-1", usage: "report", resource: "r-1", credits: 3 },
  userId: "user-1",
};
const issuer = "https://app.example";
const audience = "https://render.example";
const expected = {
  keys: [key],
  issuer,
  audience,
  usage: "report",
  resource: "r-1",
  now,
} satisfies VerifyReceiptOptions;
const sign = (subject = paid, keys: ReceiptKey[] = [key], at = now) =>
  signReceipt(subject, { keys, issuer, audience, now: at });

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return "verified";
  } catch (error) {
    return isAresError(error) ? error.code : `threw ${String(error)}`;
  }
}

describe("a receipt", () => {
  it("tells another service what was paid for, and by whom", async () => {
    expect(await verifyReceipt(await sign(), { ...expected, userId: "user-1" })).toEqual({
      chargeId: "charge-1",
      userId: "user-1",
      usage: "report",
      resource: "r-1",
      credits: 3,
      expiresAt: (seconds + 300) * 1000,
    });
  });

  it.each(["EdDSA", "ES256"] as const)(
    "can be signed with a private %s key and verified with the public one",
    async (alg) => {
      const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
      const token = await sign(paid, [{ kid: "pair", alg, privateKey }]);

      expect(
        await codeOf(
          verifyReceipt(token, {
            ...expected,
            keys: [{ kid: "pair", alg, publicKey: await exportJWK(publicKey) }],
          }),
        ),
      ).toBe("verified");
      expect(
        await codeOf(
          verifyReceipt(token, { ...expected, keys: [{ kid: "pair", alg, privateKey }] }),
        ),
      ).toBe("invalid_request");
    },
  );

  it("outlives a change of keys", async () => {
    const next: ReceiptKey = { kid: "k2", alg: "HS256", secret: "n".repeat(32) };

    expect(await codeOf(verifyReceipt(await sign(), { ...expected, keys: [next, key] }))).toBe(
      "verified",
    );
    expect(
      await codeOf(
        verifyReceipt(await sign(paid, [next, key]), { ...expected, keys: [next, key] }),
      ),
    ).toBe("verified");
    expect(await codeOf(verifyReceipt(await sign(), { ...expected, keys: [next] }))).toBe(
      "payment_required",
    );
  });

  it("is not made or checked with a secret that could be guessed, or without a key", async () => {
    const weak: ReceiptKey = { kid: "k1", alg: "HS256", secret: "short" };

    expect(await codeOf(sign(paid, [weak]))).toBe("invalid_request");
    expect(await codeOf(verifyReceipt(await sign(), { ...expected, keys: [weak] }))).toBe(
      "invalid_request",
    );
    expect(await codeOf(sign(paid, []))).toBe("invalid_request");
  });
});

const b64 = (value: unknown) =>
  Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");
const claims = {
  iss: issuer,
  aud: audience,
  sub: "user-1",
  jti: "charge-1",
  usage: "report",
  resource: "r-1",
  credits: 3,
};
const times = { iat: seconds, nbf: seconds, exp: seconds + 300 };
const header = { alg: "HS256", kid: "k1", typ: "ares-receipt+jwt" };

/** Signs a payload with the right secret, under any header that a library accepts. */
function forge(
  payload: Record<string, unknown>,
  head: Record<string, unknown> = {},
  withSecret = secret,
): Promise<string> {
  return new SignJWT(payload)
    .setProtectedHeader({ ...header, ...head })
    .sign(new TextEncoder().encode(withSecret));
}
type Hash = "sha256" | "sha384" | "sha512";
const hmac = (signed: string, hash: Hash) =>
  createHmac(hash, secret).update(signed).digest("base64url");
/** Signs anything with the right secret, also headers that no library would sign. */
function signRaw(
  head: unknown,
  hash: Hash = "sha256",
  payload: unknown = { ...claims, ...times },
): string {
  const signed = `${b64(head)}.${b64(payload)}`;
  return `${signed}.${hmac(signed, hash)}`;
}
const without = (name: string) =>
  Object.fromEntries(Object.entries({ ...claims, ...times }).filter(([each]) => each !== name));
const raw = (head: unknown, payload: unknown, signature = "AAAA") =>
  `${b64(head)}.${b64(payload)}.${signature}`;

type Vector = [string, () => string | Promise<string>];

/** Texts that are no token, or that were signed without the secret. */
const unsigned: Vector[] = [
  ["nothing", () => ""],
  ["a word", () => "receipt"],
  ["two parts", () => "a.b"],
  ["four parts", async () => `${await sign()}.x`],
  ["dots", () => ".."],
  ["spaces around", async () => ` ${await sign()} `],
  [
    "alg none without signature",
    () => raw({ ...header, alg: "none" }, { ...claims, ...times }, ""),
  ],
  ["alg None", () => raw({ ...header, alg: "None" }, { ...claims, ...times }, "")],
  [
    "an EdDSA signature of a stranger under our kid",
    async () =>
      new SignJWT({ ...claims, ...times })
        .setProtectedHeader({ ...header, alg: "EdDSA" })
        .sign((await generateKeyPair("EdDSA")).privateKey),
  ],
  ["another secret", () => forge({ ...claims, ...times }, {}, "x".repeat(32))],
  ["an empty signature", async () => (await sign()).replace(/[^.]+$/, "")],
  ["a flipped signature", async () => (await sign()).replace(/.{4}$/, "AAAA")],
  [
    "a changed payload",
    async () =>
      (await sign()).replace(/\.[^.]+\./, `.${b64({ ...claims, ...times, credits: 1 })}.`),
  ],
  ["a changed header", async () => (await sign()).replace(/^[^.]+/, b64({ ...header, extra: 1 }))],
];

/** Tokens with the right signature. Only the check in each name can refuse its token. */
const signed: Vector[] = [
  ["a header that is no JSON", () => signRaw("{")],
  ["a header that is an array", () => signRaw([])],
  ["a header that is null", () => signRaw(null)],
  ["no alg", () => signRaw({ kid: "k1", typ: header.typ })],
  ["an alg that is a list", () => signRaw({ ...header, alg: ["HS256"] })],
  ["alg nOnE with a signature", () => signRaw({ ...header, alg: "nOnE" })],
  ["alg hs256 in small letters", () => signRaw({ ...header, alg: "hs256" })],
  ["HS512 with the same secret", () => signRaw({ ...header, alg: "HS512" }, "sha512")],
  ["HS384 with the same secret", () => signRaw({ ...header, alg: "HS384" }, "sha384")],
  ["alg RS256 over an HS256 signature", () => signRaw({ ...header, alg: "RS256" })],
  ["an unknown kid", () => forge({ ...claims, ...times }, { kid: "k9" })],
  ["no kid", () => forge({ ...claims, ...times }, { kid: undefined })],
  ["a kid that is a path", () => forge({ ...claims, ...times }, { kid: "../../dev/null" })],
  ["a kid that is SQL", () => forge({ ...claims, ...times }, { kid: "k1' OR '1'='1" })],
  ["a kid that is a prototype name", () => forge({ ...claims, ...times }, { kid: "__proto__" })],
  ["a kid that is a number", () => signRaw({ ...header, kid: 1 })],
  ["a kid that is a list", () => signRaw({ ...header, kid: ["k1"] })],
  [
    "its own key in jwk",
    () => forge({ ...claims, ...times }, { jwk: { kty: "oct", k: b64(secret) } }),
  ],
  ["a jku", () => forge({ ...claims, ...times }, { jku: "https://evil.example/keys" })],
  ["an x5u", () => forge({ ...claims, ...times }, { x5u: "https://evil.example/cert" })],
  ["an x5c", () => forge({ ...claims, ...times }, { x5c: ["AAAA"] })],
  ["a crit", () => signRaw({ ...header, crit: ["exp"], exp: 1 })],
  ["b64 false", () => signRaw({ ...header, b64: false })],
  ["b64 true", () => signRaw({ ...header, b64: true })],
  ["zip", () => forge({ ...claims, ...times }, { zip: "DEF" })],
  ["typ JWT", () => forge({ ...claims, ...times }, { typ: "JWT" })],
  ["typ of an access token", () => forge({ ...claims, ...times }, { typ: "at+jwt" })],
  ["no typ", () => forge({ ...claims, ...times }, { typ: undefined })],
  ["no issuer", () => forge(without("iss"))],
  ["another issuer", () => forge({ ...claims, ...times, iss: "https://evil.example" })],
  ["an issuer with a slash more", () => forge({ ...claims, ...times, iss: `${issuer}/` })],
  ["no audience", () => forge(without("aud"))],
  ["another audience", () => forge({ ...claims, ...times, aud: "https://other.example" })],
  [
    "a list of audiences",
    () => forge({ ...claims, ...times, aud: [audience, "https://other.example"] }),
  ],
  ["no subject", () => forge(without("sub"))],
  ["an empty subject", () => forge({ ...claims, ...times, sub: "" })],
  ["a numeric subject", () => forge({ ...claims, ...times, sub: 1 as never })],
  ["no jti", () => forge(without("jti"))],
  ["an empty jti", () => forge({ ...claims, ...times, jti: "" })],
  ["no usage", () => forge(without("usage"))],
  ["another usage", () => forge({ ...claims, ...times, usage: "export-pdf" })],
  ["a list of usages", () => forge({ ...claims, ...times, usage: ["report"] })],
  ["no resource", () => forge(without("resource"))],
  ["another resource", () => forge({ ...claims, ...times, resource: "r-2" })],
  ["a numeric resource", () => forge({ ...claims, ...times, resource: 1 })],
  ["negative credits", () => forge({ ...claims, ...times, credits: -3 })],
  ["credits as text", () => forge({ ...claims, ...times, credits: "3" })],
  ["no credits", () => forge(without("credits"))],
  ["no iat", () => forge(without("iat"))],
  ["no exp", () => forge(without("exp"))],
  ["no nbf", () => forge(without("nbf"))],
  ["an exp as text", () => forge({ ...claims, ...times, exp: "soon" as never })],
  [
    "an end six seconds ago",
    () => forge({ ...claims, iat: seconds - 306, nbf: seconds - 306, exp: seconds - 6 }),
  ],
  ["a start six seconds ahead", () => forge({ ...claims, ...times, nbf: seconds + 6 })],
  ["an issue time ahead", () => forge({ ...claims, ...times, iat: seconds + 60 })],
  [
    "an hour of life",
    () => forge({ ...claims, iat: seconds - 3600, nbf: seconds - 3600, exp: seconds + 3600 }),
  ],
  [
    "eleven minutes of age",
    () => forge({ ...claims, iat: seconds - 660, nbf: seconds - 660, exp: seconds + 60 }),
  ],
  ["more than 2 KiB", () => forge({ ...claims, ...times, padding: "x".repeat(2048) })],
  ["another user's", () => forge({ ...claims, ...times, sub: "user-2" })],
];
const forged = [...unsigned, ...signed];

/** A verifier that checks the signature and nothing else. */
function carelesslyVerified(token: string): boolean {
  const [head, payload, signature, ...more] = token.split(".");
  const hashes: Hash[] = ["sha256", "sha384", "sha512"];
  return more.length === 0 && hashes.some((hash) => signature === hmac(`${head}.${payload}`, hash));
}

function vector(name: string): string | Promise<string> {
  const [, token] = forged.find(([each]) => each === name) ?? [];
  return token?.() ?? Promise.reject(new Error(`There is no vector called ${name}.`));
}

describe("a receipt is refused", () => {
  it.each(forged)("when it is or has %s", async (_, token) => {
    expect(await codeOf(verifyReceipt(await token(), { ...expected, userId: "user-1" }))).toBe(
      "payment_required",
    );
  });

  it("but the same forge makes one that holds, so each refusal above has its own reason", async () => {
    expect(
      await codeOf(
        verifyReceipt(await forge({ ...claims, ...times }), { ...expected, userId: "user-1" }),
      ),
    ).toBe("verified");
  });

  it.each(signed)("for %s alone: its signature is right", async (_, token) => {
    expect(carelesslyVerified(await token())).toBe(true);
  });

  it.each(unsigned)("for its form or signature alone, when it is or has %s", async (_, token) => {
    expect(carelesslyVerified(await token())).toBe(false);
  });

  it.each([
    "HS384 with the same secret",
    "HS512 with the same secret",
    "b64 false",
    "a kid that is a number",
    "no kid",
    "typ JWT",
    "zip",
  ])("though a verifier that pins nothing takes %s", async (name) => {
    const token = await vector(name);
    const pinned = jwtVerify(token, new TextEncoder().encode(secret), {
      currentDate: new Date(now()),
    });

    expect((await pinned).payload.jti).toBe("charge-1");
  });

  it("though a verifier that takes any extension takes a crit, and one that takes no signature takes alg none", async () => {
    const anyExtension = { crit: { exp: true }, currentDate: new Date(now()) };
    const lax = await jwtVerify(
      await vector("a crit"),
      new TextEncoder().encode(secret),
      anyExtension,
    );

    expect(lax.payload.jti).toBe("charge-1");
    expect(
      UnsecuredJWT.decode(await vector("alg none without signature"), {
        currentDate: new Date(now()),
      }).payload.jti,
    ).toBe("charge-1");
  });

  it("in at least 60 ways", () => {
    expect(forged.length).toBeGreaterThanOrEqual(60);
  });
});
