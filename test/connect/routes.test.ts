import { describe, expect, it } from "vitest";
import { connectWorld, createBrowser, origin, route } from "./connectWorld";
import { newSecret } from "./tokenRules";

const wordsOf = async (response: Response) => {
  const html = await response.text();
  return {
    status: response.status,
    words: /<p role="alert">(.*?)<\/p>/.exec(html)?.[1] ?? html,
    back: /<a href="(.*?)">/.exec(html)?.[1]?.replaceAll("&amp;", "&"),
  };
};

describe("a user who connects ARES", () => {
  it("comes back to the page they were on, and can be charged", async () => {
    const { browser, ares, simulator, row, session } = connectWorld();

    const back = await browser.connect();
    const user = await ares.getUser(new Request(origin));
    await ares.charge(new Request(origin, { method: "POST" }), { usage: "export-pdf" });

    expect(back.status).toBe(303);
    expect(back.headers.get("Location")).toBe(`${origin}/page?x=1#top`);
    expect(browser.cookies.size).toBe(0);
    expect(user.credits).toBe(698);
    expect(simulator.charges).toMatchObject([{ userId: "ada", credits: 1 }]);
    expect(row()?.account).toBe(user.id);
    session.user = null;
    await expect(ares.getUser(new Request(origin))).rejects.toMatchObject({
      code: "not_signed_in",
    });
  });

  it("is not connected before, and not after disconnecting", async () => {
    const { browser, ares, rows } = connectWorld();
    const read = () => ares.getUser(new Request(origin));

    await expect(read()).rejects.toMatchObject({ code: "not_connected" });
    await browser.connect();
    await read();
    const answer = await browser.post(`${route}/disconnect`);

    expect([answer.status, await answer.json()]).toMatchObject([200, { disconnected: true }]);
    expect(rows.size).toBe(0);
    await expect(read()).rejects.toMatchObject({ code: "not_connected" });
  });

  it("is sent to ARES with all that ARES wants, and with PKCE", async () => {
    const { browser } = connectWorld();

    const start = await browser.go(route);
    const url = new URL(start.headers.get("Location") ?? "");

    expect(start.status).toBe(303);
    expect(`${url.origin}${url.pathname}`).toBe("https://joinares.com/oauth");
    expect(url.search).toContain("scope=read+write");
    expect(Object.fromEntries(url.searchParams)).toEqual({
      client_id: "client-1",
      redirect_uri: `${route}/callback`,
      response_type: "code",
      scope: "read write",
      state: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: "S256",
    });
  });

  it("gets answers that no cache keeps and no referrer tells of", async () => {
    const { browser } = connectWorld();
    const address = await browser.toCallback();
    const answers = [
      await browser.go(route),
      await browser.go(address),
      await browser.go(address),
      await browser.post(route),
      await browser.post(`${route}/disconnect`),
      await browser.go(`${route}/callback`),
    ];

    for (const { headers } of answers)
      expect(headers.get("Cache-Control")).toBe("private, no-store");
    for (const { headers, status } of answers.filter(
      ({ headers }) => !headers.has("Ares-Contract"),
    ))
      expect([status, headers.get("Referrer-Policy")]).toEqual([status, "no-referrer"]);
  });

  it("who has a bearer token begins by POST, and comes back without it", async () => {
    const session = (request: Request) =>
      request.headers.get("Authorization") === "Bearer good" ? "user-7" : null;
    const { browser, simulator, connection } = connectWorld({ session });

    const start = await browser.post(`${route}?return=/there`, { Authorization: "Bearer good" });
    const { url } = await start.json();
    const consent = await simulator.fetch(`${url}&auto`);
    const back = await browser.go(consent.headers.get("Location") ?? "");

    expect(start.status).toBe(200);
    expect(back.headers.get("Location")).toBe(`${origin}/there`);
    expect(await connection.auth.forUser("user-7").getAccessToken()).toBe(simulator.tokenOf("ada"));
  });

  it("who connects twice has the newer link", async () => {
    const { browser, ares, row } = connectWorld();
    await browser.connect("ada");
    const first = row();
    await browser.connect("eve");

    expect((await ares.getUser(new Request(origin))).credits).toBe(5);
    expect(row()?.version).not.toBe(first?.version);
  });

  it("may have four attempts under way, and no more", async () => {
    const { browser } = connectWorld();
    const addresses: string[] = [];
    for (let attempts = 0; attempts < 6; attempts++) addresses.push(await browser.toCallback());

    expect(browser.cookies.size).toBe(4);
    const statuses: number[] = [];
    for (const address of addresses.slice(0, 3)) statuses.push((await browser.go(address)).status);
    expect(statuses).toEqual([400, 400, 303]);
  });
});

describe("a cookie of an attempt", () => {
  it("is for this host alone, and says nothing", async () => {
    const { browser } = connectWorld();
    const start = await browser.go(route);
    const state = new URL(start.headers.get("Location") ?? "").searchParams.get("state") ?? "";

    const [cookie = "", ...more] = start.headers.getSetCookie();
    expect(more).toEqual([]);
    expect(cookie).toMatch(
      new RegExp(
        `^__Host-ares-connect-${state.slice(0, 8)}=v1\\.[\\w.-]+; Max-Age=600; Path=/; HttpOnly; SameSite=Lax; Secure$`,
      ),
    );
    expect(cookie).not.toContain(state.slice(8));
    expect(cookie).not.toContain("user-1");
  });

  it("is a plain one under http, which only a developer's machine has", async () => {
    const { browser } = connectWorld({
      redirectUri: "http://localhost:3000/api/ares/connect/callback",
    });

    const [cookie = ""] = (await browser.go(route)).headers.getSetCookie();
    expect(cookie).toMatch(/^ares-connect-[\w-]{8}=/);
    expect(cookie).not.toContain("Secure");
  });

  it.each([
    ["Sec-Purpose", "prefetch;prerender"],
    ["Purpose", "prefetch"],
    ["Next-Router-Prefetch", "1"],
  ])("is not set for a prefetch that says %s", async (name, value) => {
    const { browser } = connectWorld();

    const answer = await browser.go(route, { headers: { [name]: value } });
    expect([answer.status, answer.headers.getSetCookie()]).toEqual([204, []]);
  });
});

describe("a connection is refused with words, and nothing is stored", () => {
  it("for another user than the one who began", async () => {
    const { browser, session, rows } = connectWorld();
    const address = await browser.toCallback();
    session.user = "user-2";

    const said = await wordsOf(await browser.go(address));
    expect(said).toMatchObject({
      status: 409,
      words: expect.stringContaining("Another user is signed in"),
      back: `${origin}/page?x=1&ares_connect=other_user#top`,
    });
    expect(rows.size).toBe(0);
  });

  it("not for a session that is missing on the way back", async () => {
    const { browser, session, rows, connection } = connectWorld();
    const address = await browser.toCallback();
    session.user = null;

    expect((await browser.go(address)).status).toBe(303);
    expect(rows.size).toBe(1);
    expect(await connection.auth.forUser("user-1").getAccessToken()).not.toBeNull();
  });

  it.each([
    ["https://evil.example/"],
    ["//evil.example"],
    ["//app.example/page"],
    ["/a\\b"],
    ["/a\u0000b"],
    ["/\\evil.example"],
    ["\\\\evil.example"],
    ["/\t/evil.example"],
    ["javascript:alert(1)"],
    ["data:text/html,hi"],
    ["http://app.example/"],
    ["https://app.example.evil.example/"],
    ["https://user@app.example/"],
    ["https://app.example:444/"],
    ["/api/ares/connect"],
    ["/api/ares/connect/callback?code=1"],
    ["/api/ares/%63onnect"],
    ["/x/../api/ares/connect"],
    [`/${"x".repeat(1_100)}`],
    ["https://["],
  ])("for a return to %s", async (address) => {
    const { browser } = connectWorld();
    const start = `${route}?return=${encodeURIComponent(address)}`;

    const page = await browser.go(start);
    expect(await wordsOf(page)).toMatchObject({
      status: 400,
      words: expect.stringContaining("not a page of this app"),
      back: `${origin}/?ares_connect=return_rejected`,
    });
    expect(page.headers.getSetCookie()).toEqual([]);
    expect(await (await browser.post(start)).json()).toMatchObject({ code: "invalid_request" });
  });

  it.each([
    ["", `${origin}/`],
    ["/a?b=c#d", `${origin}/a?b=c#d`],
    ["a", `${origin}/a`],
    [`${origin}/a`, `${origin}/a`],
    ["https://shop.example/cart", "https://shop.example/cart"],
    ["/api/ares/connected", `${origin}/api/ares/connected`],
    ["/?q=//evil.example", `${origin}/?q=//evil.example`],
  ])("not for a return to %s", async (address, expected) => {
    const { browser } = connectWorld({ cors: ["https://shop.example"] });

    const callback = await browser.toCallback("ada", "allow", address);
    expect((await browser.go(callback)).headers.get("Location")).toBe(expected);
  });

  it("for a callback that nobody began", async () => {
    const { browser, simulator, rows } = connectWorld();
    const address = await browser.toCallback();
    browser.cookies.clear();

    for (const strange of [address, `${route}/callback`, `${route}/callback?state=x&code=y`])
      expect(await wordsOf(await browser.go(strange))).toMatchObject({
        status: 400,
        words: expect.stringContaining("has not begun"),
      });
    expect([rows.size, simulator.requests.token]).toEqual([0, 0]);
  });

  it("for a state that only begins alike, a cookie of another browser, and a cookie that is spoilt", async () => {
    const { browser, rows, connection, simulator } = connectWorld();
    const address = await browser.toCallback();
    const other = new URL(address);
    other.searchParams.set(
      "state",
      `${other.searchParams.get("state")?.slice(0, 8)}${"x".repeat(35)}`,
    );
    expect(await wordsOf(await browser.go(other.href))).toMatchObject({ status: 403 });

    const [name = "", value = ""] = [...(await attempt(browser))][0] ?? [];
    const stranger = createBrowser(connection, simulator.fetch);
    stranger.cookies.set(`__Host-ares-connect-${"y".repeat(8)}`, value);
    const borrowed = `${route}/callback?code=x&state=${"y".repeat(43)}`;
    expect(await wordsOf(await stranger.go(borrowed))).toMatchObject({ status: 400 });
    stranger.cookies.set(name, `${value.slice(0, -3)}AAA`);
    expect(await wordsOf(await stranger.go(await browser.toCallback()))).toMatchObject({
      status: 400,
    });
    expect(rows.size).toBe(0);
  });

  it("for an attempt of more than ten minutes ago, and for one from a server a day off", async () => {
    for (const ms of [12 * 60_000, 86_400_000, -86_400_000]) {
      const { browser, clock, rows } = connectWorld();
      const address = await browser.toCallback();
      clock.ms += ms;

      expect(await wordsOf(await browser.go(address))).toMatchObject({ status: 400 });
      expect(rows.size).toBe(0);
    }
  });

  it("for a consent that the user denied", async () => {
    const { browser, simulator, rows, errors } = connectWorld();

    const page = await browser.go(await browser.toCallback("ada", "deny"));
    const said = await wordsOf(page);
    expect(said).toMatchObject({
      status: 403,
      words: expect.stringContaining("did not allow"),
      back: `${origin}/page?x=1&ares_connect=denied#top`,
    });
    expect([rows.size, simulator.requests.token, errors]).toEqual([0, 0, []]);
    expect(browser.cookies.size).toBe(0);
  });

  it("for an error of ARES, whose words are not repeated", async () => {
    const { browser, errors } = connectWorld();
    const address = new URL(await browser.toCallback());
    address.searchParams.delete("code");
    address.searchParams.set("error", "server_error");
    address.searchParams.set("error_description", "<b>canary</b>");

    const page = await (await browser.go(address.href)).text();
    expect(page).toContain("did not accept");
    expect(page).not.toContain("canary");
    expect(String(errors[0])).toContain("server_error");
    expect(String(errors[0])).not.toContain("canary");
  });

  it("for a code that ARES does not take", async () => {
    const { browser, rows } = connectWorld();
    const address = new URL(await browser.toCallback());
    address.searchParams.set("code", "made-up");

    expect(await wordsOf(await browser.go(address.href))).toMatchObject({
      status: 403,
      back: expect.stringContaining("ares_connect=failed"),
    });
    expect(rows.size).toBe(0);
  });

  it("for a verifier of another attempt: PKCE binds the code to this browser", async () => {
    const { browser, rows } = connectWorld();
    const [first, second] = [await browser.toCallback(), new URL(await browser.toCallback("eve"))];
    second.searchParams.set("code", new URL(first).searchParams.get("code") ?? "");

    expect(await wordsOf(await browser.go(second.href))).toMatchObject({ status: 403 });
    expect(rows.size).toBe(0);
  });

  it("for a wrong client secret, of which the app's log learns", async () => {
    const { browser, rows, errors } = connectWorld({ clientSecret: "another" });

    expect(await wordsOf(await browser.connect())).toMatchObject({ status: 503 });
    expect(rows.size).toBe(0);
    expect(String(errors[0])).toContain("401 invalid_client");
  });

  it("for a store that is down, before the code is spent", async () => {
    const { browser, simulator, faults } = connectWorld();
    const address = await browser.toCallback();
    faults.read = new Error("canary: the database is down");

    const page = await (await browser.go(address)).text();
    expect(page).toContain("could not be connected now");
    expect(page).not.toContain("canary");
    expect(simulator.requests.token).toBe(0);
  });

  it("for a store that takes no write", async () => {
    const { browser, rows, faults } = connectWorld();
    const address = await browser.toCallback();
    faults.write = new Error("read-only");

    expect(await wordsOf(await browser.go(address))).toMatchObject({ status: 503 });
    expect(rows.size).toBe(0);
  });

  it("for an account that another user holds, where the app says so", async () => {
    const { browser, session, rows, connection } = connectWorld({ oneUserPerAccount: true });
    await browser.connect("ada");
    session.user = "user-2";

    expect(await wordsOf(await browser.connect("ada"))).toMatchObject({
      status: 403,
      back: expect.stringContaining("ares_connect=account_taken"),
    });
    expect(rows.size).toBe(1);
    await connection.forget("user-1");
    expect((await browser.connect("ada")).status).toBe(303);
  });

  it("not for an account that two users share, where the app does not say so", async () => {
    const { browser, session, rows } = connectWorld();
    await browser.connect("ada");
    session.user = "user-2";

    expect((await browser.connect("ada")).status).toBe(303);
    expect(rows.size).toBe(2);
  });

  it.each(["html-200-before", "401", "500-before", "hang", "302"] as const)(
    "where ARES does not say whose account it is: %s",
    async (fault) => {
      const world = connectWorld();
      const fast = world.server({ ares: { fetch: world.simulator.fetch, timeoutMs: 500 } });
      const slowBrowser = createBrowser(fast.connection, world.simulator.fetch);
      const address = await slowBrowser.toCallback();
      world.simulator.fail(fault, { on: "user" });

      expect(await wordsOf(await slowBrowser.go(address))).toMatchObject({
        status: 503,
        back: expect.stringContaining("ares_connect=no_account"),
      });
      expect(world.rows.size).toBe(0);
    },
  );

  it("for a user who is not signed in", async () => {
    const { browser, session } = connectWorld();
    session.user = null;

    expect(await wordsOf(await browser.go(`${route}?return=/page`))).toMatchObject({
      status: 401,
      back: `${origin}/page?ares_connect=not_signed_in`,
    });
    for (const step of ["", "/disconnect"])
      expect(await (await browser.post(`${route}${step}`)).json()).toMatchObject({
        code: "not_signed_in",
      });
  });

  it("while the app's sign-in is down", async () => {
    const { browser, errors } = connectWorld({
      session: () => Promise.reject(new Error("canary: sign-in is down")),
    });

    const page = await (await browser.go(route)).text();
    expect(page).toContain("could not be connected now");
    expect(page).not.toContain("canary");
    expect(await (await browser.post(route)).json()).toMatchObject({ code: "auth_unavailable" });
    expect(String(errors[0])).toContain("sign-in is down");
  });

  it("for a page of another site, unless it is named", async () => {
    const cors = ["https://shop.example"];
    const { browser } = connectWorld({ cors });
    const statuses = async (address: string) =>
      Promise.all(
        ["https://evil.example", "https://shop.example", origin].map(
          async (Origin) => (await browser.post(address, { Origin })).status,
        ),
      );

    expect(await statuses(route)).toEqual([403, 200, 200]);
    expect(await statuses(`${route}/disconnect`)).toEqual([403, 200, 200]);
    const open = await browser.post(route, { Origin: "https://shop.example" });
    expect(open.headers.get("Access-Control-Allow-Origin")).toBe("https://shop.example");
  });

  it.each(["PUT", "DELETE", "HEAD", "OPTIONS"])("for %s", async (method) => {
    const { browser } = connectWorld();

    expect((await browser.go(route, { method })).status).toBe(405);
  });

  it("for a step that is none", async () => {
    const { browser } = connectWorld();

    expect((await browser.go(`${route}/other`)).status).toBe(405);
    expect((await browser.post(`${route}/callback`)).status).toBe(405);
    expect((await browser.go(`${route}/disconnect`)).status).toBe(405);
  });
});

async function attempt({ go, cookies }: ReturnType<typeof createBrowser>) {
  await go(route);
  return cookies;
}

describe("a second callback", () => {
  it("sends a user who is connected home, and changes nothing", async () => {
    const { browser, row } = connectWorld();
    const address = await browser.toCallback();
    await browser.go(address);
    const before = row();

    const again = await browser.go(address);
    expect([again.status, again.headers.get("Location")]).toEqual([303, `${origin}/`]);
    expect(row()).toEqual(before);
  });

  it("tells a user whose link has ended to begin again", async () => {
    const { browser, connection } = connectWorld();
    const address = await browser.toCallback();
    await browser.go(address);
    await connection.forget("user-1");

    expect((await browser.go(address)).status).toBe(400);
  });
});

describe("onConnected", () => {
  it("learns of each link that is stored", async () => {
    const told: unknown[] = [];
    const { browser, simulator } = connectWorld({ onConnected: (link) => void told.push(link) });
    await browser.connect("eve");
    await browser.go(await browser.toCallback("ada", "deny"));

    const eve = simulator.users().find(({ user }) => user === "eve");
    expect(told).toEqual([{ userId: "user-1", account: eve?.id, email: eve?.email }]);
  });

  it("may fail without taking the link away", async () => {
    const { browser, rows, errors } = connectWorld({
      onConnected: () => Promise.reject(new Error("no such table")),
    });

    expect((await browser.connect()).status).toBe(303);
    expect([rows.size, String(errors[0])]).toEqual([1, "Error: no such table"]);
  });
});

describe("options that can't work", () => {
  it.each([
    [{ clientId: "" }, "clientId"],
    [{ clientSecret: "" }, "clientSecret"],
    [{ redirectUri: "undefined/api/ares/connect/callback" }, "redirectUri"],
    [{ redirectUri: "https://app.example/callback/" }, "redirectUri"],
    [{ redirectUri: "https://app.example/x/callback?a" }, "redirectUri"],
    [{ redirectUri: "http://app.example/x/callback" }, "https"],
    [{ ares: { baseUrl: "http://ares.example" } }, "baseUrl"],
    [{ ares: { authorizeUrl: "http://ares.example" } }, "authorizeUrl"],
    [{ cors: ["shop.example"] }, "cors"],
    [{ secret: "" }, "ares-react secret"],
    [{ secret: [undefined, "short"] }, "ares-react secret"],
  ])("stop the first request, and not the build: %j", async (options, words) => {
    const { browser, ares, errors } = connectWorld(options);

    expect((await browser.post(route)).status).toBe(500);
    expect(String(errors[0])).toContain(words);
    if (!("secret" in options))
      await expect(ares.getUser(new Request(origin))).rejects.toMatchObject({ code: "internal" });
  });

  it("never stand in an answer", async () => {
    const { browser } = connectWorld({ secret: "canary-short" });

    for (const answer of [await browser.post(route), await browser.go(route)])
      expect(await answer.text()).not.toMatch(/canary|ares-react secret/);
  });
});

describe("a secret that is replaced", () => {
  it("opens what the one before it has sealed, in cookies and in rows", async () => {
    const world = connectWorld();
    const address = await world.browser.toCallback();
    const next = newSecret();
    const { connection } = world.server({ secret: [next, world.secret] });
    const browser = createBrowser(connection, world.simulator.fetch);
    for (const [name, value] of world.browser.cookies) browser.cookies.set(name, value);

    expect((await browser.go(address)).status).toBe(303);
    const after = world.server({ secret: [next] }).connection;
    expect(await after.auth.forUser("user-1").getAccessToken()).not.toBeNull();
    const lost = world.server({ secret: newSecret() }).connection;
    await expect(lost.auth.forUser("user-1").getAccessToken()).rejects.toMatchObject({
      code: "reconnect",
    });
  });
});
