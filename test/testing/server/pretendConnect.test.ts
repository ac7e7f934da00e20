import { afterEach, expect, it, vi } from "vitest";
import { aresConnect, memoryTokens } from "../../../src/connect";
import { createAresServer, definePrices } from "../../../src/server";
import { type PretendConnectOptions, pretend } from "../../../src/testing";

const prices = definePrices({ report: { credits: 3 } });
const connect = { aresConnect, memoryTokens };

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

/** An app that pretends, and the browser of one person. */
function app(options: Partial<PretendConnectOptions> = {}, origin = "http://localhost:3001") {
  const name = crypto.randomUUID();
  const { connection, ...pretended } = pretend({ connect, name, ...options });
  const ares = createAresServer({ ...pretended, prices, onError: () => {} });
  const cookies = new Map<string, string>();

  async function open(path: string, init: RequestInit = {}): Promise<Response> {
    const url = new URL(path, origin);
    const headers = new Headers(init.headers);
    headers.set("Cookie", [...cookies].map((pair) => pair.join("=")).join("; "));
    const request = new Request(url, { ...init, headers });
    const isConnect = url.pathname.startsWith("/api/ares/connect");
    const response = await (isConnect ? connection : ares).handler(request);
    for (const line of response.headers.getSetCookie()) {
      const [pair = ""] = line.split(";");
      const [key = "", value = ""] = pair.split("=");
      if (/Max-Age=0/.test(line)) cookies.delete(key);
      else cookies.set(key, value);
    }
    return response;
  }
  const press = () =>
    open("/api/ares", {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        Origin: origin,
        // A new ledger refuses the keys of its first moments.
        "Idempotency-Key": `${Date.now() + 5000}-${"a".repeat(16)}`,
      },
      body: JSON.stringify({ usage: "report", resource: "42" }),
    });
  const read = async () => (await open("/api/ares")).json();
  /** Goes to the consent page; resolves to its address and its text. */
  async function toConsent() {
    const started = await open("/api/ares/connect?return=/reports/42");
    const address = started.headers.get("Location") ?? "";
    return { address, text: await (await open(address)).text() };
  }
  /** Presses a link of the consent page; resolves to the answer of the callback. */
  async function decide(link: "Allow" | "Deny") {
    const { address, text } = await toConsent();
    const target = new RegExp(`href="([^"]+)">${link}`).exec(text)?.[1]?.replaceAll("&amp;", "&");
    const decided = await open(new URL(target ?? "", address).href);
    return open(decided.headers.get("Location") ?? "");
  }
  return { name, ares, connection, open, press, read, toConsent, decide };
}

it("connects a user on a consent page under its own route, and charges the pretend account", async () => {
  const { read, toConsent, decide, press } = app();
  expect((await read()).code).toBe("not_connected");
  const { address, text } = await toConsent();
  expect(address).toMatch(/^http:\/\/localhost:3001\/api\/ares\/connect\/pretend\?/);
  expect(text).toContain("stands in for ARES");

  const returned = await decide("Allow");

  expect(returned.status).toBe(303);
  expect(returned.headers.get("Location")).toBe("http://localhost:3001/reports/42");
  expect((await read()).user.credits).toBe(698);
  expect((await press()).status).toBe(200);
  expect((await read()).user.credits).toBe(695);
});

it("stores nothing after Deny", async () => {
  const { read, decide } = app();
  expect(await (await decide("Deny")).text()).toContain("You did not allow the connection");
  expect((await read()).code).toBe("not_connected");
});

it('signs a user in as their ARES account with session: "ares"', async () => {
  const { read, decide } = app({ session: "ares" });
  expect((await read()).code).toBe("not_signed_in");
  await decide("Allow");
  expect((await read()).user.credits).toBe(698);
});

it("renews a token that ended", async () => {
  const { read, decide, connection } = app();
  await decide("Allow");
  vi.useFakeTimers({ now: Date.now() + 1_900_000, toFake: ["Date"] });
  try {
    expect((await read()).user.credits).toBe(698);
    expect(await connection.auth.forUser("pretend-user").getAccessToken()).toMatch(/^sim_at_/);
  } finally {
    vi.useRealTimers();
  }
});

it("keeps the connection over a hot reload, and in an app under another origin", async () => {
  vi.stubEnv("NODE_ENV", "development");
  const first = app();
  await first.decide("Allow");
  for (const origin of ["http://localhost:3001", "http://192.168.1.5:3000"]) {
    const again = app({ name: first.name }, origin);
    expect((await again.read()).user.credits).toBe(698);
  }
});

it("serves its consent page to a phone of the local network", async () => {
  vi.stubEnv("NODE_ENV", "development");
  const { decide, read } = app({}, "http://192.168.1.5:3000");
  await decide("Allow");
  expect((await read()).user.credits).toBe(698);
});

it("refuses every request where NODE_ENV is production, with words", async () => {
  vi.stubEnv("NODE_ENV", "production");
  const { open } = app();
  for (const path of ["", "/callback", "/pretend", "/disconnect"]) {
    const answer = await open(`/api/ares/connect${path}`);
    expect(answer.status).toBe(403);
    expect(await answer.json()).toMatchObject({
      code: "not_allowed",
      message: expect.stringContaining("pretend() answers only where"),
    });
  }
  expect((await (await open("/api/ares")).json()).code).toBe("not_allowed");
});

it("connects in a preview deployment that asked for it", async () => {
  vi.stubEnv("NODE_ENV", "production");
  const { decide, read } = app({ alsoInProduction: true }, "https://preview.example");
  await decide("Allow");
  expect((await read()).user.credits).toBe(698);
});
