import { isAresError } from "../../contract";
/**
 * Who sent a request, and how to reach their ARES account.
 *
 * Never put more into it than this: it travels with every charge.
 */
export interface AresAuth {
  /** The app's own id of the user, the same for the user's whole life. Ledger rows are kept under it. */
  userId: string;
  /** False for a session that may see what its user has but not spend it, such as one that impersonates them. @default true */
  mayCharge?: boolean | undefined;
  /**
   * Reads the user's ARES access token; `null` when the user has connected no ARES account.
   * `refresh: true` passes any cache by, once, after ARES refused the token.
   *
   * @throws {AresError} `reconnect` when the user must connect again, `auth_unavailable` when nobody can tell now.
   */
  getAccessToken(options?: { refresh?: boolean }): Promise<string | null>;
}

/**
 * Says who sent a request; `null` when nobody is signed in. `clerkAuth` makes one for Clerk.
 *
 * It must believe nothing but what it verified: the charge is booked on the answer.
 *
 * @throws {AresError} `auth_unavailable` when nobody can tell now.
 */
export interface Authenticate {
  (request: Request): Promise<AresAuth | null>;
  /** Reaches a user's ARES account without a request of theirs; `reconcile` reads balances through it. */
  forUser?: (userId: string) => AresAuth;
}

/** Lets an app hear what its own sign-in threw, before users are told no more than a code. */
export function reporting(authenticate: Authenticate, onError: (error: unknown) => void): Authenticate {
  async function heard<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!isAresError(error)) onError(error);
      throw error;
    }
  }
  const wrap = (auth: AresAuth): AresAuth => ({
    userId: auth.userId,
    mayCharge: auth.mayCharge,
    getAccessToken: (options) => heard(() => auth.getAccessToken(options)),
  });
  const reported = async (request: Request) => {
    const auth = await heard(() => authenticate(request));
    return auth && wrap(auth);
  };
  const { forUser } = authenticate;
  return forUser ? Object.assign(reported, { forUser: (userId: string) => wrap(forUser(userId)) }) : reported;
}
