/** An access token and its end. */
export interface ReadToken {
  token: string;
  /** Milliseconds since 1970; undefined when the sign-in does not tell. */
  expiresAt?: number | undefined;
}

/** Access tokens in memory, by user: never on disk, never in a log. */
export interface TokenCache {
  /** The user's token. Reads a token when none is kept, when it is about to expire, or when `account` is another account. */
  get(userId: string, account?: string): Promise<string | null>;
  /** Reads again, unless another request has already replaced the token that was `refused`. */
  renew(userId: string, refused: string | null, account?: string): Promise<string | null>;
}

export interface TokenCacheOptions {
  /** `refresh` says that ARES has refused the token before. */
  read(userId: string, account: string | undefined, refresh: boolean): Promise<ReadToken | null>;
  now(): number;
  /** @default 10000 */
  maxUsers?: number;
}

/** A token is replaced this long before its end, so that it does not end on its way to ARES. */
const MARGIN_MS = 60_000;
/** How long a token is kept when its end is unknown. */
const UNKNOWN_MS = 60_000;
/** The longest time a token is kept: the user may have disconnected ARES or connected another account. */
const LONGEST_MS = 600_000;

/** Keeps tokens until shortly before they end, and reads each user's at most once at a time. */
export function createTokenCache({ read, now, maxUsers = 10_000 }: TokenCacheOptions): TokenCache {
  const kept = new Map<
    string,
    { token: string; until: number; turn: number; account: string | undefined }
  >();
  const reads = new Map<string, Promise<string | null>>();
  const renewals = new Map<string, Promise<string | null>>();
  let turns = 0;

  async function load(
    userId: string,
    account: string | undefined,
    turn: number,
    refresh: boolean,
  ): Promise<string | null> {
    const found = await read(userId, account, refresh);
    // A slow read may end after a newer one. Its older token must not replace the newer token.
    if ((kept.get(userId)?.turn ?? -1) > turn) return found?.token ?? null;

    kept.delete(userId);
    if (!found) return null;
    const until =
      found.expiresAt === undefined
        ? now() + UNKNOWN_MS
        : Math.min(found.expiresAt - MARGIN_MS, now() + LONGEST_MS);
    kept.set(userId, { token: found.token, until, turn, account });
    const [oldest] = kept.size > maxUsers ? kept.keys() : [];
    if (oldest !== undefined) kept.delete(oldest);
    return found.token;
  }

  function once(
    flights: Map<string, Promise<string | null>>,
    name: string,
    userId: string,
    account?: string,
  ): Promise<string | null> {
    const running = flights.get(name);
    if (running) return running;
    turns += 1;
    const flight = load(userId, account, turns, flights === renewals).finally(() =>
      flights.delete(name),
    );
    flights.set(name, flight);
    return flight;
  }

  return {
    async get(userId, account) {
      const entry = kept.get(userId);
      const renewal = renewals.get(JSON.stringify([userId, account ?? entry?.account]));
      if (renewal) return renewal;
      // A request without `account` accepts the kept token's account.
      if (!entry || entry.until <= now() || (account ?? entry.account) !== entry.account) {
        return once(reads, JSON.stringify([userId, account]), userId, account);
      }
      // The map forgets its first entry first, so a used entry moves to the end.
      kept.delete(userId);
      kept.set(userId, entry);
      return entry.token;
    },
    async renew(userId, refused, account) {
      const entry = kept.get(userId);
      if (
        entry &&
        entry.until > now() &&
        refused !== null &&
        entry.token !== refused &&
        (account ?? entry.account) === entry.account
      )
        return entry.token;
      const of = account ?? entry?.account;
      return once(renewals, JSON.stringify([userId, of]), userId, of);
    },
  };
}
