import type { Knobs } from "./knobs";
import { randomHex, seededRandom, seedOf, type Tokens } from "./tokens";

/** What a browser asks at the consent page, and what the code stands for. */
export interface AuthorizeRequest {
  clientId: string;
  redirectUri: string;
  /** The SHA-256 of the verifier as base64url; null without PKCE. */
  challenge: string | null;
}

/** Why the token endpoint refuses. */
export type GrantRefusal = "invalid_request" | "invalid_client" | "invalid_grant";

export interface GrantedTokens {
  accessToken: string;
  /** Null where the old refresh token stays. */
  refreshToken: string | null;
}

interface Code extends AuthorizeRequest {
  user: string;
  expiresAt: number;
}

interface RefreshToken {
  user: string;
  clientId: string;
  redirectUri: string;
  /** All refresh tokens that come from one consent. */
  family: number;
  isSpent: boolean;
  expiresAt: number;
}

interface Parts {
  seed: number;
  now: () => number;
  tokens: Tokens;
  knobs: () => Knobs;
  clients: readonly string[] | undefined;
  clientSecret: string | undefined;
}

const CODE_TTL_MS = 60_000;

/** Codes and refresh tokens: which there are, and what they are still worth. */
export type Grants = ReturnType<typeof createGrants>;

export function createGrants({ seed, now, tokens, knobs, clients, clientSecret }: Parts) {
  const codes = new Map<string, Code>();
  const refreshTokens = new Map<string, RefreshToken>();
  const endedFamilies = new Set<number>();
  const next = seededRandom(seedOf(`${seed}/grants`));
  let families = 0;

  const knowsClient = (clientId: string) => clients === undefined || clients.includes(clientId);

  function newRefreshToken(token: Omit<RefreshToken, "isSpent" | "expiresAt">): string {
    const text = `sim_rt_${randomHex(next, 40)}`;
    const expiresAt = now() + knobs().refreshTtlMs;
    refreshTokens.set(text, { ...token, isSpent: false, expiresAt });
    return text;
  }

  /** True for a refresh token of this app whose link has not ended. */
  function isGood(token: RefreshToken, clientId: string): boolean {
    if (token.clientId !== clientId || token.expiresAt <= now()) return false;
    return !endedFamilies.has(token.family) && tokens.isRefreshable(token.user);
  }

  function renew(token: RefreshToken, rotation: Knobs["rotation"]): GrantedTokens {
    const accessToken = tokens.issue(token.user);
    if (rotation === "off") return { accessToken, refreshToken: null };
    token.isSpent = true;
    return { accessToken, refreshToken: newRefreshToken(token) };
  }

  return {
    knowsClient,

    checkClient(clientId: string, secret: string): boolean {
      return knowsClient(clientId) && (clientSecret === undefined || secret === clientSecret);
    },

    /** A code for what the user has allowed. */
    allow(user: string, request: AuthorizeRequest): string {
      const code = `sim_code_${randomHex(next, 32)}`;
      codes.set(code, { ...request, user, expiresAt: now() + CODE_TTL_MS });
      return code;
    },

    exchange(
      code: string,
      sent: { clientId: string; redirectUri: string; challenge: string | null },
    ): GrantedTokens | GrantRefusal {
      const found = codes.get(code);
      codes.delete(code);
      if (!found || found.expiresAt <= now()) return "invalid_grant";
      if (found.clientId !== sent.clientId || found.redirectUri !== sent.redirectUri)
        return "invalid_grant";
      if (!keepsPkce(knobs().pkce, found.challenge, sent.challenge)) return "invalid_grant";
      families += 1;
      const { user, clientId, redirectUri } = found;
      return {
        accessToken: tokens.issue(user),
        refreshToken: newRefreshToken({ user, clientId, redirectUri, family: families }),
      };
    },

    refresh(
      text: string,
      sent: { clientId: string; redirectUri: string | null },
    ): GrantedTokens | GrantRefusal {
      const found = refreshTokens.get(text);
      const { rotation, refreshRedirect } = knobs();
      if (!found || !isGood(found, sent.clientId)) return "invalid_grant";
      if (refreshRedirect === "required" && sent.redirectUri !== found.redirectUri)
        return "invalid_request";
      if (!found.isSpent) return renew(found, rotation);
      if (rotation === "detects_reuse") endedFamilies.add(found.family);
      return "invalid_grant";
    },
  };
}

function keepsPkce(rule: Knobs["pkce"], asked: string | null, sent: string | null): boolean {
  if (rule === "ignored") return true;
  return asked === null ? rule === "honoured" : asked === sent;
}
