import { createAresSimulator } from "ares-react/testing";
import { describe, expect, it } from "vitest";
import { ask, charge } from "./ask";

describe("GET /v1/user", () => {
  it("answers as documented", async () => {
    const simulator = createAresSimulator({
      users: { ada: { credits: 698, email: "ada@example.org" } },
    });

    const { status, body } = await ask(simulator, "ada");

    expect(status).toBe(200);
    expect(body).toEqual({
      message: "Success",
      user: {
        id: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
        email: "ada@example.org",
        credits: 698,
      },
    });
  });

  it.each([
    ["no token", undefined, 401, { error: "No token provided" }],
    ["another scheme", "Basic YWRh", 401, { error: "No token provided" }],
    ["a token that does not exist", "Bearer nonsense", 401, { error: "Invalid token" }],
  ])("refuses %s", async (_, authorization, status, body) => {
    const simulator = createAresSimulator();

    const response = await simulator.fetch(
      "https://oauth.joinares.com/v1/user",
      authorization ? { headers: { Authorization: authorization } } : {},
    );

    expect(response.status).toBe(status);
    expect(await response.json()).toEqual(body);
  });

  it("is served on any host, and nothing else is", async () => {
    const simulator = createAresSimulator();
    const headers = { Authorization: `Bearer ${simulator.tokenOf("user_1")}` };

    expect((await simulator.fetch("http://localhost:4711/v1/user?x=1", { headers })).status).toBe(
      200,
    );
    expect((await simulator.fetch("https://oauth.getares.ai/v1/user", { headers })).status).toBe(
      200,
    );
    expect(
      (await simulator.fetch("https://oauth.joinares.com/v1/balance", { headers })).status,
    ).toBe(404);
    expect(
      (await simulator.fetch("https://oauth.joinares.com/v1/user", { headers, method: "POST" }))
        .status,
    ).toBe(405);
  });
});

describe("POST /v1/partner/usage", () => {
  it("deducts, writes the book and answers as documented", async () => {
    const simulator = createAresSimulator({ users: { ada: 698 }, now: () => 1000 });

    const { status, body } = await charge(simulator, "ada", {
      client_id: "1234",
      usage: "test-button",
      credits: 1,
    });

    expect(status).toBe(200);
    expect(body).toMatchObject({ message: "Success", usage: { usage: "test-button", credits: 1 } });
    expect(simulator.balanceOf("ada")).toBe(697);
    expect(simulator.charges).toEqual([
      { at: 1000, userId: "ada", clientId: "1234", usage: "test-button", credits: 1 },
    ]);
  });

  it("deducts twice for the same call, whatever idempotency key it carries", async () => {
    const simulator = createAresSimulator({ users: { ada: 10 } });

    await charge(simulator, "ada", {}, { "Idempotency-Key": "one" });
    await charge(simulator, "ada", {}, { "Idempotency-Key": "one" });

    expect(simulator.charges).toHaveLength(2);
    expect(simulator.balanceOf("ada")).toBe(8);
  });

  it("takes the user from the token, not from the body", async () => {
    const simulator = createAresSimulator({ users: { ada: 10, bob: 10 } });

    await charge(simulator, "bob", { user: "ada", id: "ada" });

    expect([simulator.balanceOf("ada"), simulator.balanceOf("bob")]).toEqual([10, 9]);
  });

  it("deducts nothing when the user owns too little", async () => {
    const simulator = createAresSimulator({ users: { ada: 0.5 } });

    const { status, body } = await charge(simulator, "ada", { credits: 0.51 });

    expect({ status, body }).toEqual({ status: 402, body: { error: "Insufficient credits" } });
    expect(simulator.balanceOf("ada")).toBe(0.5);
  });

  it("lets the last credit be spent", async () => {
    const simulator = createAresSimulator({ users: { ada: 0.29 } });

    expect((await charge(simulator, "ada", { credits: 0.29 })).status).toBe(200);
    expect(simulator.balanceOf("ada")).toBe(0);
  });

  it.each([
    ["no client_id", { client_id: undefined }],
    ["no usage", { usage: undefined }],
    ["an empty usage", { usage: "" }],
    ["no credits", { credits: undefined }],
    ["credits as text", { credits: "1" }],
    ["credits of null", { credits: null }],
    ["zero credits", { credits: 0 }],
    ["negative credits", { credits: -5 }],
    ["three decimals", { credits: 0.001 }],
  ])("refuses %s with 400 and deducts nothing", async (_, body) => {
    const simulator = createAresSimulator({ users: { ada: 10 } });

    expect((await charge(simulator, "ada", body)).status).toBe(400);
    expect(simulator.charges).toEqual([]);
    expect(simulator.balanceOf("ada")).toBe(10);
  });

  it.each([
    ["no JSON", "{", "application/json"],
    ["a JSON list", "[1]", "application/json"],
    ["JSON null", "null", "application/json"],
    ["another content type", '{"client_id":"a","usage":"b","credits":1}', "text/plain"],
  ])("refuses %s with 400", async (_, body, type) => {
    const simulator = createAresSimulator();
    const headers = {
      Authorization: `Bearer ${simulator.tokenOf("user_1")}`,
      "Content-Type": type,
    };

    const response = await simulator.fetch("https://oauth.joinares.com/v1/partner/usage", {
      method: "POST",
      headers,
      body,
    });

    expect(response.status).toBe(400);
    expect(simulator.charges).toEqual([]);
  });
});

describe("the user's own and other apps' movements", () => {
  it("moves the balance without a line in the book", () => {
    const simulator = createAresSimulator({ users: { ada: 10 } });

    simulator.topUp("ada", 0.1);
    simulator.topUp("ada", 0.2);
    simulator.spendElsewhere("ada", 3);

    expect(simulator.balanceOf("ada")).toBe(7.3);
    simulator.setBalance("ada", 2);
    expect(simulator.balanceOf("ada")).toBe(2);
    expect(simulator.charges).toEqual([]);
  });

  it("refuses what can't be", () => {
    const simulator = createAresSimulator({ users: { ada: 1 } });

    expect(() => simulator.spendElsewhere("ada", 2)).toThrow(/Spend less/);
    expect(() => simulator.topUp("ada", -1)).toThrow(/no amount of credits/);
    expect(() => simulator.topUp("ada", 0.001)).toThrow(/no amount of credits/);
    expect(() => simulator.balanceOf("eve")).toThrow(/no user "eve".*ada/);
    expect(() => simulator.tokenOf("eve")).toThrow(/no user "eve"/);
  });

  it("adds users while it runs", async () => {
    const simulator = createAresSimulator({ users: {} });

    simulator.addUser("eve", { credits: 3, email: "eve@example.org" });

    expect((await ask(simulator, "eve")).body).toMatchObject({
      user: { credits: 3, email: "eve@example.org" },
    });
    expect(simulator.users()).toMatchObject([
      { user: "eve", credits: 3, email: "eve@example.org" },
    ]);
  });
});

describe("tokens", () => {
  it("are the same in every run of one seed, and others with another", () => {
    const tokens = (seed: number) => {
      const simulator = createAresSimulator({ users: { ada: 1, bob: 1 }, seed });
      return [simulator.tokenOf("ada"), simulator.issueToken("ada"), simulator.tokenOf("bob")];
    };

    expect(tokens(1)).toEqual(tokens(1));
    expect(new Set([...tokens(1), ...tokens(2)]).size).toBe(6);
  });

  it("end after their time", async () => {
    let time = 0;
    const simulator = createAresSimulator({ now: () => time, tokenTtlMs: 1000 });
    await ask(simulator, "user_1");

    time = 999;
    expect((await ask(simulator, "user_1")).status).toBe(200);
    time = 1000;
    expect((await ask(simulator, "user_1")).status).toBe(403);
  });

  it("end when they are refreshed", async () => {
    const simulator = createAresSimulator();
    const old = simulator.tokenOf("user_1");

    const fresh = simulator.refreshToken("user_1");

    expect(fresh).not.toBe(old);
    expect(simulator.tokenOf("user_1")).toBe(fresh);
    const answer = await simulator.fetch("https://oauth.joinares.com/v1/user", {
      headers: { Authorization: `Bearer ${old}` },
    });
    expect(answer.status).toBe(403);
    expect((await ask(simulator, "user_1")).status).toBe(200);
  });

  it("can't be refreshed once the user took the connection back, until they connect again", async () => {
    const simulator = createAresSimulator();

    simulator.tokenOf("user_1");
    simulator.expireToken("user_1", { refreshable: false });

    expect(simulator.refreshToken("user_1")).toBeNull();
    expect((await ask(simulator, "user_1")).status).toBe(403);
    simulator.issueToken("user_1");
    expect((await ask(simulator, "user_1")).status).toBe(200);
  });
});

describe("requests", () => {
  it("are counted and logged without tokens and e-mails", async () => {
    const simulator = createAresSimulator({
      users: { ada: { credits: 1, email: "ada@example.org" } },
      now: () => 5,
    });
    await ask(simulator, "ada");
    await charge(simulator, "ada", { credits: 2 });

    expect(simulator.requests).toEqual({
      user: 1,
      usage: 1,
      token: 0,
      log: [
        { at: 5, route: "user", userId: "ada", fault: null, status: 200 },
        { at: 5, route: "usage", userId: "ada", fault: null, status: 402 },
      ],
    });
    expect(JSON.stringify(simulator.requests)).not.toContain(simulator.tokenOf("ada"));
    expect(JSON.stringify(simulator.requests)).not.toContain("example.org");
  });
});

describe("reset", () => {
  it("goes back to the start, and leaves requests in flight to the old world", async () => {
    const simulator = createAresSimulator({ users: { ada: 10 }, usageBody: "minimal" });
    const token = simulator.tokenOf("ada");
    simulator.set({ latencyMs: 20, usageBody: "usage" });
    simulator.fail("500-before", { times: "always", on: "user" });
    const late = charge(simulator, "ada");

    simulator.reset();
    await late;

    expect(simulator.balanceOf("ada")).toBe(10);
    expect(simulator.charges).toEqual([]);
    expect(simulator.requests).toEqual({ user: 0, usage: 0, token: 0, log: [] });
    expect(simulator.faults).toEqual([]);
    expect(simulator.knobs).toMatchObject({ latencyMs: 0, usageBody: "minimal" });
    expect(simulator.tokenOf("ada")).toBe(token);
  });
});
