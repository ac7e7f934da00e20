import type { Authenticate } from "ares-react/server";
import { AresError, errorMessages } from "../../contract";
import type { AresSimulator } from "../simulator/AresSimulator";

/**
 * The user's state: signed out, signed in, connected to ARES, or with a connection that has ended and can't be
 * refreshed.
 */
export type SimulatedAccount = "signed_out" | "not_connected" | "connected" | "reconnect";

/** The options of `simulatedAuth`. */
export interface SimulatedAuthOptions {
  simulator: AresSimulator;
  /** The simulator's user behind the requests, or how to tell it from one. @default the first user */
  user?: string | ((request: Request) => string);
  /** A function is called for each request. @default "connected" */
  account?: SimulatedAccount | ((request: Request) => SimulatedAccount);
}

/**
 * Makes the `auth` of `createAresServer` out of a simulator's users: a sign-in service that believes every request.
 *
 * @example
 * const auth = simulatedAuth({ simulator, user: "ada", account: () => account })
 * const ares = createAresServer({ clientId, prices, auth, ledger: memoryLedger(), ares: { fetch: simulator.fetch } })
 */
export function simulatedAuth({
  simulator,
  user,
  account = "connected",
}: SimulatedAuthOptions): Authenticate {
  const ended = new Set<string>();

  return async (request) => {
    const now = typeof account === "function" ? account(request) : account;
    if (now === "signed_out") return null;
    const userId = (typeof user === "function" ? user(request) : user) ?? firstUser(simulator);

    if (now === "reconnect") {
      simulator.tokenOf(userId);
      simulator.expireToken(userId, { refreshable: false });
      ended.add(userId);
    } else if (now === "connected" && ended.delete(userId)) {
      simulator.issueToken(userId);
    }

    return {
      userId,
      async getAccessToken({ refresh = false } = {}) {
        if (now === "not_connected") return null;
        const token = refresh ? simulator.refreshToken(userId) : simulator.tokenOf(userId);
        if (token === null) throw new AresError("reconnect", errorMessages.reconnect);
        return token;
      },
    };
  };
}

export function firstUser(simulator: AresSimulator): string {
  const first = simulator.users()[0];
  if (first) return first.user;
  throw new Error(
    "The simulator has no users. Nobody can sign in. Create it with users: { ada: 698 }, or call addUser.",
  );
}
