import { inspect } from "node:util";
import { afterEach, describe, expect, it, vi } from "vitest";
import { connectWorld, origin, route } from "./connectWorld";

afterEach(() => void vi.restoreAllMocks());

const TOKENS = /canary|sim_at_|sim_rt_|sim_code_|example\.com/;

/** Everything that an outsider, a log or an operator could see of an app whose users connect. */
function watched(settings: Parameters<typeof connectWorld>[0] = {}) {
  const seen: string[] = [];
  const see = (where: string, value: unknown) =>
    seen.push(`${where}: ${JSON.stringify(value)} ${inspect(value, { depth: 20 })}`);
  for (const method of ["log", "info", "warn", "error", "debug", "trace"] as const)
    vi.spyOn(console, method).mockImplementation((...args) => void see(`console.${method}`, args));
  const world = connectWorld({ onError: (error) => see("error", error), ...settings });
  const answered = async (where: string, answer: Promise<Response>) => {
    const response = await answer;
    see(where, [response.status, [...response.headers], await response.text()]);
    return response;
  };
  const leaks = () => {
    for (const [id, row] of world.rows) see("row", [id, row]);
    for (const [name, value] of world.browser.cookies) see("cookie", [name, value]);
    return seen.filter((text) => TOKENS.test(text)).map((text) => text.slice(0, 300));
  };
  return { ...world, see, seen, answered, leaks };
}

describe("a token, a code, a secret, an e-mail", () => {
  it.each([
    ["a user's session", () => watched()],
    ["ARES's account", () => watched({ session: "ares" })],
  ])("show nowhere, from the first press to the end of the link, with %s", async (_, world) => {
    const { browser, answered, leaks, ares, clock, see, simulator, connection } = world();
    const cookies = () => [...browser.cookies].map(([name, value]) => `${name}=${value}`).join(";");
    const page = () => new Request(origin, { headers: { Cookie: cookies() } });
    const address = await browser.toCallback();
    see("attempt", [...browser.cookies]);
    await answered("callback", browser.go(address));
    await answered("again", browser.go(address));
    await answered("POST start", browser.post(route));

    clock.ms += 30 * 60_000;
    const { email: _email, ...account } = await ares.getUser(page());
    see("account", account);
    const { getAccessToken: _token, ...auth } = (await connection.auth(page())) ?? {};
    see("auth", auth);
    for (const fault of ["500-before", "401", "drop-after-charge", "html-200-before"] as const) {
      simulator.fail(fault, { on: "token" });
      clock.ms += 60 * 60_000;
      await ares.getUser(page()).catch((error: unknown) => see("thrown", error));
    }
    await answered("denied", browser.go(await browser.toCallback("ada", "deny")));
    await answered("disconnect", browser.post(`${route}/disconnect`));

    expect(leaks()).toEqual([]);
  });

  it("show nowhere when ARES repeats them in its refusals", async () => {
    const world = watched({
      ares: {
        fetch: async (_url, init) => new Response(String(init.body), { status: 400 }),
      },
    });
    await world.answered("callback", world.browser.connect());

    expect(world.leaks()).toEqual([]);
    expect(world.seen.length).toBeGreaterThan(1);
  });

  it("show nowhere when the network repeats them", async () => {
    const world = watched({
      ares: {
        fetch: async (_url, init) => Promise.reject(new Error(`failed: ${String(init.body)}`)),
      },
    });
    await world.answered("callback", world.browser.connect());

    expect(world.leaks()).toEqual([]);
  });

  it("would be found", async () => {
    const { see, leaks, simulator } = watched();
    console.info(simulator.tokenOf("ada"));
    see("answer", { nested: ["canary-client-secret"] });

    expect(leaks()).toHaveLength(2);
  });
});
