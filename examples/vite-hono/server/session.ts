import type { Authenticate } from "ares-react/server";
import { Hono } from "hono";
import { getSignedCookie, setSignedCookie } from "hono/cookie";

const secret = process.env.SESSION_SECRET ?? "only-for-this-example";

/** Access tokens of ARES by user. Your app stores them when a user connects ARES. */
const tokens: Record<string, string | undefined> = JSON.parse(process.env.ARES_TOKENS ?? "{}");

/** The sign-in of this example: a signed cookie. Your app has its own. */
export const signIn = new Hono().post("/sign-in", async (context) => {
  const { user }: { user: string } = await context.req.json();
  await setSignedCookie(context, "session", user, secret, { httpOnly: true, sameSite: "Lax" });
  return context.body(null, 204);
});

/** Reads the cookie of a request outside of a route. */
const reader = new Hono().all("*", async (context) =>
  context.text((await getSignedCookie(context, secret, "session")) || ""),
);

/** Says who sent a request: the `auth` of createAresServer. */
export const auth: Authenticate = async (request) => {
  const answer = await reader.request("/", {
    headers: { Cookie: request.headers.get("Cookie") ?? "" },
  });
  const user = await answer.text();
  return user === "" ? null : { userId: user, getAccessToken: async () => tokens[user] ?? null };
};
