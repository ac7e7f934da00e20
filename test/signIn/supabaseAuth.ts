import { Hono } from "hono";
import { exportJWK, generateKeyPair, SignJWT } from "jose";

/** Tokens of a sign-in end so soon that Supabase's client renews them at the next request; renewed ones live for an hour. */
const FIRST_S = 60;
const RENEWED_S = 3600;

/** The part of Supabase's Auth API that a sign-in by password asks for. A refresh token is good for one use. */
export async function createSupabaseAuth(issuer: string): Promise<Hono> {
  const { publicKey, privateKey } = await generateKeyPair("ES256");
  const key = { ...(await exportJWK(publicKey)), kid: "key-1", alg: "ES256", use: "sig" };
  const refreshTokens = new Map<string, string>();

  async function session(email: string, seconds: number) {
    const now = Math.floor(Date.now() / 1000);
    const id = `user-${email.split("@")[0]}`;
    const claims = { email, role: "authenticated", session_id: "session-1" };
    const access_token = await new SignJWT(claims)
      .setProtectedHeader({ alg: "ES256", kid: "key-1", typ: "JWT" })
      .setIssuer(issuer)
      .setSubject(id)
      .setAudience("authenticated")
      .setIssuedAt(now)
      .setExpirationTime(now + seconds)
      .sign(privateKey);
    const refresh_token = crypto.randomUUID();
    refreshTokens.set(refresh_token, email);
    const user = { id, email, aud: "authenticated", app_metadata: {}, user_metadata: {} };
    const times = { expires_in: seconds, expires_at: now + seconds };
    return { access_token, refresh_token, token_type: "bearer", ...times, user };
  }

  return new Hono()
    .get("/auth/v1/.well-known/jwks.json", ({ json }) => json({ keys: [key] }))
    .post("/auth/v1/logout", ({ body }) => body(null, 204))
    .post("/auth/v1/token", async ({ req, json }) => {
      const body = await req.json();
      if (req.query("grant_type") === "password")
        return json(await session(String(body.email), FIRST_S));
      const email = refreshTokens.get(body.refresh_token);
      refreshTokens.delete(body.refresh_token);
      const refusal = { code: 400, error_code: "refresh_token_not_found", msg: "Not found" };
      return email === undefined ? json(refusal, 400) : json(await session(email, RENEWED_S));
    });
}
