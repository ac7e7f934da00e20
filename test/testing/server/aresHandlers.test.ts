import { createAresServer, memoryLedger, mintKey } from "ares-react/server";
import {
  type AresHandlersOptions,
  aresHandlers,
  createAresSimulator,
  guideRoute,
  type SimulatedAccount,
  simulatedAuth,
} from "ares-react/testing";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

const app = "https://app.example/api/ares";
const msw = setupServer();
beforeAll(() => msw.listen({ onUnhandledRequest: "error" }));
afterEach(() => msw.resetHandlers());
afterAll(() => msw.close());

function open(options: AresHandlersOptions = {}) {
  const simulator = options.simulator ?? createAresSimulator({ users: { ada: 10 } });
  msw.use(...aresHandlers({ simulator, ...options }));
  return simulator;
}

const read = async (response: Response) => ({
  status: response.status,
  contract: response.headers.get("Ares-Contract"),
  body: await response.json(),
});
const get = async (query = "") => read(await fetch(app + query));
const post = async (body: object, headers: Record<string, string> = {}) =>
  read(
    await fetch(app, {
      method: "POST",
      headers: { "Content-Type": "application/json", ...headers },
      body: JSON.stringify(body),
    }),
  );

describe("the endpoint", () => {
  it("is the kit's real server: one key, one deduction, the second answer a replay", async () => {
    const simulator = open();
    const key = { "Idempotency-Key": mintKey(Date.now()) };

    const first = await post({ usage: "export-pdf" }, key);
    const second = await post({ usage: "export-pdf" }, key);

    expect(first).toMatchObject({
      status: 200,
      contract: "1",
      body: { message: "Success", status: "charged" },
    });
    expect(second).toMatchObject({ status: 200, body: { status: "charged" } });
    expect(simulator.charges).toMatchObject([{ userId: "ada", usage: "export-pdf", credits: 1 }]);
    expect(await get()).toMatchObject({
      status: 200,
      body: { user: { credits: 9 }, prices: { "export-pdf": 1, image: 4, report: 3 } },
    });
  });

  it("charges the prices a test gives", async () => {
    const simulator = open({ prices: { poem: 0.25 } });

    await post({ usage: "poem" }, { "Idempotency-Key": mintKey(Date.now()) });

    expect(simulator.balanceOf("ada")).toBe(9.75);
  });

  it("says outcome_unknown when ARES charged and the answer got lost, and never sends again", async () => {
    const simulator = open({ timeoutMs: 50 });
    simulator.fail("drop-after-charge", { on: "usage" });
    const key = { "Idempotency-Key": mintKey(Date.now()) };

    expect(await post({ usage: "export-pdf" }, key)).toMatchObject({
      status: 409,
      body: { code: "outcome_unknown" },
    });
    await post({ usage: "export-pdf" }, key);

    expect(simulator.charges).toHaveLength(1);
  });

  it.each([
    ["signed_out", 401, "not_signed_in"],
    ["not_connected", 401, "not_connected"],
    ["reconnect", 401, "reconnect"],
  ] as const)("knows the account %s", async (account, status, code) => {
    const simulator = open({ account });

    expect(await get()).toMatchObject({ status, body: { code } });
    expect(
      await post({ usage: "export-pdf" }, { "Idempotency-Key": mintKey(Date.now()) }),
    ).toMatchObject({ status, body: { code } });
    expect(simulator.charges).toEqual([]);
  });

  it("follows an account that changes", async () => {
    let account: SimulatedAccount = "reconnect";
    open({ account: () => account });
    expect((await get()).status).toBe(401);

    account = "connected";

    expect(await get()).toMatchObject({ status: 200, body: { user: { credits: 10 } } });
  });

  it("refreshes a token that ended, once, and charges", async () => {
    const simulator = open();
    simulator.tokenOf("ada");
    simulator.expireToken("ada");

    expect(
      (await post({ usage: "export-pdf" }, { "Idempotency-Key": mintKey(Date.now()) })).status,
    ).toBe(200);
    expect(simulator.balanceOf("ada")).toBe(9);
  });

  it("still refuses another site", async () => {
    const simulator = open();

    expect(
      await post(
        { usage: "export-pdf" },
        { Origin: "https://evil.example", "Idempotency-Key": mintKey(Date.now()) },
      ),
    ).toMatchObject({
      status: 403,
      body: { code: "origin_rejected" },
    });
    expect(simulator.charges).toEqual([]);
  });

  it("can be somewhere else", async () => {
    open({ endpoint: "https://app.example/pay" });

    expect((await fetch("https://app.example/pay")).status).toBe(200);
  });

  it("tells users apart by the request", async () => {
    const simulator = open({
      simulator: createAresSimulator({ users: { ada: 10, bob: 20 } }),
      user: (request) => request.headers.get("X-User") ?? "ada",
    });

    await post(
      { usage: "export-pdf" },
      { "X-User": "bob", "Idempotency-Key": mintKey(Date.now()) },
    );

    expect([simulator.balanceOf("ada"), simulator.balanceOf("bob")]).toEqual([10, 19]);
  });

  it("works without any option", async () => {
    msw.use(...aresHandlers());

    expect(await get()).toMatchObject({ status: 200, body: { user: { credits: 698 } } });
  });
});

describe("the guide's route behind the endpoint", () => {
  it("obeys the browser and knows no keys", async () => {
    const simulator = createAresSimulator({ users: { ada: 10 } });
    open({ simulator, handler: guideRoute({ simulator }) });
    const key = { "Idempotency-Key": mintKey(Date.now()) };

    expect(await post({ client_id: "1234", usage: "test-button", credits: 1 }, key)).toMatchObject({
      status: 200,
      contract: null,
      body: { message: "Success" },
    });
    await post({ client_id: "1234", usage: "test-button", credits: 0.01 }, key);

    expect(simulator.charges.map(({ credits }) => credits)).toEqual([1, 0.01]);
  });
});

describe("option: ares", () => {
  it.each([
    [true, "https://oauth.joinares.com"],
    ["https://oauth.getares.ai", "https://oauth.getares.ai"],
  ] as const)(
    "%s puts the simulator behind ARES's address, dropped connections included",
    async (ares, base) => {
      const simulator = open({ endpoint: null, ares });
      const server = createAresServer({
        clientId: "app",
        prices: { poem: 1 },
        auth: simulatedAuth({ simulator }),
        ledger: memoryLedger(),
        ares: { baseUrl: base },
      });
      const send = () =>
        server.handler(
          new Request(app, {
            method: "POST",
            headers: {
              "Content-Type": "application/json",
              "Sec-Fetch-Site": "same-origin",
              "Idempotency-Key": mintKey(Date.now()),
            },
            body: '{"usage":"poem"}',
          }),
        );

      expect((await send()).status).toBe(200);
      simulator.fail("drop-after-charge");
      expect(await (await send()).json()).toMatchObject({ code: "outcome_unknown" });
      expect(simulator.charges).toHaveLength(2);
    },
  );
});
