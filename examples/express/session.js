import { createHmac, timingSafeEqual } from "node:crypto";

const secret = process.env.SESSION_SECRET ?? "only-for-this-example";
const sign = (user) => createHmac("sha256", secret).update(user).digest("base64url");

/** The sign-in of this example: a signed cookie. Your app has its own. */
export const cookieOf = (user) => `session=${user}.${sign(user)}; Path=/; HttpOnly; SameSite=Lax`;

/** The user behind a request, or nothing. */
export function userOf(request) {
  const [, user, signature] =
    /(?:^|; )session=([\w-]+)\.([\w-]+)/.exec(request.headers.get("Cookie") ?? "") ?? [];
  if (!user || !signature) return undefined;
  const [a, b] = [Buffer.from(signature), Buffer.from(sign(user))];
  return a.length === b.length && timingSafeEqual(a, b) ? user : undefined;
}

/** Access tokens of ARES by user. Your app stores them when a user connects ARES. */
const tokens = JSON.parse(process.env.ARES_TOKENS ?? "{}");

/** Says who sent a request: the `auth` of createAresServer. */
export async function auth(request) {
  const user = userOf(request);
  return user === undefined
    ? null
    : { userId: user, getAccessToken: async () => tokens[user] ?? null };
}
