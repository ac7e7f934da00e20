import * as z from "zod/mini";
import { AresError, isAresError } from "../contract";
import { faultOfUserId, isOfFramework, refuse, within } from "../server/index";
import type { AresConnectOptions, ConnectUser, SessionAnswer } from "./connectOptions";
import type { CookieJar } from "./cookies";
import type { Links } from "./links";
import type { Sealing } from "./sealing";

/** Says who is there. */
export interface SignIn {
  /** The user of a request; null when nobody is signed in. @throws {AresError} `auth_unavailable` */
  userOf(request: Request): Promise<ConnectUser | null>;
}

const SESSION_MS = 10_000;

/** The app's own sign-in. */
export function appSignIn(
  session: Exclude<AresConnectOptions["session"], "ares">,
  onError: (error: unknown) => void,
): SignIn {
  async function ask(request: Request): Promise<SessionAnswer> {
    try {
      return await within(SESSION_MS, (async () => session(request))());
    } catch (error) {
      if (isAresError(error) || isOfFramework(error)) throw error;
      throw refuse("auth_unavailable", {}, { cause: error });
    }
  }

  return {
    async userOf(request) {
      const answer = await ask(request);
      if (answer === null || answer === undefined) return null;
      const user = typeof answer === "string" ? { userId: answer } : answer;
      const fault = faultOfUserId(user.userId);
      if (fault === undefined) return user;
      onError(new AresError("invalid_request", `ARES: session() gave a user id ${fault}.`));
      return null;
    },
  };
}

/** A session of `session: "ares"` lasts so long after its callback. */
const SESSION_S = 30 * 24 * 60 * 60;

const Session = /* @__PURE__ */ (() => z.object({ userId: z.string(), at: z.number() }))();

export interface AresSignIn extends SignIn {
  /** The cookie of a user who has come back from ARES at this time of the store's clock. */
  begin(userId: string, at: number): Promise<string>;
}

/**
 * The ARES account is the user. The session is a cookie of this kit. It counts only while there is a link, and only if it began
 * after the user's sessions were last ended.
 */
export function aresSignIn(parts: { jar: CookieJar; sealing: Sealing; links: Links }): AresSignIn {
  const { jar, sealing, links } = parts;
  const place = { userId: "", column: jar.session, version: "" };

  return {
    async userOf(request) {
      const cookie = jar.read(request, jar.session);
      const text = cookie === undefined ? null : await sealing.open("session", place, cookie);
      if (text === null) return null;
      const { userId, at } = Session.parse(JSON.parse(text));
      const { row, now } = await links.look(userId);
      const isOver = now > at + SESSION_S * 1000;
      return row && !isOver && at >= row.signedInSince ? { userId } : null;
    },

    async begin(userId, at) {
      const text = JSON.stringify({ userId, at });
      return jar.set(jar.session, await sealing.seal("session", place, text), SESSION_S);
    },
  };
}
