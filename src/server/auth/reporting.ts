import { isAresError } from "../../contract";
import type { AresAuth, Authenticate } from "./auth";

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
