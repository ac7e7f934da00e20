import { describe, expect, it } from "vitest";
import type { AresSimulatorOptions } from "../../../src/testing/simulator/AresSimulator";
import { createAresSimulator } from "../../../src/testing/simulator/createAresSimulator";

const api = "https://oauth.joinares.com";
const redirectUri = "https://app.example/callback";

function world(settings: AresSimulatorOptions = {}) {
  const clock = { ms: 1_800_000_000_000 };
  const simulator = createAresSimulator({
    users: { ada: 698, eve: 5 },
    clients: ["app-1"],
    clientSecret: "secret-1",
    now: () => clock.ms,
    ...settings,
  });
  const authorize = (change: Record<string, string> = {}) => {
    const url = new URL("https://joinares.com/oauth");
    const asked = {
      client_id: "app-1",
      redirect_uri: redirectUri,
      response_type: "code",
      state: "s",
    };
    for (const [name, value] of Object.entries({ ...asked, ...change }))
      url.searchParams.set(name, value);
    return simulator.fetch(url);
  };
  const codeOf = async (change: Record<string, string> = {}) => {
    const answer = await authorize({ auto: "", ...change });
    return new URL(answer.headers.get("Location") ?? "").searchParams.get("code") ?? "";
  };
  const ask = async (form: Record<string, string>) => {
    const client = { client_id: "app-1", client_secret: "secret-1", redirect_uri: redirectUri };
    const body = new URLSearchParams({ ...client, ...form });
    const answer = await simulator.fetch(`${api}/oauth/token`, { method: "POST", body });
    const text = await answer.text();
    return { status: answer.status, body: text === "" ? null : JSON.parse(text) };
  };
  const exchange = async (code: string, more: Record<string, string> = {}) =>
    ask({ grant_type: "authorization_code", code, ...more });
  const refresh = (refresh_token: string, more: Record<string, string> = {}) =>
    ask({ grant_type: "refresh_token", refresh_token, ...more });
  const connect = async () => (await exchange(await codeOf())).body;
  return { clock, simulator, authorize, codeOf, ask, exchange, refresh, connect };
}

describe("the consent page", () => {
  it("says that it is pretend, and offers Allow for each user, and Deny", async () => {
    const { authorize, simulator } = world();
    const page = await (await authorize()).text();
    const links = [...page.matchAll(/<a href="(.*?)">(.*?)<\/a>/g)].map(([, href = "", text]) => ({
      href: href.replaceAll("&amp;", "&"),
      text,
    }));

    expect(page).toContain("<h1>Pretend ARES</h1>");
    expect(links.map(({ text }) => text)).toEqual(["Allow as ada", "Allow as eve", "Deny"]);
    const pressed = await Promise.all(
      links.map(({ href }) => simulator.fetch(new URL(href, "https://joinares.com/oauth"))),
    );
    const targets = pressed.map(({ headers }) => new URL(headers.get("Location") ?? "").search);
    expect(targets[0]).toMatch(/^\?state=s&code=sim_code_\w{32}$/);
    expect(targets[2]).toContain("error=access_denied");
  });

  it.each([
    ["an unknown app", { client_id: "other" }],
    ["no address to go back to", { redirect_uri: "" }],
    ["an address that is no page", { redirect_uri: "javascript:alert(1)" }],
    ["another way than a code", { response_type: "token" }],
  ])("refuses %s", async (_, change) => {
    const answer = await world().authorize(change);

    expect([answer.status, answer.headers.has("Location")]).toEqual([400, false]);
  });

  it("shows no markup of an app's name", async () => {
    const { authorize } = world({ clients: ["<b>app</b>"] });

    expect(await (await authorize({ client_id: "<b>app</b>" })).text()).not.toContain("<b>");
  });

  it("allows at once with auto, as the user it names", async () => {
    const { codeOf, exchange, simulator } = world();
    const { body } = await exchange(await codeOf({ auto: "eve" }));

    expect(body.access_token).toBe(simulator.tokenOf("eve"));
  });
});

describe("a code", () => {
  it("gives tokens once, within a minute, to its app and address", async () => {
    const { codeOf, exchange, clock } = world();
    const code = await codeOf();
    expect(await exchange(code)).toMatchObject({
      status: 200,
      body: { expires_in: 1800, token_type: "Bearer", refresh_token: expect.any(String) },
    });
    expect((await exchange(code)).body).toEqual({ error: "invalid_grant" });
    expect((await exchange(await codeOf(), { redirect_uri: "https://x.example" })).status).toBe(
      400,
    );
    const late = await codeOf();
    clock.ms += 60_000;
    expect((await exchange(late)).status).toBe(400);
  });

  it.each([
    ["honoured", [200, 400, 400]],
    ["ignored", [200, 200, 200]],
    ["required", [400, 400, 400]],
  ] as const)("with PKCE %s", async (pkce, expected) => {
    const { codeOf, exchange } = world({ pkce });
    const challenge = { code_challenge: "of another verifier" };
    const statuses = [
      (await exchange(await codeOf())).status,
      (await exchange(await codeOf(challenge), { code_verifier: "mine" })).status,
      (await exchange(await codeOf(challenge))).status,
    ];

    expect(statuses).toEqual(expected);
  });

  it("is for the client that knows its secret", async () => {
    const { codeOf, exchange } = world();

    expect(await exchange(await codeOf(), { client_secret: "no" })).toEqual({
      status: 401,
      body: { error: "invalid_client" },
    });
  });
});

describe("a refresh token", () => {
  it.each([
    ["on", [200, 400, 200]],
    ["off", [200, 200, undefined]],
    ["detects_reuse", [200, 400, 400]],
  ] as const)("under rotation %s", async (rotation, expected) => {
    const { connect, refresh } = world({ rotation });
    const { refresh_token: first } = await connect();
    const once = await refresh(first);
    const twice = await refresh(first);
    const next = once.body.refresh_token;
    const third = next === undefined ? undefined : (await refresh(next)).status;

    expect([once.status, twice.status, third]).toEqual(expected);
  });

  it("ends after its time, and when the user takes the connection back", async () => {
    const { connect, refresh, clock, simulator } = world();
    const { refresh_token: old } = await connect();
    clock.ms += 86_400_000;
    expect((await refresh(old)).status).toBe(400);

    const { refresh_token: taken } = await connect();
    simulator.expireToken("ada", { refreshable: false });
    expect((await refresh(taken)).status).toBe(400);
  });

  it("needs its redirect URI, unless ARES ignores that", async () => {
    const strict = world();
    const { refresh_token } = await strict.connect();
    expect((await strict.refresh(refresh_token, { redirect_uri: "" })).body).toEqual({
      error: "invalid_request",
    });
    const easy = world({ refreshRedirect: "ignored" });
    const { refresh_token: other } = await easy.connect();
    expect((await easy.refresh(other, { redirect_uri: "" })).status).toBe(200);
  });
});

describe("the token endpoint", () => {
  it.each([
    ["oauth", { error: "invalid_grant" }],
    ["sentences", { error: "Invalid refresh token" }],
    ["bare", null],
  ] as const)("refuses with %s", async (tokenErrors, body) => {
    expect(await world({ tokenErrors }).refresh("made-up")).toEqual({ status: 400, body });
  });

  it.each([
    ["full", ["access_token", "expires_in", "refresh_token", "token_type"]],
    ["text", ["access_token", "expires_in", "refresh_token", "token_type"]],
    ["minimal", ["access_token", "refresh_token"]],
  ] as const)("gives tokens with %s", async (tokenBody, members) => {
    expect(Object.keys(await world({ tokenBody }).connect()).sort()).toEqual(members);
  });

  it("suffers faults, is counted, and tells no token in its log", async () => {
    const { simulator, connect, ask } = world();
    simulator.fail("503-before", { on: "token" });
    const failed = await simulator.fetch(`${api}/oauth/token`, { method: "POST" });
    const tokens = await connect();
    await ask({ grant_type: "password" });

    expect(failed.status).toBe(503);
    expect(simulator.requests.token).toBe(3);
    expect(simulator.requests.log.map(({ status }) => status)).toEqual([503, 200, 400]);
    expect(JSON.stringify(simulator.requests)).not.toContain(tokens.access_token);
  });
});
