import { describe, expect, it } from "vitest";
import { connectWorld, createBrowser, origin, route } from "./connectWorld";

const DAY = 86_400_000;

/** An app without a sign-in of its own. */
async function signedIn() {
  const world = connectWorld({ session: "ares" });
  const back = await world.browser.connect("ada");
  const requestOf = ({ cookies }: typeof world.browser) =>
    new Request(origin, {
      headers: { Cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; ") },
    });
  const userOf = async (browser = world.browser, server = world.connection) =>
    (await server.auth(requestOf(browser)))?.userId ?? null;
  const adaId = world.simulator.users()[0]?.id;
  return { ...world, back, userOf, requestOf, adaId };
}

describe('an app with session: "ares"', () => {
  it("signs a user in by their ARES account, and reads their balance", async () => {
    const { back, ares, browser, requestOf, userOf, adaId, session } = await signedIn();
    session.user = "nobody asks the app";

    expect(back.status).toBe(303);
    expect(await userOf()).toBe(adaId);
    expect((await ares.getUser(requestOf(browser))).credits).toBe(698);
    expect(back.headers.getSetCookie().at(-1)).toMatch(
      /^__Host-ares-session=v1\.[\w.-]+; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Lax; Secure$/,
    );
    expect(back.headers.getSetCookie().join()).not.toContain(adaId ?? "");
  });

  it("knows nobody without a cookie, with another's, or with a spoilt one", async () => {
    const { connection, browser, requestOf, simulator } = await signedIn();
    const [value = ""] = browser.cookies.values();
    const stranger = createBrowser(connection, simulator.fetch);
    const user = () => connection.auth(requestOf(stranger));

    expect(await user()).toBeNull();
    for (const cookie of ["", "x", `${value}x`, value.slice(0, -4)]) {
      stranger.cookies.set("__Host-ares-session", cookie);
      expect(await user()).toBeNull();
    }
    // The cookie of an attempt has another key.
    await stranger.toCallback();
    const attempt = [...stranger.cookies].find(([name]) => name.includes("connect"))?.[1] ?? "";
    stranger.cookies.set("__Host-ares-session", attempt);
    expect(await user()).toBeNull();
  });

  it("ends the session after thirty days, and not before", async () => {
    const { userOf, clock, adaId } = await signedIn();

    clock.ms += 30 * DAY;
    expect(await userOf()).toBe(adaId);
    clock.ms += 61_000;
    expect(await userOf()).toBeNull();
  });

  it.each([
    [
      "disconnect",
      (w: Awaited<ReturnType<typeof signedIn>>) => w.browser.post(`${route}/disconnect`),
    ],
    ["forget", (w: Awaited<ReturnType<typeof signedIn>>) => w.connection.forget(w.adaId ?? "")],
    [
      "sign-out everywhere",
      (w: Awaited<ReturnType<typeof signedIn>>) => w.browser.post(`${route}/sign-out?everywhere`),
    ],
  ])("ends every session of the user by %s, also those of other browsers", async (_, end) => {
    const world = await signedIn();
    const other = createBrowser(world.connection, world.simulator.fetch);
    await other.connect("ada");
    const elsewhere = world.server().connection;
    expect(await world.userOf(other, elsewhere)).toBe(world.adaId);
    await end(world);

    expect(await world.userOf(other)).toBeNull();
    world.clock.ms += 60_000;
    expect(await world.userOf(other, elsewhere)).toBeNull();

    await other.connect("ada");
    expect(await world.userOf(other)).toBe(world.adaId);
    expect(await world.userOf(world.browser)).toBeNull();
  });

  it.each([
    ["sign-out everywhere", "sign-out?everywhere"],
    ["disconnect", "disconnect"],
  ])("believes no look at a session that began before the %s", async (_, step) => {
    const { browser, connection, simulator, tokens, userOf, adaId } = await signedIn();
    const other = createBrowser(connection, simulator.fetch);
    await other.connect("ada");
    const read = tokens.read;
    let letGo = () => {};
    const ended = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const seen = new Promise<void>((resolve) => {
      tokens.read = async (id) => {
        const standing = await read(id);
        resolve();
        await ended;
        return standing;
      };
    });
    const looking = userOf(other, connection);
    await seen;
    tokens.read = read;

    await browser.post(`${route}/${step}`);
    letGo();
    expect(await looking).toBe(adaId);
    expect(await userOf(other)).toBeNull();
  });

  it("signs out of one browser alone", async () => {
    const { browser, connection, simulator, userOf, adaId } = await signedIn();
    const other = createBrowser(connection, simulator.fetch);
    await other.connect("ada");

    const answer = await browser.post(`${route}/sign-out`);
    expect([answer.status, await answer.json()]).toMatchObject([200, { signedOut: true }]);
    expect([await userOf(browser), await userOf(other)]).toEqual([null, adaId]);
  });

  it("keeps the session while the refresh token is dead: one press makes a new link", async () => {
    const { ares, browser, requestOf, clock, userOf, adaId } = await signedIn();
    clock.ms += 2 * DAY;

    expect(await userOf()).toBe(adaId);
    await expect(ares.getUser(requestOf(browser))).rejects.toMatchObject({ code: "reconnect" });
    await browser.connect("ada");
    expect((await ares.getUser(requestOf(browser))).credits).toBe(698);
  });

  it("lets another account sign in in the same browser", async () => {
    const { browser, ares, requestOf, rows } = await signedIn();
    await browser.connect("eve");

    expect((await ares.getUser(requestOf(browser))).credits).toBe(5);
    expect(rows.size).toBe(2);
  });

  it("knows a new session at once on a server that has just seen the user without a link", async () => {
    const { browser, connection, server, userOf, adaId } = await signedIn();
    const elsewhere = server().connection;
    await connection.forget(adaId ?? "");
    expect(await userOf(browser, elsewhere)).toBeNull();

    await browser.connect("ada");
    expect(await userOf(browser, elsewhere)).toBe(adaId);
  });

  it("refuses an ARES that names no account", async () => {
    const world = connectWorld({
      session: "ares",
      ares: {
        fetch: async (input, init) =>
          input.endsWith("/v1/user")
            ? Response.json({ message: "Success", user: { email: "ada@example.com", credits: 1 } })
            : world.simulator.fetch(input, init),
      },
    });

    expect((await world.browser.connect()).status).toBe(503);
    expect([world.rows.size, world.browser.cookies.size]).toEqual([0, 0]);
  });

  it("can't tell who is there while the store is down", async () => {
    const { userOf, faults, server } = await signedIn();
    faults.read = new Error("down");

    await expect(userOf(undefined, server().connection)).rejects.toMatchObject({
      code: "auth_unavailable",
    });
  });
});
