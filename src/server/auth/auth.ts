import { AresError, isAresError } from "../../contract";
import { isOfFramework } from "../refusals";
import { createSingleFlight } from "./singleFlight";

const USER_ID =
  "Nobody can be charged without an id. Give the user's id as a text, the same for the user's whole life.";

/** Why a `userId` names nobody; undefined for one that does. The words never hold the id. */
export function faultOfUserId(userId: unknown): string | undefined {
  if (typeof userId !== "string") return `of type ${typeof userId}`;
  if (userId === "") return "without a letter";
  // A database stores every such half as the same sign, and ends a text at NUL: two users would be one.
  if (/[\0\p{Cs}]/u.test(userId)) return "with NUL or half a character (a lone surrogate)";
  return undefined;
}

/**
 * The user who sent a request, and the way to their ARES account.
 *
 * Put nothing else into the object: every charge carries it.
 */
export interface AresAuth {
  /** The app's own id of the user, the same for the user's whole life. Ledger rows are kept under it. Neither NUL nor half a character is in it. */
  userId: string;
  /** The ARES account that the token is for, where a user may have several. Tokens of two accounts are never mixed up. */
  account?: string | undefined;
  /** False for a session that may read the balance but not spend credits, for example an impersonated one. @default true */
  mayCharge?: boolean | undefined;
  /**
   * Reads the user's ARES access token; `null` when the user has connected no ARES account.
   * `refresh: true` skips any cache. The kit asks so once, after ARES refused the token.
   *
   * @throws {AresError} `reconnect` when the user must connect again, `auth_unavailable` when nobody can tell now.
   */
  getAccessToken(options?: { refresh?: boolean }): Promise<string | null>;
}

/**
 * Names the user who sent a request; `null` when nobody is signed in. `clerkAuth` makes one for Clerk.
 *
 * Verify everything the request says: the charge is booked on this answer.
 *
 * A redirect of Next.js and a Response, as React Router throws it, pass through the kit unchanged. Any other error is `auth_unavailable`.
 *
 * @throws {AresError} `auth_unavailable` when nobody can tell now.
 */
export interface Authenticate {
  (request: Request): Promise<AresAuth | null>;
  /** Reaches a user's ARES account without a request from that user. `reconcile` reads balances through it. */
  forUser?: (userId: string) => AresAuth;
  /** Creates what the sign-in lacks, such as a table. The server's own `setup()` calls it. */
  setup?: () => Promise<void>;
  /** Removes what the sign-in keeps of a user's ARES account. `ares.charges.erase` calls it. */
  forget?: (userId: string) => Promise<void>;
}

/**
 * Reports the errors of the app's own sign-in to the app. The user sees only a code.
 *
 * Token reads of one user and account run once at a time: a provider that rotates its refresh tokens would end the others.
 */
export function reporting(
  authenticate: Authenticate,
  onError: (error: unknown) => void,
  observe: <T>(run: () => Promise<T>) => Promise<T> = (run) => run(),
): Authenticate {
  async function heard<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!isAresError(error) && !isOfFramework(error)) onError(error);
      throw error;
    }
  }
  const once = createSingleFlight<string | null>();
  const wrap = (auth: AresAuth): AresAuth => ({
    userId: auth.userId,
    account: auth.account,
    mayCharge: auth.mayCharge,
    getAccessToken: (options) =>
      once(JSON.stringify([auth.userId, auth.account, options?.refresh]), () =>
        heard(() => auth.getAccessToken(options)),
      ),
  });
  const reported = async (request: Request) => {
    const auth = await heard(() => observe(async () => authenticate(request)));
    // The user sees `not_signed_in`; without this line the app would not learn why.
    const fault = auth ? faultOfUserId(auth.userId) : undefined;
    if (fault !== undefined)
      onError(new AresError("invalid_request", `ARES: auth() gave a userId ${fault}. ${USER_ID}`));
    return auth && wrap(auth);
  };
  const { forUser } = authenticate;
  return forUser
    ? Object.assign(reported, { forUser: (userId: string) => wrap(forUser(userId)) })
    : reported;
}
