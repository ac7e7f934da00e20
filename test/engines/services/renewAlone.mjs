/**
 * The plain way, which most sign-ins take: each server renews a token that ends, by itself, and stores what it got. Without
 * links that end by it the proof would show nothing.
 */
import { createHash, randomBytes, randomUUID } from "node:crypto";

/**
 * @typedef {import("ares-react/connect").TokenStore} TokenStore
 * @param {{ oidc: string, client: { id: string, secret: string, redirectUri: string }, tokens: TokenStore, fetch: typeof globalThis.fetch }} parts
 */
export function renewAlone({ oidc, client, tokens, fetch }) {
  const verifier = randomBytes(32).toString("base64url");

  /** @param {Record<string, string>} form */
  async function grant(form) {
    const body = new URLSearchParams({
      ...form,
      client_id: client.id,
      client_secret: client.secret,
      redirect_uri: client.redirectUri,
    });
    const answer = await fetch(`${oidc}/oauth/token`, { method: "POST", body });
    return answer.json();
  }

  /** @param {string} user @param {{ access_token?: string, refresh_token?: string, expires_in?: number }} got */
  async function keep(user, { access_token = "", refresh_token = "", expires_in = 0 }) {
    const { row: before, now } = await tokens.read(user);
    /** @type {import("ares-react/connect").TokenRow} */
    const row = {
      revision: randomUUID(),
      version: randomUUID(),
      account: user,
      holds: null,
      accessToken: access_token,
      refreshToken: refresh_token,
      storedAt: now,
      expiresAt: now + expires_in * 1000,
      signedInSince: 0,
      step: "stored",
      stepUntil: 0,
      retryAt: 0,
      refusedAt: null,
      ended: access_token === "",
    };
    if ((await tokens.write(user, row, before?.revision ?? null)) !== "written")
      await keep(user, { access_token, refresh_token, expires_in });
  }

  return {
    /** @param {Request} request */
    async connect(request) {
      const { searchParams } = new URL(request.url);
      const user = request.headers.get("x-user") ?? "";
      const code = searchParams.get("code");
      if (code === null) {
        const url = new URL(`${oidc}/oauth`);
        url.search = new URLSearchParams({
          client_id: client.id,
          redirect_uri: client.redirectUri,
          response_type: "code",
          scope: "read write",
          code_challenge: createHash("sha256").update(verifier).digest("base64url"),
          code_challenge_method: "S256",
        }).toString();
        return new Response(null, { status: 303, headers: { Location: url.href } });
      }
      const got = await grant({ grant_type: "authorization_code", code, code_verifier: verifier });
      await keep(user, got);
      return new Response(null, { status: 303, headers: { Location: "/" } });
    },

    /** @param {string} user */
    async tokenOf(user) {
      const { row, now } = await tokens.read(user);
      if (!row || row.ended) throw Object.assign(new Error(), { code: "reconnect" });
      if (now < (row.storedAt + row.expiresAt) / 2) return row.accessToken;
      const got = await grant({
        grant_type: "refresh_token",
        refresh_token: row.refreshToken ?? "",
      });
      await keep(user, got);
      if (got.error) throw Object.assign(new Error(), { code: "reconnect" });
      return got.access_token;
    },
  };
}
