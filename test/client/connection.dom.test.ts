import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { callApp, chargesOf, createAresClient } from "../../src/client";

beforeEach(() => localStorage.clear());
afterEach(() => void vi.useRealTimers());

test("a token that no header can carry sends nothing, and is told as a failure to sign in", async () => {
  const fetch = vi.fn(async () => new Response());
  const client = createAresClient({
    endpoint: "/api/ares",
    userKey: "ada",
    fetch,
    getToken: () => "line\nbreak",
  });

  const state = await chargesOf(client).open({ usage: "report" }).charge(3);

  expect(state).toMatchObject({ status: "not_charged", error: { code: "auth_unavailable" } });
  expect(fetch).not.toHaveBeenCalled();
});

test("other tabs are told which key is settled, and no balance", async () => {
  const told: unknown[] = [];
  const openChannel = () => ({
    postMessage: (news: unknown) => void told.push(news),
    onmessage: null,
    close: () => {},
  });
  const fetch = async (_: unknown, init?: RequestInit) =>
    Response.json(init?.method ? { message: "Success" } : { user: { credits: 698 } }, {
      headers: { "Ares-Contract": "1" },
    });
  const client = createAresClient({
    endpoint: "/api/ares",
    userKey: "ada",
    fetch,
    openChannel,
    newKey: () => "k-1",
  });
  const close = client.connect();
  await client.getUser();

  await chargesOf(client).open({ usage: "report" }).charge(3);
  close();

  expect(told).toEqual([{ usage: "report", key: "k-1" }]);
});

describe("a sign-in that never gives a token", () => {
  test("ends a press and a read after ten seconds, with nothing sent", async () => {
    vi.useFakeTimers();
    const fetch = vi.fn(async () => new Response());
    const client = createAresClient({
      endpoint: "/api/ares",
      userKey: "ada",
      fetch,
      getToken: () => new Promise(() => {}),
    });
    const handle = chargesOf(client).open({ usage: "report" });
    const read = client.getUser().catch((error: unknown) => error);

    void handle.charge(3);
    await vi.advanceTimersByTimeAsync(9_999);
    expect(handle.get().status).toBe("charging");
    await vi.advanceTimersByTimeAsync(1);

    expect(handle.get()).toMatchObject({
      status: "not_charged",
      error: { code: "network_error", retryable: true },
    });
    expect(await read).toMatchObject({ code: "network_error" });
    expect(fetch).not.toHaveBeenCalled();
  });
});

describe("a request", () => {
  /** The arguments that the client gave to `fetch`. */
  function watched() {
    const given: RequestInit[] = [];
    const fetch = async (_: unknown, init: RequestInit = {}) => {
      given.push(init);
      return Response.json(
        { message: "Success", user: { credits: 1 } },
        { headers: { "Ares-Contract": "1" } },
      );
    };
    return { given, client: createAresClient({ endpoint: "/api/ares", userKey: "ada", fetch }) };
  }

  test("is never answered from the browser's cache", async () => {
    const { given, client } = watched();

    await client.getUser();
    await chargesOf(client).open({ usage: "report" }).charge(3);
    await callApp(client, "/api/report", {});

    expect(given.slice(0, 2).map(({ method }) => method)).toEqual([undefined, "POST"]);
    expect(new Set(given.map(({ cache }) => cache))).toEqual(new Set(["no-store"]));
  });

  test("that charges outlives its page", async () => {
    const { given, client } = watched();

    await chargesOf(client).open({ usage: "report" }).charge(3);

    expect(given.find(({ method }) => method === "POST")?.keepalive).toBe(true);
  });
});
