/** What ARES thinks of an access token. */
export type TokenCheck =
  | { status: "valid"; user: string }
  | { status: "expired"; user: string }
  | { status: "none" }
  | { status: "invalid" };

/** Access tokens, each of one user. One seed gives the same tokens in every run. */
export type Tokens = ReturnType<typeof createTokens>;

export function createTokens(seed: number, now: () => number, ttlMs: () => number) {
  const tokens = new Map<string, { user: string; expiresAt: number }>();
  const owners = new Map<string, { current: string; issued: number; refreshable: boolean }>();

  function issue(user: string): string {
    const issued = (owners.get(user)?.issued ?? 0) + 1;
    const token = `sim_at_${randomHex(seededRandom(seedOf(`${seed}/${user}/${issued}`)), 40)}`;
    tokens.set(token, { user, expiresAt: now() + ttlMs() });
    owners.set(user, { current: token, issued, refreshable: true });
    return token;
  }

  function expire(user: string, refreshable = true): void {
    for (const token of tokens.values())
      if (token.user === user) token.expiresAt = Math.min(token.expiresAt, now());
    const owner = owners.get(user);
    if (owner) owner.refreshable = refreshable;
  }

  return {
    issue,
    expire,
    /** False once the user must connect again. */
    isRefreshable: (user: string) => owners.get(user)?.refreshable !== false,
    current: (user: string) => owners.get(user)?.current ?? issue(user),

    /** A new token for an old one, which ends; null when the user must connect again. */
    refresh(user: string): string | null {
      if (owners.get(user)?.refreshable === false) return null;
      expire(user);
      return issue(user);
    },

    check(authorization: string | null): TokenCheck {
      const bearer = /^Bearer +(\S+)$/i.exec(authorization ?? "")?.[1];
      if (bearer === undefined) return { status: "none" };
      const token = tokens.get(bearer);
      if (!token) return { status: "invalid" };
      return { status: token.expiresAt > now() ? "valid" : "expired", user: token.user };
    },
  };
}

/**
 * Random numbers that are the same in every run of one seed: mulberry32.
 *
 * @example
 * const next = seededRandom(7)
 * next() // always the same number, from 0 to below 1
 */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A seed made of a text: FNV-1a. */
export function seedOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const character of text)
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return hash >>> 0;
}

/** Lower-case hexadecimal digits drawn from a source of random numbers. */
export function randomHex(next: () => number, digits: number): string {
  return Array.from({ length: digits }, () => Math.floor(next() * 16).toString(16)).join("");
}
