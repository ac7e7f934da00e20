import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createAresServer, memoryLedger, mintKey } from "../../../src/server";
import { json, prices, world } from "../world";

const charge = { usage: "export-pdf" };

describe("a redirect of ARES", () => {
  let stop: (() => Promise<void>)[] = [];
  afterEach(async () => {
    await Promise.all(stop.map((close) => close()));
    stop = [];
  });

  /** A server over real HTTP that keeps the requests it got. */
  async function listen(answer: RequestListener) {
    const asked: IncomingMessage[] = [];
    const server = createServer((request, response) => {
      asked.push(request);
      request.resume();
      answer(request, response);
    });
    await new Promise<void>((up) => server.listen(0, "127.0.0.1", up));
    stop.push(
      () =>
        new Promise((down) => {
          server.close(() => down());
          server.closeAllConnections();
        }),
    );
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("The server has no port.");
    return { asked, url: `http://127.0.0.1:${address.port}` };
  }

  describe.each([301, 302, 303, 307, 308])("with status %i", (status) => {
    it.each(["another server", "another address of its own"])(
      "is not followed to %s: nobody else sees the token, and nothing is sent twice",
      async (to) => {
        const other = await listen((_, response) =>
          response.end(JSON.stringify({ message: "Success" })),
        );
        const ares = await listen(({ url }, response) => {
          if (url === "/moved") response.end(JSON.stringify({ message: "Success" }));
          else
            response
              .writeHead(status, {
                Location: to === "another server" ? `${other.url}/moved` : "/moved",
              })
              .end();
        });
        const server = createAresServer({
          clientId: "client-1",
          prices,
          auth: async () => ({ userId: "user-1", getAccessToken: async () => "canary-token" }),
          ares: { baseUrl: ares.url },
          ledger: memoryLedger(),
        });
        const address = "https://app.example/api/ares";
        const headers = {
          "Content-Type": "application/json",
          "Sec-Fetch-Site": "same-origin",
          "Idempotency-Key": mintKey(Date.now()),
        };

        const read = await server.handler(new Request(address));
        const posted = await server.handler(
          new Request(address, { method: "POST", body: JSON.stringify(charge), headers }),
        );

        expect(other.asked).toEqual([]);
        expect(ares.asked.map(({ method, url }) => `${method} ${url}`)).toEqual([
          "GET /v1/user",
          "POST /v1/partner/usage",
        ]);
        expect([(await read.json()).code, (await posted.json()).code]).toEqual([
          "ares_unreachable",
          "outcome_unknown",
        ]);
      },
    );
  });
});

describe("a call to ARES", () => {
  afterEach(() => void vi.unstubAllGlobals());

  /** The arguments that the app's server gave to `fetch`. */
  function watched() {
    const given: RequestInit[] = [];
    const server = world({
      ares: {
        fetch: async (_, init) => {
          given.push(init);
          return json(200, { message: "Success", user: { credits: 5 } });
        },
      },
    });
    return { ...server, given };
  }

  it("is never answered from a cache, which would show the balance of before", async () => {
    const { get, post, given } = watched();

    await get();
    await post(charge);

    expect(given.map(({ method, cache }) => [method, cache])).toEqual([
      ["GET", "no-store"],
      ["POST", "no-store"],
    ]);
  });

  it("says nothing of a cache where the runtime throws at that", async () => {
    const { get, post, given } = watched();
    vi.stubGlobal(
      "Request",
      class extends Request {
        constructor(input: RequestInfo | URL, init?: RequestInit) {
          if (init?.cache)
            throw new Error("The 'cache' field on 'RequestInitializerDict' is not implemented.");
          super(input, init);
        }
      },
    );

    expect([(await get()).status, (await post(charge)).status]).toEqual([200, 200]);
    expect(given.map((init) => "cache" in init)).toEqual([false, false]);
  });

  it.each([
    ["86400", 60],
    ["61", 60],
    ["60", 60],
    ["6.2", 7],
    ["0", 0],
    ["-5", 0],
    ["Wed, 21 Oct 2099 07:28:00 GMT", undefined],
    ["soon", undefined],
  ])(
    "that was refused with Retry-After: %s makes nobody wait longer than a minute",
    async (said, seconds) => {
      const { ares, post } = world();
      ares.next(() => json(429, {}, { "Retry-After": said }));

      const refused = await post(charge);

      expect(refused.headers.get("Retry-After")).toBe(
        seconds === undefined ? null : String(seconds),
      );
      expect(await refused.json()).toMatchObject({
        code: "rate_limited",
        ...(seconds !== undefined && { retryAfterSeconds: seconds }),
      });
    },
  );
});
