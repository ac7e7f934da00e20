import { serve } from "@hono/node-server";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { AresError } from "../../../src/contract";
import { isAresError } from "../../../src/contract";
import { createAresServer, definePrices, memoryLedger, mintKey } from "../../../src/server";
import type { AresAuth } from "../../../src/server/auth/auth";
import { clerkAuth } from "../../../src/server/auth/clerkAuth";
import type { ClerkAuthOptions } from "../../../src/server/auth/clerkOptions";
import { createAresSimulator } from "../../../src/testing";
import { type ClerkFake, createClerkFake } from "../../clerk/fake/clerkFake";
import { createClerkFakeSigner } from "../../clerk/fake/clerkFakeKeys";

const origin = "http://localhost:3000";
const secretToken = "ares-token-of-ann";
const now = () => Date.now();
const inSeconds = (seconds: number) => Math.floor(now() / 1000) + seconds;

let clerk: ClerkFake;
let apiUrl: string;
let close: () => Promise<void>;

beforeEach(async () => {
  clerk = await createClerkFake({
    users: [{ id: "user_ann" }, { id: "user_bob", ares: "ares-token-of-bob" }, { id: "user_new" }],
  });
  clerk.connect("user_ann", [{ token: secretToken, expiresAt: inSeconds(1800) }]);
  ({ apiUrl, close } = await listen(clerk.backend));
});
afterEach(async () => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  await close();
});

/** The pretend Backend API over real HTTP, so that the real package runs whole. */
async function listen(fetch: (request: Request) => Promise<Response>) {
  return new Promise<{ apiUrl: string; close: () => Promise<void> }>((resolve) => {
    const server = serve({ fetch, port: 0, hostname: "127.0.0.1" }, ({ port }) =>
      resolve({
        apiUrl: `http://127.0.0.1:${port}`,
        close: () =>
          new Promise((done) => {
            server.close(() => done());
            if ("closeAllConnections" in server) server.closeAllConnections();
          }),
      }),
    );
  });
}

function authenticate(options: Partial<ClerkAuthOptions> = {}) {
  const { publishableKey, secretKey, jwtKey } = clerk;
  return clerkAuth({
    publishableKey,
    secretKey,
    jwtKey,
    authorizedParties: [origin],
    apiUrl,
    ...options,
  });
}

function bearer(token: string, url = `${origin}/api/ares`): Request {
  return new Request(url, { headers: { authorization: `Bearer ${token}` } });
}

async function signedIn(auth = authenticate(), userId = "user_ann"): Promise<AresAuth> {
  const answer = await auth(bearer(await clerk.sessionToken(userId)));
  if (!answer) throw new Error("expected a session");
  return answer;
}

async function failure(promise: Promise<unknown>): Promise<AresError> {
  const error = await promise.then(
    (value) => new Error(`resolved to ${String(value)}`),
    (reason: unknown) => reason,
  );
  if (!isAresError(error)) throw error;
  return error;
}

describe("a session that impersonates its user", () => {
  it("may read, but not charge, nor use up what was paid, whatever the method", async () => {
    const simulator = createAresSimulator({ users: { ann: 10 } });
    clerk.connect("user_ann", [{ token: simulator.tokenOf("ann"), expiresAt: inSeconds(1800) }]);
    const server = createAresServer({
      clientId: "client-1",
      prices: definePrices({ report: 3, image: 4 }),
      auth: authenticate(),
      ares: { fetch: (input, init) => simulator.fetch(new Request(input, init)) },
      ledger: memoryLedger(),
    });
    const report = { usage: "report", resource: "r-1" } as const;
    const call = async (act: Record<string, unknown>, method = "GET") =>
      new Request(`${origin}/api/paid`, {
        method,
        headers: {
          authorization: `Bearer ${await clerk.sessionToken("user_ann", act)}`,
          "Idempotency-Key": mintKey(Date.now()),
        },
      });
    const staff = { act: { sub: "user_staff" } };

    expect((await server.getUser(await call(staff))).credits).toBe(10);
    expect((await failure(server.charge(await call(staff), { usage: "image" }))).code).toBe(
      "not_allowed",
    );
    for (const method of ["GET", "POST"]) {
      const refused = await server.withCharge(
        { usage: "image" },
        async () => new Response("picture"),
      )(await call(staff, method));
      expect((await refused.json()).code).toBe("not_allowed");
    }
    expect(simulator.charges).toEqual([]);

    await server.charge(await call({}), report);
    await expect(
      server.requirePaid(await call(staff), { ...report, uses: 1 }),
    ).rejects.toMatchObject({ code: "not_allowed" });
    expect(await server.requirePaid(await call(staff), report)).toMatchObject({
      userId: "user_ann",
    });
    expect(await server.requirePaid(await call({}), { ...report, uses: 1 })).toMatchObject({
      userId: "user_ann",
    });
  });
});

describe("forUser", () => {
  it("reaches a user's token without a request of theirs", async () => {
    expect(await authenticate().forUser?.("user_ann").getAccessToken()).toBe(secretToken);
  });
});

describe("who sent the request", () => {
  it("is the user of a valid session token, learnt without asking Clerk", async () => {
    const answer = await signedIn();

    expect(answer.userId).toBe("user_ann");
    expect(clerk.requests).toEqual([]);
  });

  it("is read by the key alone where there is one: Clerk's whole check, which makes requests of its own, does not run", async () => {
    const made = vi.fn();
    const ask = bearer(await clerk.sessionToken("user_ann"));
    const auth = authenticate();
    await auth(ask);
    vi.stubGlobal(
      "Request",
      class extends Request {
        constructor(...given: ConstructorParameters<typeof Request>) {
          super(...given);
          made();
        }
      },
    );

    expect(await auth(ask)).toMatchObject({ userId: "user_ann" });
    expect(made).not.toHaveBeenCalled();

    // The same token without the key takes the whole check.
    expect(await authenticate({ jwtKey: undefined })(ask)).toMatchObject({ userId: "user_ann" });
    expect(made).toHaveBeenCalled();
  });

  it("is the user of a session cookie", async () => {
    const token = await clerk.sessionToken("user_ann");
    const cookie = `__session=${token}; __client_uat=${inSeconds(-100)}; __clerk_db_jwt=dvb_fake`;

    const answer = await authenticate()(
      new Request(`${origin}/api/ares`, { headers: { cookie, accept: "text/html" } }),
    );

    expect(answer?.userId).toBe("user_ann");
    expect(clerk.requests).toEqual([]);
  });

  it("keeps two users apart", async () => {
    const auth = authenticate();

    expect(await (await signedIn(auth, "user_ann")).getAccessToken()).toBe(secretToken);
    expect(await (await signedIn(auth, "user_bob")).getAccessToken()).toBe("ares-token-of-bob");
  });

  const session = (overrides: Parameters<ClerkFake["sessionToken"]>[1]) => () =>
    clerk.sessionToken("user_ann", overrides);
  it.each<[string, () => Promise<string> | string]>([
    [
      "an expired token",
      session({ iat: inSeconds(-120), nbf: inSeconds(-120), exp: inSeconds(-60) }),
    ],
    ["a token from the future", session({ nbf: inSeconds(60) })],
    ["a token made for another page", session({ azp: "https://evil.example" })],
    ["a token of a longer name that begins like ours", session({ azp: `${origin}.evil.example` })],
    ["a pending session", session({ sts: "pending" })],
    ["a token without a user", session({ sub: undefined })],
    ["an unsigned token", session({ header: { alg: "none" } })],
    ["a token signed as HMAC", session({ header: { alg: "HS256" } })],
    [
      "an OAuth access token in JWT form",
      session({ header: { typ: "at+jwt" }, client_id: "client", scope: "openid" }),
    ],
    ["a machine token in JWT form", session({ sub: "mch_1" })],
    ["a template token of another category", session({ header: { cat: "cl_B7d4PD222AAA" } })],
    [
      "a broken signature",
      async () => `${(await clerk.sessionToken("user_ann")).slice(0, -6)}AAAAAA`,
    ],
    [
      "a token of another key",
      async () =>
        (await createClerkFakeSigner()).sign({
          sub: "user_ann",
          sid: "s",
          azp: origin,
          iat: inSeconds(0),
          nbf: inSeconds(-9),
          exp: inSeconds(60),
        }),
    ],
    ["an opaque machine token", () => "mt_0123456789abcdef0123456789abcdef"],
    ["an opaque OAuth token", () => "oat_0123456789abcdef0123456789abcdef"],
    ["an API key", () => "ak_0123456789abcdef0123456789abcdef"],
    ["the secret key", () => "sk_test_fake"],
    ["garbage", () => "abc"],
    ["three parts of garbage", () => "a.b.c"],
    ["an empty token", () => ""],
  ])("is nobody for %s, and Clerk is not asked", async (_, makeToken) => {
    const answer = await authenticate()(bearer(await makeToken()));

    expect(answer).toBeNull();
    expect(clerk.requests).toEqual([]);
  });

  it("is nobody without a token", async () => {
    expect(await authenticate()(new Request(`${origin}/api/ares`))).toBeNull();
  });

  it.each([
    [
      "a page request without cookies",
      `${origin}/api/ares`,
      { accept: "text/html", "sec-fetch-dest": "document" },
    ],
    [
      "a handshake nonce in the address",
      `${origin}/api/ares?__clerk_handshake_nonce=x`,
      { accept: "text/html" },
    ],
    [
      "a handshake cookie",
      `${origin}/api/ares`,
      {
        cookie: "__clerk_handshake=a.b.c; __clerk_handshake_nonce=x; __clerk_handshake_nonce_ab=x",
      },
    ],
    [
      "a refresh cookie",
      `${origin}/api/ares`,
      { cookie: "__session=a.b.c; __refresh=x; __client_uat=1" },
    ],
  ])("is nobody for %s, and Clerk is not asked", async (_, url, headers) => {
    const error = vi.spyOn(console, "error").mockImplementation(() => {});

    expect(await authenticate()(new Request(url, { headers }))).toBeNull();
    expect(clerk.requests).toEqual([]);
    expect(error).not.toHaveBeenCalled();
  });

  it("is found through Clerk's published keys when no jwtKey is given", async () => {
    const { publishableKey, secretKey } = clerk;
    const auth = clerkAuth({ publishableKey, secretKey, authorizedParties: [origin], apiUrl });

    expect((await signedIn(auth)).userId).toBe("user_ann");
    expect(clerk.requests.map(({ path }) => path)).toEqual(["/v1/jwks"]);
  });

  it("cannot be told, rather than nobody, when those keys can't be read", async () => {
    const { publishableKey, secretKey } = clerk;
    const auth = clerkAuth({
      publishableKey,
      secretKey,
      authorizedParties: [origin],
      apiUrl,
      timeoutMs: 150,
    });
    clerk.fail({ api: "backend", path: "/jwks", status: 500, times: 99 });

    expect((await failure(signedIn(auth))).code).toBe("auth_unavailable");
  });

  it.each(["500", "refused"])(
    "cannot be told while Clerk's keys answer %s for longer than any retry",
    async (kind) => {
      const { publishableKey, secretKey } = clerk;
      clerk.fail({ api: "backend", path: "/jwks", status: 500, times: 99 });
      const url = kind === "500" ? apiUrl : "http://127.0.0.1:9";
      const auth = clerkAuth({
        publishableKey,
        secretKey,
        authorizedParties: [origin],
        apiUrl: url,
        timeoutMs: 15_000,
      });

      expect((await failure(signedIn(auth))).code).toBe("auth_unavailable");
    },
  );
});

describe("the access token", () => {
  it("is read once for 100 cold requests at the same time", async () => {
    const auth = authenticate();
    const requests = Array.from({ length: 100 }, async () =>
      (await signedIn(auth)).getAccessToken(),
    );

    expect(new Set(await Promise.all(requests))).toEqual(new Set([secretToken]));
    expect(clerk.requests).toHaveLength(1);
  });

  it("is not read again while it is warm", async () => {
    const auth = authenticate();
    await (await signedIn(auth)).getAccessToken();

    expect(await (await signedIn(auth)).getAccessToken()).toBe(secretToken);
    expect(clerk.requests).toHaveLength(1);
  });

  it.each([
    { expiry: "5 minutes", ends: () => inSeconds(300), warmMs: 230_000, coldMs: 242_000 },
    {
      expiry: "5 minutes in milliseconds",
      ends: () => inSeconds(300) * 1000,
      warmMs: 230_000,
      coldMs: 242_000,
    },
    { expiry: "no time that is told", ends: () => undefined, warmMs: 59_000, coldMs: 60_500 },
    { expiry: "a year", ends: () => inSeconds(31_536_000), warmMs: 599_000, coldMs: 600_500 },
    { expiry: "30 seconds", ends: () => inSeconds(30), warmMs: undefined, coldMs: 0 },
  ])(
    "that lives for $expiry is read again a minute before its end",
    async ({ ends, warmMs, coldMs }) => {
      clerk.connect("user_ann", [{ token: "timed", expiresAt: ends() }]);
      let shift = 0;
      const start = now();
      const auth = authenticate({ now: () => start + shift });
      const session = await signedIn(auth);
      await session.getAccessToken();

      if (warmMs !== undefined) {
        shift = warmMs;
        await session.getAccessToken();
        expect(clerk.requests).toHaveLength(1);
      }
      shift = coldMs;
      await session.getAccessToken();
      expect(clerk.requests).toHaveLength(2);
    },
  );

  it("is read once more by a refresh, and the new one is kept", async () => {
    const auth = authenticate();
    const session = await signedIn(auth);
    await session.getAccessToken();
    clerk.connect("user_ann", "renewed");

    expect(await session.getAccessToken({ refresh: true })).toBe("renewed");
    expect(await (await signedIn(auth)).getAccessToken()).toBe("renewed");
    expect(clerk.requests).toHaveLength(2);
  });

  it("is read once when 100 requests ask for a refresh at the same time", async () => {
    const auth = authenticate();
    const sessions = await Promise.all(Array.from({ length: 100 }, () => signedIn(auth)));
    await Promise.all(sessions.map((session) => session.getAccessToken()));
    clerk.connect("user_ann", "renewed");

    const tokens = await Promise.all(
      sessions.map((session) => session.getAccessToken({ refresh: true })),
    );

    expect(new Set(tokens)).toEqual(new Set(["renewed"]));
    expect(clerk.requests).toHaveLength(2);
  });

  it("is not read again by a late refresh of a token that another request has renewed", async () => {
    const auth = authenticate();
    const [early, late] = [await signedIn(auth), await signedIn(auth)];
    await Promise.all([early.getAccessToken(), late.getAccessToken()]);
    clerk.connect("user_ann", "renewed");
    await early.getAccessToken({ refresh: true });

    expect(await late.getAccessToken({ refresh: true })).toBe("renewed");
    expect(clerk.requests).toHaveLength(2);
  });

  it("is read again once when the page names another account, and then belongs to that one", async () => {
    const auth = authenticate();
    const named = async (account: string) =>
      auth(bearer(await clerk.sessionToken("user_ann"), `${origin}/api/ares?account=${account}`));
    expect(await (await named("eac_2"))?.getAccessToken()).toBe(secretToken);
    clerk.disconnect("user_ann");
    clerk.connect("user_ann", "of-the-other-wallet");

    expect(await (await signedIn(auth)).getAccessToken()).toBe(secretToken);
    expect(await (await named("eac_3"))?.getAccessToken()).toBe("of-the-other-wallet");
    expect(await (await named("eac_3"))?.getAccessToken()).toBe("of-the-other-wallet");
    expect(await (await signedIn(auth)).getAccessToken()).toBe("of-the-other-wallet");
    expect(clerk.requests).toHaveLength(2);
  });

  it("is that of the account the page names, where several are connected", async () => {
    const of = (account: string, ends: number) => ({
      object: "oauth_access_token",
      token: `of-${account}`,
      external_account_id: account,
      expires_at: inSeconds(ends),
    });
    clerk.fail({
      api: "backend",
      times: 2,
      body: JSON.stringify([of("eac_7", 900), of("eac_8", 1800)]),
    });
    const auth = authenticate();
    const named = async (account: string) =>
      auth(bearer(await clerk.sessionToken("user_ann"), `${origin}/api/ares?account=${account}`));

    expect(await (await named("eac_8"))?.getAccessToken()).toBe("of-eac_8");
    expect(await (await named("eac_7"))?.getAccessToken()).toBe("of-eac_7");
  });

  it("is that of the first account where the page names none, however long the others live", async () => {
    const of = (account: string, ends: number) => ({
      token: `of-${account}`,
      external_account_id: account,
      expires_at: inSeconds(ends),
    });
    clerk.fail({ api: "backend", body: JSON.stringify([of("eac_7", 900), of("eac_8", 1800)]) });

    expect(await (await signedIn()).getAccessToken()).toBe("of-eac_7");
  });

  it("is null for a user who has connected no ARES account, and asked for again", async () => {
    const session = await signedIn(authenticate(), "user_new");
    expect(await session.getAccessToken()).toBeNull();

    clerk.connect("user_new", "connected-now");

    expect(await session.getAccessToken()).toBe("connected-now");
  });

  it("is null as soon as a refresh finds the account disconnected", async () => {
    const auth = authenticate();
    const session = await signedIn(auth);
    await session.getAccessToken();
    clerk.disconnect("user_ann");

    expect(await session.getAccessToken({ refresh: true })).toBeNull();
    expect(await session.getAccessToken()).toBeNull();
  });

  it.each([
    [
      "the one that lives longest",
      [
        ["old", -10],
        ["short", 900],
        ["long", 1800],
        ["unknown", null],
      ],
      "long",
    ],
    [
      "the first when all have ended",
      [
        ["first", -20],
        ["second", -10],
      ],
      "first",
    ],
    [
      "the first when no end is known",
      [
        ["first", null],
        ["second", null],
      ],
      "first",
    ],
    [
      "one of unknown end before an ended one",
      [
        ["ended", -10],
        ["unknown", null],
      ],
      "unknown",
    ],
  ] satisfies [string, [string, number | null][], string][])(
    "of several is %s",
    async (_, tokens, expected) => {
      clerk.connect(
        "user_ann",
        tokens.map(([token, seconds]) => ({
          token,
          expiresAt: seconds === null ? undefined : inSeconds(seconds),
        })),
      );

      expect(await (await signedIn()).getAccessToken()).toBe(expected);
    },
  );

  it("is found in a bare array as well", async () => {
    clerk.fail({
      api: "backend",
      body: JSON.stringify([
        { object: "oauth_access_token", token: "bare", external_account_id: "eac_1" },
      ]),
    });

    expect(await (await signedIn()).getAccessToken()).toBe("bare");
  });

  it("is asked for without the deprecated prefix, whichever way the provider is written", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});

    await (await signedIn(authenticate({ provider: "oauth_custom_ares" }))).getAccessToken();

    expect(clerk.requests.map(({ path }) => path)).toEqual([
      "/v1/users/user_ann/oauth_access_tokens/oauth_custom_ares",
    ]);
    expect(warn).not.toHaveBeenCalled();
  });
});

describe("when Clerk does not give the access token", () => {
  it.each([
    { status: 422, code: "oauth_missing_refresh_token", means: "reconnect" },
    { status: 400, code: "oauth_missing_refresh_token", means: "reconnect" },
    { status: 400, code: "oauth_token_retrieval_error", means: "reconnect" },
    { status: 422, code: "oauth_token_retrieval_error", means: "reconnect" },
    { status: 422, code: "some_code_of_tomorrow", means: "reconnect" },
    { status: 422, code: undefined, means: "reconnect" },
    { status: 404, code: "resource_not_found", means: null },
    { status: 404, code: undefined, means: null },
    { status: 400, code: "resource_not_found", means: null },
    { status: 400, code: "oauth_token_provider_not_enabled", means: "auth_unavailable" },
    { status: 401, code: "authentication_invalid", means: "auth_unavailable" },
    { status: 403, code: "authorization_invalid", means: "auth_unavailable" },
    { status: 409, code: "conflict", means: "auth_unavailable" },
    { status: 429, code: "too_many_requests", means: "auth_unavailable" },
    { status: 500, code: "internal_clerk_error", means: "auth_unavailable" },
    { status: 503, code: undefined, means: "auth_unavailable" },
  ])("answers $means for $status $code", async ({ status, code, means }) => {
    clerk.fail({ api: "backend", status, ...(code !== undefined && { code }) });
    const token = (await signedIn()).getAccessToken();

    if (means === null) expect(await token).toBeNull();
    else expect((await failure(token)).code).toBe(means);
  });

  it.each([
    ["a word that is no JSON", "oops"],
    ["an object without tokens", '{"data":{"token":"x"}}'],
    ["tokens without a token", '[{"object":"oauth_access_token"}]'],
    ["a number", "7"],
    ["null", "null"],
  ])("answers auth_unavailable for %s", async (_, body) => {
    clerk.fail({ api: "backend", body });

    expect((await failure((await signedIn()).getAccessToken())).code).toBe("auth_unavailable");
  });

  it("says how long to wait when Clerk says so", async () => {
    clerk.fail({ api: "backend", status: 429, code: "too_many_requests", retryAfter: 7 });

    const error = await failure((await signedIn()).getAccessToken());

    expect(error).toMatchObject({
      code: "auth_unavailable",
      retryable: true,
      details: { retryAfterSeconds: 7 },
    });
  });

  it.each(["soon", -5])("says no time when Clerk says %s", async (retryAfter) => {
    clerk.fail({ api: "backend", status: 429, code: "too_many_requests", retryAfter });

    expect((await failure((await signedIn()).getAccessToken())).details).toEqual({});
  });

  it("answers auth_unavailable when Clerk never answers, and asks anew the next time", async () => {
    clerk.fail({ api: "backend", hang: true });
    const session = await signedIn(authenticate({ timeoutMs: 100 }));

    expect((await failure(session.getAccessToken())).code).toBe("auth_unavailable");
    // A busy machine may need more than the limit for the next answer too.
    await expect.poll(() => session.getAccessToken().catch(() => undefined)).toBe(secretToken);
  });

  it("answers auth_unavailable when Clerk cannot be reached", async () => {
    const session = await signedIn(authenticate({ apiUrl: "http://127.0.0.1:9" }));

    expect((await failure(session.getAccessToken())).code).toBe("auth_unavailable");
  });

  it("keeps no failure: the next request asks again", async () => {
    const session = await signedIn();
    clerk.fail({ api: "backend", status: 500 });
    await failure(session.getAccessToken());

    expect(await session.getAccessToken()).toBe(secretToken);
  });

  it("leaves no trace of Clerk's words, keys or tokens in the error or the log", async () => {
    const logs = ["log", "info", "warn", "error", "debug"] satisfies (keyof Console)[];
    const spies = logs.map((name) => vi.spyOn(console, name).mockImplementation(() => {}));
    const sessionToken = await clerk.sessionToken("user_ann");
    const body = JSON.stringify({
      errors: [
        {
          code: `ann@example.test ${secretToken}`,
          message: secretToken,
          long_message: "ann@example.test",
        },
      ],
    });
    clerk.fail({ api: "backend", status: 422, body });
    clerk.fail({ api: "backend", status: 500, body });
    const session = await authenticate()(bearer(sessionToken));

    const errors = [
      await failure(session?.getAccessToken() ?? Promise.resolve()),
      await failure(session?.getAccessToken() ?? Promise.resolve()),
    ];

    const written = [
      ...errors.map(everything),
      ...spies.flatMap((spy) => spy.mock.calls.flat().map(String)),
    ].join("\n");
    expect(written).toContain("422");
    for (const secret of [secretToken, "ann@example.test", sessionToken, clerk.secretKey])
      expect(written).not.toContain(secret);
  });
});

/** An error with its whole chain of causes and every property, visible or not. */
function everything(error: unknown): string {
  if (!(error instanceof Error)) return JSON.stringify(error) ?? "";
  const own = Object.getOwnPropertyNames(error).map(
    (name) => `${name}=${JSON.stringify(Reflect.get(error, name))}`,
  );
  return `${String(error)} ${error.stack} ${own.join(" ")} ${error.cause === undefined ? "" : everything(error.cause)}`;
}

describe("at start-up", () => {
  it.each<[string, Partial<ClerkAuthOptions>, RegExp]>([
    ["no authorized party", { authorizedParties: [] }, /authorizedParties/],
    [
      "a party that is no origin",
      { authorizedParties: ["https://app.example/"] },
      /"https:\/\/app\.example\/"/,
    ],
    [
      "a party with a path",
      { authorizedParties: ["https://app.example/page"] },
      /authorizedParties/,
    ],
    ["a party that is no address", { authorizedParties: ["app.example"] }, /authorizedParties/],
    ["an empty party", { authorizedParties: [""] }, /authorizedParties/],
    ["no secret key", { secretKey: "" }, /secretKey/],
    ["a publishable key in the place of the secret one", { secretKey: "pk_test_x" }, /secretKey/],
    ["no publishable key", { publishableKey: "" }, /publishableKey/],
    [
      "the secret key in the place of the publishable one",
      { publishableKey: "sk_live_verysecret" },
      /publishableKey/,
    ],
  ])("refuses %s", (_, options, message) => {
    expect(() => authenticate(options)).toThrow(message);
    expect(() => authenticate(options)).not.toThrow("verysecret");
  });

  it("takes the origin of a native app or an extension", () => {
    expect(() =>
      authenticate({ authorizedParties: ["capacitor://localhost", "chrome-extension://abcdef"] }),
    ).not.toThrow();
  });
});
