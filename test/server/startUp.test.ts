import { afterEach, describe, expect, it, vi } from "vitest";
import { type AresServerOptions, createAresServer, memoryLedger } from "../../src/server";
import { checkClerkOptions } from "../../src/server/auth/clerkOptions";
import { json, prices, world } from "./world";

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
});

/** The error of a start; undefined when the server starts. */
function thrownBy(start: () => unknown): unknown {
  try {
    start();
    return undefined;
  } catch (error) {
    return error;
  }
}

describe("an option that can't work stops the start", () => {
  const nonsense: [string, Partial<AresServerOptions<typeof prices>>, string][] = [
    ...[Number.NaN, 0, -1, 1500.5, Number.POSITIVE_INFINITY, 2 ** 31].map(
      (timeoutMs): (typeof nonsense)[number] => [
        `timeoutMs ${timeoutMs}`,
        { ares: { fetch: async () => json(500, {}), timeoutMs } },
        "timeoutMs",
      ],
    ),
    ...(["charges", "reads", "windowMs"] as const).flatMap((name) =>
      [Number.NaN, 0, -1].map((value): (typeof nonsense)[number] => [
        `rateLimit ${name} ${value}`,
        { rateLimit: { [name]: value } },
        name,
      ]),
    ),
    ...(["perMinute", "perDay"] as const).flatMap((name) =>
      [Number.NaN, -5, 0.005, Number.POSITIVE_INFINITY].map((value): (typeof nonsense)[number] => [
        `spendCap ${name} ${value}`,
        { spendCap: { [name]: value } },
        "spendCap",
      ]),
    ),
  ];

  it.each(nonsense)("%s", (_, options, named) => {
    expect(thrownBy(() => world(options))).toMatchObject({
      code: "invalid_request",
      message: expect.stringContaining(named),
    });
  });

  it("and the least that can work starts", () => {
    const least = {
      rateLimit: { charges: 1, reads: 1, windowMs: 1 },
      spendCap: { perMinute: 0, perDay: 0.01 },
    };

    expect(
      thrownBy(() => world({ ares: { fetch: async () => json(500, {}), timeoutMs: 1 }, ...least })),
    ).toBeUndefined();
    expect(
      thrownBy(() => world({ ares: { timeoutMs: 2 ** 31 - 1 }, rateLimit: false })),
    ).toBeUndefined();
  });
});

describe("a server that was not given", () => {
  it.each(["clientId", "prices", "auth", "ledger"])("%s does not start, and says so", (missing) => {
    const options: Record<string, unknown> = {
      clientId: "client-1",
      prices,
      auth: async () => null,
      ledger: memoryLedger(),
    };
    Reflect.deleteProperty(options, missing);
    const start = () => Reflect.apply(createAresServer, undefined, [options]);

    expect(thrownBy(start)).toMatchObject({
      name: "AresError",
      code: "invalid_request",
      message: expect.stringContaining(`no ${missing}`),
    });
  });
});

describe("a ledger without a verb", () => {
  const verbs = [
    "claim",
    "begin",
    "settle",
    "find",
    "redeem",
    "list",
    "resolve",
    "health",
  ] as const;

  it.each(verbs)("%s does not start, and names the verb", (verb) => {
    const ledger = { ...memoryLedger(), [verb]: undefined };
    const start = () =>
      Reflect.apply(createAresServer, undefined, [
        { clientId: "client-1", prices, auth: async () => null, ledger },
      ]);

    expect(thrownBy(start)).toMatchObject({
      code: "invalid_request",
      message: expect.stringContaining(`no ${verb}()`),
    });
  });

  it("has all of them when its class has them", () => {
    class AppLedger {
      health() {}
    }
    for (const verb of verbs) Object.defineProperty(AppLedger.prototype, verb, { value: () => {} });
    const start = () =>
      Reflect.apply(createAresServer, undefined, [
        { clientId: "client-1", prices, auth: async () => null, ledger: new AppLedger() },
      ]);

    expect(thrownBy(start)).toBeUndefined();
  });
});

describe("a server without a ledger", () => {
  it.each([["production"], ["development"], [undefined]])(
    "does not start, and says what there is, where NODE_ENV is %j",
    (name) => {
      vi.stubEnv("NODE_ENV", name);
      const start = () =>
        // @ts-expect-error A ledger is required; JavaScript can leave it out all the same.
        createAresServer({ clientId: "client-1", prices, auth: async () => null });

      expect(start).toThrow(expect.objectContaining({ code: "invalid_request" }));
      for (const choice of ["sqlLedger(", "redisLedger(", "memoryLedger("])
        expect(start).toThrow(choice);
    },
  );

  it("starts on one that forgets, when that is asked for by name", async () => {
    const ledger = memoryLedger();
    const server = createAresServer({
      clientId: "client-1",
      prices,
      auth: async () => null,
      ledger,
      ares: { fetch: async () => json(401, {}) },
    });

    expect(JSON.stringify(await server.doctor())).toContain("forgets every charge");
  });
});

describe("a runtime without URL.canParse, such as Workers of 2022", () => {
  it("starts a server that names origins, and serves", async () => {
    vi.spyOn(URL, "canParse").mockImplementation(() => {
      throw new TypeError("URL.canParse is not a function");
    });
    const { get } = world({ origins: ["https://app.example"] });
    const clerk = {
      secretKey: "sk_test_1",
      publishableKey: "pk_test_1",
      authorizedParties: ["https://app.example"],
    };

    expect((await get()).status).toBe(200);
    expect(thrownBy(() => world({ origins: ["app.example"] }))).toMatchObject({
      message: expect.stringContaining("is no origin"),
    });
    expect(thrownBy(() => checkClerkOptions(clerk))).toBeUndefined();
  });
});
