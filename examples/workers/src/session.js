import { Hono } from "hono";
import { getSignedCookie, setSignedCookie } from "hono/cookie";

const secretOf = (env) => env.SESSION_SECRET ?? "only-for-this-example";

/** The sign-in of this example: a signed cookie. Your app has its own. */
export async function signIn(context) {
  const { user } = await context.req.json();
  await setSignedCookie(context, "session", user, secretOf(context.env), {
    httpOnly: true,
    sameSite: "Lax",
  });
  return context.body(null, 204);
}

/** Reads the cookie of a request outside of a route. */
const reader = new Hono().all("*", async (context) =>
  context.text((await getSignedCookie(context, context.env.secret, "session")) || ""),
);

/** Says who sent a request: the `auth` of createAresServer. */
export function authOf(env) {
  /** Access tokens of ARES by user. Your app stores them when a user connects ARES. */
  const tokens = JSON.parse(env.ARES_TOKENS ?? "{}");
  return async (request) => {
    const answer = await reader.request(
      "/",
      { headers: { Cookie: request.headers.get("Cookie") ?? "" } },
      { secret: secretOf(env) },
    );
    const user = await answer.text();
    return user === "" ? null : { userId: user, getAccessToken: async () => tokens[user] ?? null };
  };
}
