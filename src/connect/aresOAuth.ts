import * as oauth from "oauth4webapi";
import { neverConnected, readText, sentOnce, uncached } from "../server/index";
import type { TokenReply } from "./tokenAnswer";

/** How to reach ARES's OAuth. */
export interface AresOAuthOptions {
  /** Where a user allows the connection. @default "https://joinares.com/oauth" */
  authorizeUrl?: string;
  /** The host of ARES's token endpoint and of its API. @default "https://oauth.joinares.com" */
  baseUrl?: string;
  /** The limit of one call, body included, in milliseconds; 7,000 at most, so that a refresh ends before its request counts as lost. @default 7000 */
  timeoutMs?: number;
  fetch?: (input: string, init: RequestInit) => Promise<Response>;
}

export interface AresOAuth {
  /** A new attempt to connect: what the browser is sent to, and what the callback needs. */
  begin(): Promise<{ url: string; state: string; verifier: string }>;
  /**
   * Reads the address of a callback.
   *
   * @throws the error of `oauth4webapi`: another state, an error of ARES.
   */
  readCallback(address: URL, state: string): URLSearchParams;
  /** Exchanges the code of a callback that `readCallback` gave. Never rejects. */
  exchange(callback: URLSearchParams, verifier: string): Promise<TokenReply>;
  /** Sends a refresh token, once, if `maySend` is still true when the request leaves. Never rejects. */
  refresh(refreshToken: string, maySend: () => boolean): Promise<TokenReply>;
}

const MAX_BODY = 64 * 1024;
const LONGEST_MS = 7_000;

interface Parts extends AresOAuthOptions {
  clientId: string;
  clientSecret: string;
  redirectUri: string;
  scope: string;
}

/** The only place that speaks OAuth. ARES wants the redirect URI in each of its three requests. */
export function createAresOAuth({
  clientId,
  clientSecret,
  redirectUri,
  scope,
  authorizeUrl = "https://joinares.com/oauth",
  baseUrl = "https://oauth.joinares.com",
  timeoutMs = LONGEST_MS,
  fetch = globalThis.fetch,
}: Parts): AresOAuth {
  const client: oauth.Client = { client_id: clientId };
  const tokenUrl = new URL("/oauth/token", baseUrl);
  const server: oauth.AuthorizationServer = {
    issuer: new URL(authorizeUrl).origin,
    authorization_endpoint: authorizeUrl,
    token_endpoint: tokenUrl.href,
  };
  const authentication = oauth.ClientSecretPost(clientSecret);

  /** One request within the time limit, even when `fetch` ignores its signal. */
  async function ask(
    send: (options: RequestOptions) => Promise<Response>,
    maySend: () => boolean = () => true,
  ): Promise<TokenReply> {
    const deadline = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<TokenReply>((resolve) => {
      timer = setTimeout(
        () => {
          deadline.abort();
          resolve({ status: "lost" });
        },
        Math.min(timeoutMs, LONGEST_MS),
      );
    });
    const options: RequestOptions = {
      signal: deadline.signal,
      additionalParameters: { redirect_uri: redirectUri },
      // Options of the app allow plain HTTP only to this machine.
      [oauth.allowInsecureRequests]: true,
      [oauth.customFetch]: async (url, { body, ...init }) => {
        if (!maySend()) throw new HeldUp();
        // A refresh token that a `fetch` sends twice by itself could end the link.
        return fetch(url, {
          ...init,
          ...uncached(),
          ...sentOnce(String(body)),
          redirect: "manual",
        });
      },
    };
    try {
      return await Promise.race([exchanged(send(options), deadline.signal), late]);
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    async begin() {
      const [state, verifier] = [oauth.generateRandomState(), oauth.generateRandomCodeVerifier()];
      const url = new URL(authorizeUrl);
      const asked = {
        client_id: clientId,
        redirect_uri: redirectUri,
        response_type: "code",
        scope,
        state,
        code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
        code_challenge_method: "S256",
      };
      for (const [name, value] of Object.entries(asked)) url.searchParams.set(name, value);
      return { url: url.href, state, verifier };
    },

    readCallback({ searchParams }, state) {
      // ARES documents no issuer, so its name proves nothing here. There is one server, so no two can be mixed up.
      const parameters = new URLSearchParams(searchParams);
      parameters.delete("iss");
      return oauth.validateAuthResponse(server, client, parameters, state);
    },

    exchange: (callback, verifier) =>
      ask((options) =>
        oauth.authorizationCodeGrantRequest(
          server,
          client,
          authentication,
          callback,
          redirectUri,
          verifier,
          options,
        ),
      ),

    refresh: (refreshToken, maySend) =>
      ask(
        (options) =>
          oauth.refreshTokenGrantRequest(server, client, authentication, refreshToken, options),
        maySend,
      ),
  };
}

type RequestOptions = oauth.TokenEndpointRequestOptions;

class HeldUp extends Error {}

async function exchanged(request: Promise<Response>, deadline: AbortSignal): Promise<TokenReply> {
  try {
    const response = await request;
    const retryAfter = Number(response.headers.get("Retry-After") ?? Number.NaN);
    return {
      status: "answered",
      http: response.status,
      body: await jsonOf(response, deadline),
      retryAfterSeconds: retryAfter >= 0 ? retryAfter : undefined,
    };
  } catch (error) {
    if (error instanceof HeldUp) return { status: "held_up" };
    return { status: neverConnected(error) ? "not_sent" : "lost" };
  }
}

/** The body as JSON; null for none, undefined for anything else, and for more than 64 KiB. */
async function jsonOf({ body }: Response, deadline: AbortSignal): Promise<unknown> {
  try {
    const text = await readText(body, MAX_BODY, new TextDecoder(), deadline);
    return text === "" ? null : JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return undefined;
    throw error;
  }
}
