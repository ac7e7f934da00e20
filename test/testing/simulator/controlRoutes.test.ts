import { createServer } from "node:http";
import { type ServerType, serve } from "@hono/node-server";
import { createAresSimulator, dropHeader } from "ares-react/testing";
import { afterEach, describe, expect, it, vi } from "vitest";
import { charge } from "./ask";

const make = () => createAresSimulator({ users: { ada: 10 } });

async function call(
  fetch: (url: string, init?: RequestInit) => Promise<Response>,
  path: string,
  body?: unknown,
) {
  const response = await fetch(
    `http://simulator.test/__sim/${path}`,
    body === undefined ? {} : { method: "POST", body: JSON.stringify(body) },
  );
  return { status: response.status, body: await response.json() };
}

describe("/__sim", () => {
  it("tells the book", async () => {
    const simulator = make();
    await charge(simulator, "ada");

    const { body } = await call(simulator.fetch, "book");

    expect(body).toMatchObject({
      users: [{ user: "ada", credits: 9 }],
      charges: [{ userId: "ada", usage: "export-pdf", credits: 1 }],
      requests: { usage: 1 },
      knobs: { usageBody: "usage" },
      faults: [],
    });
    expect(JSON.stringify(body)).not.toContain(simulator.tokenOf("ada"));
    expect((await call(simulator.fetch, "users")).body).toMatchObject({ users: [{ user: "ada" }] });
  });

  it("moves credits and adds users", async () => {
    const simulator = make();

    await call(simulator.fetch, "topup", { user: "ada", credits: 5 });
    await call(simulator.fetch, "spend", { user: "ada", credits: 1 });
    await call(simulator.fetch, "users", { user: "bob", credits: 3 });
    expect(simulator.users()).toMatchObject([{ credits: 14 }, { user: "bob", credits: 3 }]);

    await call(simulator.fetch, "balance", { user: "ada", credits: 2 });
    expect(simulator.balanceOf("ada")).toBe(2);
  });

  it("scripts faults, at once and at random, and takes them back", async () => {
    const simulator = make();

    await call(simulator.fetch, "fail", {
      fault: "429-retry-after",
      times: "always",
      on: "usage",
      retryAfterSeconds: 3,
    });
    expect((await charge(simulator, "ada")).headers.get("Retry-After")).toBe("3");
    await call(simulator.fetch, "heal", {});
    await call(simulator.fetch, "fail-randomly", { seed: 1, rates: { "404": 1 } });
    expect((await charge(simulator, "ada")).status).toBe(404);
    await call(simulator.fetch, "heal", {});
    await call(simulator.fetch, "fail", { fault: { status: 418, charges: true } });
    expect((await charge(simulator, "ada")).status).toBe(418);
    expect(simulator.balanceOf("ada")).toBe(9);
  });

  it("sets knobs, ends and makes tokens, and goes back to the start", async () => {
    const simulator = make();
    const { body } = await call(simulator.fetch, "token", { user: "ada" });
    expect(body).toEqual({ token: simulator.tokenOf("ada") });

    await call(simulator.fetch, "set", { expiredAs: 401 });
    await call(simulator.fetch, "expire", { user: "ada", refreshable: false });
    expect((await charge(simulator, "ada")).status).toBe(401);
    expect((await call(simulator.fetch, "token", { user: "ada", refresh: true })).body).toEqual({
      token: null,
    });
    expect((await call(simulator.fetch, "token", { user: "ada", issue: true })).body).toEqual({
      token: simulator.tokenOf("ada"),
    });
    expect((await charge(simulator, "ada")).status).toBe(200);

    await call(simulator.fetch, "reset", {});
    expect(simulator.balanceOf("ada")).toBe(10);
    expect(simulator.knobs.expiredAs).toBe(403);
  });

  it.each([
    ["fail", { fault: "nonsense" }, 400],
    ["fail", { fault: { status: 101 } }, 400],
    ["topup", { user: "eve", credits: 1 }, 400],
    ["topup", { user: "ada", credits: -1 }, 400],
    ["set", { latencyMs: -1 }, 400],
    ["set", { nonsense: 1 }, 400],
    ["constructor", {}, 404],
    ["nonsense", {}, 404],
  ])("refuses %s %j with a sentence", async (path, body, status) => {
    const simulator = make();

    const answer = await call(simulator.fetch, path, body);

    expect(answer).toMatchObject({ status, body: { error: expect.stringMatching(/\w/) } });
    expect(simulator.faults).toEqual([]);
    expect(simulator.balanceOf("ada")).toBe(10);
  });
});

describe("over HTTP", () => {
  const open: ServerType[] = [];
  afterEach(() => {
    vi.restoreAllMocks();
    for (const server of open.splice(0)) {
      if ("closeAllConnections" in server) server.closeAllConnections();
      server.close();
    }
  });

  /** The host of `serve`'s docblock, which destroys the socket where the answer says so. */
  async function host(simulator: ReturnType<typeof make>): Promise<string> {
    const server = serve({
      port: 0,
      hostname: "127.0.0.1",
      createServer,
      fetch: async (request, { incoming }) => {
        const response = await simulator.serve(request);
        if (response.headers.has(dropHeader)) incoming.socket.destroy();
        return response;
      },
    });
    open.push(server);
    if (!server.listening) await new Promise((resolve) => server.once("listening", resolve));
    const address = server.address();
    return typeof address === "object" && address ? `http://127.0.0.1:${address.port}` : "";
  }

  const post = (url: string, token: string, init: RequestInit = {}) =>
    fetch(`${url}/v1/partner/usage`, {
      method: "POST",
      headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
      body: JSON.stringify({ client_id: "app", usage: "x", credits: 1 }),
      ...init,
    });

  it("charges, and another process reads the book", async () => {
    const simulator = make();
    const url = await host(simulator);

    expect((await post(url, simulator.tokenOf("ada"))).status).toBe(200);
    expect(await (await fetch(`${url}/__sim/book`)).json()).toMatchObject({
      users: [{ credits: 9 }],
    });
  });

  it.each([
    ["drop-before-charge", 10],
    ["drop-after-charge", 9],
    ["cut-body-after", 9],
  ] as const)("%s really breaks the connection", async (fault, left) => {
    // node-server reports the broken body that the test asked for.
    vi.spyOn(console, "error").mockImplementation(() => {});
    const simulator = make();
    const url = await host(simulator);
    simulator.fail(fault);

    const failure = await post(url, simulator.tokenOf("ada"))
      .then((response) => response.text())
      .catch((reason: unknown) => reason);

    expect(failure).toBeInstanceOf(TypeError);
    expect(simulator.balanceOf("ada")).toBe(left);
  });

  it("lets go of a caller who hangs up on a hang, after the deduction", async () => {
    const simulator = make();
    const url = await host(simulator);
    simulator.fail("hang-after-charge");

    await expect(
      post(url, simulator.tokenOf("ada"), { signal: AbortSignal.timeout(100) }),
    ).rejects.toMatchObject({ name: "TimeoutError" });
    expect(simulator.balanceOf("ada")).toBe(9);
  });
});
