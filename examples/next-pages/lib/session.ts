import { createHmac, timingSafeEqual } from "node:crypto";
import type { Authenticate } from "ares-react/server";

const secret = process.env.SESSION_SECRET ?? "only-for-this-example";
const sign = (user: string) => createHmac("sha256", secret).update(user).digest("base64url");

/** The sign-in of this example: a signed cookie. Your app has its own. */
export const cookieOf = (user: string) =>
  `session=${user}.${sign(user)}; Path=/; HttpOnly; SameSite=Lax`;

/** Access tokens of ARES by user. Your app stores them when a user connects ARES. */
const tokens: Record<string, string | undefined> = JSON.parse(process.env.ARES_TOKENS ?? "{}");

/** Says who sent a request: the `auth` of createAresServer. */
export const auth: Authenticate = async (request) => {
  const [, user, signature] =
    /(?:^|; )session=([\w-]+)\.([\w-]+)/.exec(request.headers.get("Cookie") ?? "") ?? [];
  if (!user || !signature) return null;
  const [a, b] = [Buffer.from(signature), Buffer.from(sign(user))];
  const genuine = a.length === b.length && timingSafeEqual(a, b);
  return genuine ? { userId: user, getAccessToken: async () => tokens[user] ?? null } : null;
};
