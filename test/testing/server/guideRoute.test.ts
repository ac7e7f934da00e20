import {
  createAresSimulator,
  type FaultName,
  guideRoute,
  type SimulatedAccount,
} from "ares-react/testing";
import { describe, expect, it } from "vitest";

const url = "https://app.example/api/ARES";

function open(account: SimulatedAccount = "connected", credits = 10) {
  const simulator = createAresSimulator({ users: { ada: credits }, usageBody: "minimal" });
  const route = guideRoute({ simulator, account });
  const answer = async (response: Response) => {
    const text = await response.text();
    return { status: response.status, body: text === "" ? null : JSON.parse(text) };
  };
  return {
    simulator,
    get: async () => answer(await route(new Request(url))),
    post: async (body: unknown) =>
      answer(
        await route(
          new Request(url, {
            method: "POST",
            body: typeof body === "string" ? body : JSON.stringify(body),
          }),
        ),
      ),
    route,
  };
}

const press = { client_id: "1234", usage: "test-button", credits: 1 };

describe("GET", () => {
  it("passes ARES's answer on", async () => {
    expect(await open().get()).toMatchObject({
      status: 200,
      body: { message: "Success", user: { credits: 10 } },
    });
  });

  it("answers 200 to someone who is not signed in", async () => {
    expect(await open("signed_out").get()).toEqual({
      status: 200,
      body: { message: "User not signed in" },
    });
  });

  it.each([
    ["not_connected", { status: 401, body: { message: "Access token not found" } }],
    ["reconnect", { status: 403, body: { error: "ARES API error: 403" } }],
  ] as const)("answers %s", async (account, expected) => {
    expect(await open(account).get()).toEqual(expected);
  });
});

describe("POST", () => {
  it("passes ARES's answer on and charges what the browser says, on the client the browser says", async () => {
    const { post, simulator } = open();

    expect(await post({ ...press, credits: 0.01 })).toEqual({
      status: 200,
      body: { message: "Success" },
    });

    expect(simulator.charges).toMatchObject([
      { clientId: "1234", usage: "test-button", credits: 0.01 },
    ]);
  });

  it("charges twice when it is asked twice", async () => {
    const { post, simulator } = open();
    await post(press);
    await post(press);

    expect(simulator.balanceOf("ada")).toBe(8);
  });

  it.each([
    ["signed_out", { status: 401, body: { message: "User not found" } }],
    ["not_connected", { status: 401, body: { message: "Access token not found" } }],
    ["reconnect", { status: 403, body: { error: "ARES API error: 403" } }],
  ] as const)("answers %s", async (account, expected) => {
    expect(await open(account).post(press)).toEqual(expected);
  });

  it.each([
    { usage: "a", credits: 1 },
    { client_id: "a", credits: 1 },
    { client_id: "a", usage: "b" },
    { client_id: "", usage: "b", credits: 1 },
  ])("refuses %j for its missing fields", async (body) => {
    expect(await open().post(body)).toEqual({
      status: 400,
      body: { message: "Missing required fields" },
    });
  });

  it("looks at the fields before the token", async () => {
    expect((await open("not_connected").post({})).status).toBe(400);
  });

  it("lets credits of zero and null pass to ARES", async () => {
    expect(await open().post({ ...press, credits: 0 })).toEqual({
      status: 400,
      body: { error: "ARES API error: 400" },
    });
    expect(await open().post({ ...press, credits: null })).toEqual({
      status: 400,
      body: { error: "ARES API error: 400" },
    });
  });

  it("keeps ARES's status and loses its words", async () => {
    expect(await open("connected", 0).post(press)).toEqual({
      status: 402,
      body: { error: "ARES API error: 402" },
    });
  });

  it("falls over with a bare 500 on what is no JSON", async () => {
    expect(await open().post("{")).toEqual({ status: 500, body: null });
  });

  it.each([
    ["drop-after-charge", 500, null, 9],
    ["refused", 500, null, 10],
    ["502-after", 502, { error: "ARES API error: 502" }, 9],
    ["garbage-200-after", 500, null, 9],
    ["html-200-before", 500, null, 10],
    ["not-success-200", 200, { message: "Failed" }, 10],
    ["302", 500, null, 10],
    ["429-retry-after", 429, { error: "ARES API error: 429" }, 10],
  ] satisfies [FaultName, number, object | null, number][])(
    "answers %s as the original would",
    async (fault, status, body, left) => {
      const { post, simulator } = open();
      simulator.fail(fault);

      expect(await post(press)).toEqual({ status, body });
      expect(simulator.balanceOf("ada")).toBe(left);
    },
  );
});

it("has no other methods", async () => {
  expect((await open().route(new Request(url, { method: "DELETE" }))).status).toBe(405);
});
