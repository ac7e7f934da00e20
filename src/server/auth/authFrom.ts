import { AresError } from "../../contract";
import { within } from "../bounded";
import { refuse } from "../refusals";
import type { AresAuth, Authenticate } from "./auth";
import { createTokenCache, type ReadToken, type TokenCache } from "./tokenCache";

/** The user behind a request. */
export interface SessionUser {
  /** The app's own id of the user, the same for the user's whole life. */
  userId: string;
  /** The ARES account that the page names, where a user may have several. */
  account?: string | undefined;
  /** False for a session that may read the balance but not spend credits. @default true */
  mayCharge?: boolean | undefined;
}

/** How `authFrom` asks your sign-in for the user and the user's ARES token. */
export interface AuthFromOptions {
  /** Names the user of a request: an id, more of the user, or null when nobody is signed in. Throw for an outage. */
  session(request: Request): MaybePromise<SessionUser | string | null | undefined>;
  /**
   * Reads the user's ARES access token from the sign-in that keeps it; null when the user has connected no ARES account.
   * `expiresAt` is in milliseconds since 1970. `refresh` is true after ARES refused the token: skip any cache.
   *
   * Throw `new AresError("reconnect", …)` when the user must connect again. Any other error counts as an outage.
   */
  read(user: {
    userId: string;
    account: string | undefined;
    refresh: boolean;
  }): MaybePromise<ReadToken | string | null | undefined>;
  now?: (() => number) | undefined;
}

type MaybePromise<T> = T | Promise<T>;

/** A read that hangs must not hold up the user's later requests. */
const READ_MS = 10_000;

/**
 * Makes the `auth` of `createAresServer` for a sign-in that keeps and renews ARES's tokens itself. For every other sign-in take
 * `aresConnect` of `ares-react/connect`.
 *
 * Tokens stay in memory until a minute before they expire, at most ten minutes; a minute where `expiresAt` is missing. Each user's
 * token is read once at a time, and once more after ARES refused it.
 *
 * @example
 * const auth = authFrom({
 *   session: async (request) => (await readSession(request))?.userId ?? null,
 *   read: ({ userId, refresh }) => readAresToken(userId, { refresh }),
 * })
 */
export function authFrom({
  session,
  read,
  now = Date.now,
}: AuthFromOptions): Authenticate & Required<Pick<Authenticate, "forUser">> {
  const tokens = createTokenCache({
    now,
    async read(userId, account, refresh) {
      const answer = await within(READ_MS, (async () => read({ userId, account, refresh }))());
      return tokenIn(answer);
    },
  });

  async function authenticate(request: Request): Promise<AresAuth | null> {
    const answer = await session(request);
    if (answer === null || answer === undefined) return null;
    return authOf(typeof answer === "string" ? { userId: answer } : answer, tokens);
  }
  return Object.assign(authenticate, {
    forUser: (userId: string) => authOf({ userId }, tokens),
  });
}

function authOf({ userId, account, mayCharge }: SessionUser, tokens: TokenCache): AresAuth {
  let given: string | null = null;
  return {
    userId,
    account,
    mayCharge,
    async getAccessToken({ refresh = false } = {}) {
      given = refresh
        ? await tokens.renew(userId, given, account)
        : await tokens.get(userId, account);
      return given;
    },
  };
}

/** The token of an answer. A text is a token whose end nobody knows. */
function tokenIn(answer: ReadToken | string | null | undefined): ReadToken | null {
  const { token, expiresAt }: Partial<ReadToken> =
    typeof answer === "string" ? { token: answer } : (answer ?? { token: "" });
  if (token === "") return null;
  const isTime = expiresAt === undefined || Number.isFinite(expiresAt);
  if (typeof token === "string" && isTime) return { token, expiresAt };
  throw refuse("auth_unavailable", {}, { cause: new AresError("auth_unavailable", NO_TOKEN) });
}

const NO_TOKEN =
  "ARES: read() of authFrom gave no token and not null. Give a text, { token, expiresAt } in milliseconds, or null.";
