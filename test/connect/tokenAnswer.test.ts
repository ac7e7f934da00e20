import { describe, expect, it } from "vitest";
import { readTokens, type TokenAnswer, type TokenReply } from "../../src/connect/tokenAnswer";

const answered = (http: number, body?: unknown, retryAfterSeconds?: number): TokenReply => ({
  status: "answered",
  http,
  body,
  retryAfterSeconds,
});
const good = { access_token: "at", refresh_token: "rt", expires_in: 1800, token_type: "Bearer" };
const tokens = (change: object = {}) => ({
  status: "tokens",
  accessToken: "at",
  refreshToken: "rt",
  lifetimeMs: 1_800_000,
  ...change,
});

describe("an answer of the token endpoint", () => {
  it.each<[string, unknown, object]>([
    ["all members", good, tokens()],
    [
      "the access token alone",
      { access_token: "at" },
      tokens({ refreshToken: undefined, lifetimeMs: undefined }),
    ],
    ["a type in other letters", { ...good, token_type: "bearer" }, tokens()],
    ["strange members", { ...good, scope: 7, id_token: {} }, tokens()],
    ["an empty refresh token", { ...good, refresh_token: "" }, tokens({ refreshToken: undefined })],
    [
      "null for a refresh token",
      { ...good, refresh_token: null },
      tokens({ refreshToken: undefined }),
    ],
    [
      "a long refresh token",
      { ...good, refresh_token: "r".repeat(20_000) },
      tokens({ refreshToken: "r".repeat(20_000) }),
    ],
    ["seconds as a text", { ...good, expires_in: "60" }, tokens({ lifetimeMs: 60_000 })],
    ["half a second", { ...good, expires_in: 0.5 }, tokens({ lifetimeMs: 500 })],
    ...[undefined, null, 0, -1, Number.NaN, "", "soon", 1e12, [60], true].map(
      (expires_in): [string, unknown, object] => [
        `expires_in ${JSON.stringify(expires_in)}`,
        { ...good, expires_in },
        tokens({ lifetimeMs: undefined }),
      ],
    ),
  ])("gives tokens with %s", (_, body, expected) => {
    expect(readTokens(answered(200, body))).toEqual(expected);
  });

  const kept: [string, TokenReply][] = [
    ["nothing that was sent", { status: "not_sent" }],
    ["no JSON", answered(200)],
    ["a list", answered(200, [good])],
    ["a text", answered(200, "ok")],
    ["no access token", answered(200, { expires_in: 1 })],
    ["an access token that is a number", answered(200, { ...good, access_token: 5 })],
    ["an access token of 20 kB", answered(200, { ...good, access_token: "a".repeat(20_000) })],
    ["an access token that no header carries", answered(200, { ...good, access_token: "a\nb" })],
    ["another type of token", answered(200, { ...good, token_type: "DPoP" })],
    ["invalid_client", answered(401, { error: "invalid_client" })],
    ["unauthorized_client", answered(400, { error: "unauthorized_client" })],
    ["invalid_request", answered(400, { error: "invalid_request" })],
    ["an error in a 200", answered(200, { ...good, error: "temporarily_unavailable" })],
    ["invalid_grant of a server that is down", answered(503, { error: "invalid_grant" })],
    ...[302, 304, 404, 409, 418, 429, 500, 502, 503].map((http): [string, TokenReply] => [
      `${http}`,
      answered(http, { error: "Something went wrong" }),
    ]),
  ];
  it.each(kept)("with %s keeps the link", (_, reply) => {
    expect(readTokens(reply)).toMatchObject({ status: "unavailable", why: expect.any(String) });
  });

  it.each([200, 400, 401, 403])("ends the link only with invalid_grant, at %d", (http) => {
    expect(readTokens(answered(http, { error: "invalid_grant" }))).toEqual({ status: "ended" });
  });

  it.each([400, 401, 403])("without an OAuth code at %d proves nothing yet", (http) => {
    for (const body of [null, {}, { error: "Invalid token" }, { error: { code: 1 } }])
      expect(readTokens(answered(http, body))).toEqual({ status: "refused", http });
  });

  it.each([400, 401, 403])("that is a page at %d comes from something in front of ARES", (http) => {
    expect(readTokens(answered(http, undefined))).toMatchObject({ status: "unavailable" });
  });

  it("that is lost may have spent the refresh token", () => {
    expect(readTokens({ status: "lost" })).toEqual({ status: "lost" });
  });

  it("keeps a new refresh token beside an access token that can't be used", () => {
    const body = { ...good, access_token: "a".repeat(20_000) };
    expect(readTokens(answered(200, body))).toMatchObject({ refreshToken: "rt" });
  });

  it("keeps Retry-After, and no word of ARES's", () => {
    const said = readTokens(answered(503, { error: "temporarily_unavailable", x: "canary" }, 7));
    expect(said).toEqual({
      status: "unavailable",
      why: "answered 503 temporarily_unavailable",
      retryAfterSeconds: 7,
    } satisfies TokenAnswer);
    expect(JSON.stringify(readTokens(answered(500, { error: "canary@example" })))).not.toContain(
      "canary",
    );
  });
});
