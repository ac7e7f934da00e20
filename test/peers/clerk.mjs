import assert from "node:assert/strict";
import { once } from "node:events";
import { serve } from "@hono/node-server";
import { clerkAuth } from "ares-react/server";
import { createClerkFake } from "./clerkFake.mjs";

const origin = "https://app.example";
const clerk = await createClerkFake({
  users: [{ id: "user_ada", ares: "ares-token-of-ada" }],
  origin,
});
const backend = serve({ fetch: clerk.backend, port: 0, hostname: "127.0.0.1" });
if (!backend.listening) await once(backend, "listening");

const { publishableKey, secretKey, jwtKey } = clerk;
const apiUrl = `http://127.0.0.1:${backend.address().port}`;
const authenticate = clerkAuth({
  publishableKey,
  secretKey,
  jwtKey,
  apiUrl,
  authorizedParties: [origin],
});

/** @param {string} token */
const ask = (token) =>
  authenticate(
    new Request(`${origin}/api/ares`, {
      method: "POST",
      headers: { Authorization: `Bearer ${token}` },
    }),
  );

const token = await clerk.sessionToken("user_ada");
const session = await ask(token);
assert.equal(session?.userId, "user_ada");
assert.equal(clerk.requests.length, 0, "a session is verified without asking Clerk");
assert.equal(await session.getAccessToken(), "ares-token-of-ada");

const past = Math.floor(Date.now() / 1000) - 120;
const strangers = {
  "another page's": await clerk.sessionToken("user_ada", { azp: "https://evil.example" }),
  expired: await clerk.sessionToken("user_ada", { iat: past, nbf: past, exp: past + 60 }),
  pending: await clerk.sessionToken("user_ada", { sts: "pending" }),
  broken: `${token.slice(0, -8)}AAAAAAAA`,
};
for (const [whose, stranger] of Object.entries(strangers))
  assert.equal(await ask(stranger), null, `a token that is ${whose}`);

const impersonated = await ask(
  await clerk.sessionToken("user_ada", { act: { sub: "user_staff" } }),
);
assert.deepEqual(
  [session.mayCharge, impersonated?.mayCharge],
  [true, false],
  "who looks at it in a user's name may not charge",
);

backend.close();
console.log("a session is verified, its access token read, and four others refused");
process.exit(0);
