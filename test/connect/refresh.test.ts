import { describe, expect, it, vi } from "vitest";
import { redisTokens } from "../../src/connect/redisTokens";
import type { FaultName } from "../../src/testing/simulator/faults";
import type { KnobSettings } from "../../src/testing/simulator/knobs";
import { connectWorld, origin, route, type WorldOptions } from "./connectWorld";

const MINUTE = 60_000;

/** A user who has connected, on several servers. */
async function connected(options: WorldOptions = {}, servers = 3) {
  const world = connectWorld(options);
  await world.browser.connect();
  const all = Array.from({ length: servers }, () => world.server().connection);
  const token = (server = 0, refresh = false) =>
    Promise.resolve(all[server]?.auth.forUser("user-1").getAccessToken({ refresh }));
  const refreshes = () => world.simulator.requests.token - 1;
  return { ...world, token, refreshes, all };
}

/** Lets a time limit of the code pass at once. */
async function hurried<T>(work: () => Promise<T>): Promise<T> {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  try {
    let isOver = false;
    const end = work().finally(() => {
      isOver = true;
    });
    end.catch(() => {});
    while (!isOver) {
      await vi.advanceTimersByTimeAsync(100);
      await new Promise(setImmediate);
    }
    return await end;
  } finally {
    vi.useRealTimers();
  }
}

describe("a token", () => {
  it("is used until a minute before its end, and then renewed once for all servers", async () => {
    const { token, refreshes, clock, simulator } = await connected();
    const first = await token(0);
    clock.ms += 29 * MINUTE - 1;
    expect([await token(0), await token(1), refreshes()]).toEqual([first, first, 0]);

    clock.ms += 1;
    const all = await Promise.all([token(0), token(0), token(1), token(2)]);

    expect(refreshes()).toBe(1);
    expect(new Set(all)).toEqual(new Set([simulator.tokenOf("ada")]));
    expect(all[0]).not.toBe(first);
  });

  it("is decrypted once a minute, and its row is read each time", async () => {
    const { token, tokens, clock } = await connected();
    const read = vi.spyOn(tokens, "read");
    const decrypt = vi.spyOn(crypto.subtle, "decrypt");
    await token();
    const [reads, decrypts] = [read.mock.calls.length, decrypt.mock.calls.length];

    for (let calls = 0; calls < 5; calls++) await token();
    expect([read.mock.calls.length, decrypt.mock.calls.length]).toEqual([reads + 5, decrypts]);
    clock.ms += MINUTE;
    await token();
    expect(decrypt.mock.calls.length).toBe(decrypts + 1);
    vi.restoreAllMocks();
  });

  it("of another account that the user connects is every server's at once: the old one pays no more", async () => {
    const { token, browser } = await connected();
    const [old, elsewhere] = [await token(0), await token(1)];
    await browser.connect("eve");

    expect(old).toBe(elsewhere);
    expect(await token(1)).not.toBe(old);
    expect(await token(1)).toBe(await token(0));
  });

  it.each([401, 403] as const)(
    "that ARES refuses with %d is renewed, on every server",
    async (expiredAs) => {
      const { simulator, server, refreshes } = await connected({ simulator: { expiredAs } });
      const [one, two] = [server().ares, server().ares];
      const read = () => new Request(origin);
      await Promise.all([one.getUser(read()), two.getUser(read())]);
      simulator.expireToken("ada");

      const users = [
        await one.getUser(read()),
        await two.getUser(read()),
        await one.getUser(read()),
      ];
      expect(users.map(({ credits }) => credits)).toEqual([698, 698, 698]);
      expect(refreshes()).toBe(1);
    },
  );

  it("of a disconnected user is gone at once, here and elsewhere", async () => {
    const { token, all } = await connected();
    await Promise.all([token(0), token(1)]);
    await all[0]?.forget("user-1");

    expect(await Promise.all([token(0), token(1)])).toEqual([null, null]);
  });

  it("is never one of another user's row", async () => {
    const { browser, session, tokens, rows, server } = await connected();
    session.user = "user-2";
    await browser.connect("eve");
    const [[ada, adasRow], [eve, evesRow]] = [...rows] as [[string, never], [string, never]];
    await tokens.remove(ada);
    await tokens.write(ada, { ...(evesRow as object), revision: "copied" } as never, null);

    const { auth } = server().connection;
    await expect(auth.forUser("user-1").getAccessToken()).rejects.toMatchObject({
      code: "reconnect",
    });
    expect(await auth.forUser("user-2").getAccessToken()).not.toBeNull();
    expect([adasRow, eve]).toBeTruthy();
  });
});

describe("a token of a short life", () => {
  /** An app whose store takes longer than the token lives. */
  async function slow(storeMs: number, options: WorldOptions = {}) {
    const world = await connected(options);
    const { tokens, clock, server } = world;
    const { auth } = server({
      tokens: {
        ...tokens,
        async read(id) {
          clock.ms += storeMs;
          return tokens.read(id);
        },
        write: (...args) => tokens.write(...args),
      },
    }).connection;
    return { ...world, ask: () => auth.forUser("user-1").getAccessToken() };
  }

  it("is renewed once a call, and used although it ends at once", async () => {
    const { ask, refreshes, simulator } = await slow(1_100, { simulator: { tokenTtlMs: 1_000 } });

    expect(await ask()).toBe(simulator.tokenOf("ada"));
    expect(refreshes()).toBe(1);
  });

  it("that another server has renewed meanwhile is used too", async () => {
    const { ask, refreshes, simulator, tokens, token } = await slow(1_100, {
      simulator: { tokenTtlMs: 1_000 },
    });
    const write = tokens.write;
    let isFirst = true;
    tokens.write = async (...args) => {
      if (isFirst) {
        isFirst = false;
        await token(1);
      }
      return write(...args);
    };

    expect(await ask()).toBe(simulator.tokenOf("ada"));
    expect(refreshes()).toBe(1);
  });

  it("is waited for no longer than eight seconds, also where each look takes long", async () => {
    const { ask, rows, tokens, clock } = await slow(3_000);
    clock.ms += 30 * MINUTE;
    const [id, row] = [...rows][0] ?? [];
    if (!id || !row) throw new Error("There is a row.");
    const dead = { ...row, revision: "dead", step: "sent", stepUntil: clock.ms + 30_000 } as const;
    await tokens.write(id, dead, row.revision);
    const before = clock.ms;

    await hurried(() => expect(ask()).rejects.toMatchObject({ code: "auth_unavailable" }));
    expect(clock.ms - before).toBeLessThanOrEqual(12_000);
  });
});

describe("a store that never answers", () => {
  const never = () => new Promise<never>(() => {});

  it("is auth_unavailable after its limit, through Redis too", async () => {
    const { server, browser } = await connected();
    const { connection } = server({ tokens: redisTokens({ eval: never }) });
    const callback = await browser.toCallback();
    const cookies = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const ask = (path: string, method = "GET") =>
      connection.handler(
        new Request(path, { method, headers: { Cookie: cookies, Origin: origin } }),
      );

    await hurried(async () => {
      const [token, forgotten, back, disconnected] = await Promise.all([
        Promise.resolve(connection.auth.forUser("user-1").getAccessToken()).catch((e) => e.code),
        connection.forget("user-1").catch((error) => error.code),
        ask(callback),
        ask(`${route}/disconnect`, "POST"),
      ]);
      expect([token, forgotten]).toEqual(["auth_unavailable", "auth_unavailable"]);
      expect([back.status, disconnected.status]).toEqual([503, 503]);
    });
  });

  it.each([1, 2, 3])("to write %d of a refresh keeps the link, and the row whole", async (nth) => {
    const { tokens, server, clock, row } = await connected();
    clock.ms += 30 * MINUTE;
    let writes = 0;
    const { auth } = server({
      tokens: {
        ...tokens,
        async write(...args) {
          writes += 1;
          return writes >= nth ? never() : tokens.write(...args);
        },
      },
    }).connection;
    const before = row();

    await hurried(() =>
      expect(auth.forUser("user-1").getAccessToken()).rejects.toMatchObject({
        code: "auth_unavailable",
      }),
    );
    const { version, accessToken, refreshToken } = before ?? {};
    expect(row()).toMatchObject({ version, accessToken, refreshToken, ended: false });
  });
});

describe("a link", () => {
  it("lives for hundreds of refreshes under rotation, with three servers at once", async () => {
    const { token, clock, refreshes, simulator } = await connected({
      simulator: { rotation: "detects_reuse" },
    });

    for (let rounds = 0; rounds < 200; rounds++) {
      clock.ms += 30 * MINUTE;
      const all = await Promise.all([token(0), token(1), token(2)]);
      expect(new Set(all)).toEqual(new Set([simulator.tokenOf("ada")]));
    }
    expect(refreshes()).toBe(200);
  });

  it("ends with its refresh token, a day later, and one press makes a new one", async () => {
    const { token, clock, browser, row } = await connected();
    clock.ms += 25 * 60 * MINUTE;

    await expect(token()).rejects.toMatchObject({ code: "reconnect" });
    expect(row()).toMatchObject({ ended: true, refreshToken: expect.any(String) });
    await browser.connect();
    expect(await token()).not.toBeNull();
  });

  it("that the user took back at ARES ends", async () => {
    const { token, simulator } = await connected();
    simulator.expireToken("ada", { refreshable: false });

    await expect(token(0, true)).rejects.toMatchObject({ code: "reconnect" });
    await expect(token(1)).rejects.toMatchObject({ code: "reconnect" });
  });

  const outages: FaultName[] = [
    "refused",
    "dns-failure",
    "500-before",
    "503-before",
    "html-200-before",
    "not-success-200",
    "302",
    "404",
    "429",
    "429-retry-after",
  ];
  it.each(outages)("outlives %s, which the app's log hears of", async (fault) => {
    const { token, simulator, clock, errors } = await connected();
    clock.ms += 30 * MINUTE;
    simulator.fail(fault, { on: "token" });

    await expect(token()).rejects.toMatchObject({
      code: "auth_unavailable",
      details: { retryAfterSeconds: expect.any(Number) },
    });
    expect(String(errors[0])).toContain("Every link is kept");
    clock.ms += 6_000;
    expect(await token()).toBe(simulator.tokenOf("ada"));
  });

  it.each(outages)("whose token still lives is used during %s", async (fault) => {
    const { token, simulator, clock } = await connected();
    const first = await token();
    clock.ms += 29 * MINUTE + 30_000;
    simulator.fail(fault, { on: "token", times: "always" });

    expect(await token()).toBe(first);
    expect(await token(1)).toBe(first);
  });

  it("leaves ARES alone for a moment after an outage", async () => {
    const { token, simulator, clock, refreshes } = await connected();
    clock.ms += 30 * MINUTE;
    simulator.fail("503-before", { on: "token", times: "always" });

    for (let calls = 0; calls < 5; calls++) await token(calls % 3).catch(() => {});
    expect(refreshes()).toBe(1);
    clock.ms += 5_000;
    await token().catch(() => {});
    expect(refreshes()).toBe(2);
  });

  it("ends with the second refusal without a code, a minute after the first", async () => {
    const { token, simulator, clock } = await connected({
      simulator: { tokenErrors: "sentences" },
    });
    simulator.expireToken("ada", { refreshable: false });
    clock.ms += 30 * MINUTE;

    for (const wait of [0, 20_000, 20_000]) {
      clock.ms += wait;
      await expect(token()).rejects.toMatchObject({ code: "auth_unavailable" });
    }
    clock.ms += 20_000;
    await expect(token()).rejects.toMatchObject({ code: "reconnect" });
  });

  it.each<FaultName>(["drop-before-charge", "drop-after-charge", "cut-body-after"])(
    "whose answer is lost (%s) is asked for again after half a minute, once for all",
    async (fault) => {
      const { token, simulator, clock, refreshes, row } = await connected({
        simulator: { rotation: "off" },
      });
      clock.ms += 30 * MINUTE;
      simulator.fail(fault, { on: "token" });

      await expect(token()).rejects.toMatchObject({ code: "auth_unavailable" });
      expect(row()?.step).toBe("sent");
      clock.ms += 29_999;
      await hurried(() => expect(token(1)).rejects.toMatchObject({ code: "auth_unavailable" }));
      expect(refreshes()).toBe(1);
      clock.ms += 1;
      const all = await Promise.all([token(1), token(2)]);
      expect(new Set(all)).toEqual(new Set([simulator.tokenOf("ada")]));
      expect(refreshes()).toBe(2);
    },
  );

  it("whose answer is lost under rotation ends, for the old refresh token is spent", async () => {
    const { token, simulator, clock } = await connected();
    clock.ms += 30 * MINUTE;
    simulator.fail("drop-after-charge", { on: "token" });
    await token().catch(() => {});
    clock.ms += 30_000;

    await expect(token()).rejects.toMatchObject({ code: "reconnect" });
  });

  it("makes many requests wait together, and fail together", async () => {
    const { clock, tokens, rows, server } = await connected();
    clock.ms += 30 * MINUTE;
    const [id, row] = [...rows][0] ?? [];
    if (!id || !row) throw new Error("There is a row.");
    const dead = { ...row, revision: "dead", step: "sent", stepUntil: clock.ms + 30_000 } as const;
    await tokens.write(id, dead, row.revision);
    const read = vi.spyOn(tokens, "read");
    const { auth } = server().connection;

    const all = await hurried(() =>
      Promise.allSettled(Array.from({ length: 20 }, () => auth.forUser("user-1").getAccessToken())),
    );
    expect(all.map(({ status }) => status)).toEqual(Array(20).fill("rejected"));
    expect(read.mock.calls.length).toBeLessThan(100);
    vi.restoreAllMocks();
  });

  it("waits for an answer no longer than its limit", async () => {
    const { simulator, clock, server } = await connected();
    clock.ms += 30 * MINUTE;
    simulator.fail("hang", { on: "token" });
    const { auth } = server().connection;

    await hurried(() =>
      expect(auth.forUser("user-1").getAccessToken()).rejects.toMatchObject({
        code: "auth_unavailable",
      }),
    );
  });

  it("survives a server that died between claim and send, and one that died after the send", async () => {
    for (const step of ["claimed", "sent"] as const) {
      const { token, clock, tokens, rows, refreshes } = await connected({
        simulator: { rotation: "off" },
      });
      clock.ms += 30 * MINUTE;
      const [id, row] = [...rows][0] ?? [];
      if (!id || !row) throw new Error("There is a row.");
      const leaseMs = step === "claimed" ? 15_000 : 30_000;
      const dead = { ...row, revision: "dead", step, stepUntil: clock.ms + leaseMs };
      await tokens.write(id, dead, row.revision);

      await hurried(() => expect(token()).rejects.toMatchObject({ code: "auth_unavailable" }));
      expect(refreshes()).toBe(0);
      clock.ms += leaseMs;
      expect(await token()).not.toBeNull();
      expect(refreshes()).toBe(1);
    }
  });

  it.each([
    ["after it had said so", 0, 20_001],
    ["after its read and again after it had said so", 7_000, 14_000],
  ])("is not sent by a server that was frozen %s", async (_, afterReadMs, afterSentMs) => {
    const { clock, tokens, server, refreshes, row } = await connected();
    clock.ms += 30 * MINUTE;
    let reads = 0;
    const { auth } = server({
      tokens: {
        ...tokens,
        async read(id) {
          reads += 1;
          if (reads > 1) throw new Error("stop");
          const seen = await tokens.read(id);
          clock.ms += afterReadMs;
          return seen;
        },
        async write(...args) {
          const written = await tokens.write(...args);
          if (args[1].step === "sent") clock.ms += afterSentMs;
          return written;
        },
      },
    }).connection;

    await expect(auth.forUser("user-1").getAccessToken()).rejects.toMatchObject({
      code: "auth_unavailable",
    });
    expect(refreshes()).toBe(0);
    expect(row()?.step).toBe("stored");
  });

  it("that the user makes anew during a refresh wins over the refresh", async () => {
    const { browser, clock, simulator, row, server } = await connected();
    clock.ms += 30 * MINUTE;
    const { auth } = server({
      ares: {
        async fetch(input, init) {
          const answer = await simulator.fetch(input, init);
          await browser.connect("eve");
          return answer;
        },
      },
    }).connection;

    const token = await auth.forUser("user-1").getAccessToken();
    expect(token).toBe(simulator.tokenOf("eve"));
    const eve = simulator.users().find(({ user }) => user === "eve");
    expect(row()?.account).toBe(eve?.id);
  });

  it("that is taken away during a refresh stays away", async () => {
    const { clock, simulator, rows, server, connection } = await connected();
    clock.ms += 30 * MINUTE;
    const { auth } = server({
      ares: {
        async fetch(input, init) {
          const answer = await simulator.fetch(input, init);
          await connection.forget("user-1");
          return answer;
        },
      },
    }).connection;

    expect(await auth.forUser("user-1").getAccessToken()).toBeNull();
    expect(rows.size).toBe(0);
  });

  it("is stored although the store fails for a while after ARES answered", async () => {
    const { clock, simulator, faults, server, token } = await connected();
    clock.ms += 30 * MINUTE;
    const { auth } = server({
      ares: {
        async fetch(input, init) {
          const answer = await simulator.fetch(input, init);
          faults.read = new Error("down");
          setTimeout(() => {
            faults.read = undefined;
          }, 1_000);
          return answer;
        },
      },
    }).connection;

    const got = await hurried(() => auth.forUser("user-1").getAccessToken());
    expect(got).toBe(simulator.tokenOf("ada"));
    expect(await token(1)).toBe(got);
  });

  it("keeps a serverless function alive until its tokens are stored", async () => {
    const works: Promise<void>[] = [];
    const { clock, server } = await connected();
    clock.ms += 30 * MINUTE;
    const { auth } = server({ waitUntil: (work) => void works.push(work) }).connection;
    await auth.forUser("user-1").getAccessToken();

    expect(works).toHaveLength(1);
    await works[0];
  });

  it.each([86_400_000, -86_400_000])(
    "does not care for a server's clock that is %d ms off",
    async (ms) => {
      const { clock, server, simulator, refreshes, token } = await connected();
      const { auth } = server({ now: () => clock.ms + ms }).connection;
      const off = () => auth.forUser("user-1").getAccessToken();

      expect(await off()).toBe(simulator.tokenOf("ada"));
      expect(refreshes()).toBe(0);
      clock.ms += 29 * MINUTE;
      expect(await off()).toBe(simulator.tokenOf("ada"));
      expect(await token(1)).toBe(simulator.tokenOf("ada"));
      expect(refreshes()).toBe(1);
    },
  );

  it("is auth_unavailable while the store is down", async () => {
    const { token, faults, clock } = await connected();
    clock.ms += MINUTE;
    faults.read = new Error("down");

    await expect(token()).rejects.toMatchObject({ code: "auth_unavailable" });
  });
});

describe("every knob of ARES's OAuth", () => {
  const knobs: KnobSettings[] = [
    { rotation: "on" },
    { rotation: "off" },
    { rotation: "detects_reuse" },
    { pkce: "honoured" },
    { pkce: "ignored" },
    { pkce: "required" },
    { refreshRedirect: "required" },
    { refreshRedirect: "ignored" },
    { tokenErrors: "oauth" },
    { tokenErrors: "sentences" },
    { tokenErrors: "bare" },
    { tokenBody: "full" },
    { tokenBody: "text" },
    { tokenBody: "minimal" },
    { tokenTtlMs: 20_000 },
    { tokenTtlMs: 7 * 86_400_000, refreshTtlMs: 30 * 86_400_000 },
    { refreshTtlMs: 3 * MINUTE, tokenTtlMs: 2 * MINUTE },
    { expiredAs: 401 },
    { expiredAs: 403 },
  ];

  it.each(knobs)(
    "%j: connects, charges, refreshes, and ends with a reconnect",
    async (settings) => {
      const { ares, clock, simulator, token } = await connected({ simulator: settings });
      const charge = () =>
        ares.charge(new Request(origin, { method: "POST" }), { usage: "export-pdf" });

      await charge();
      clock.ms += (settings.tokenTtlMs ?? 30 * MINUTE) - 10_000;
      await charge();
      clock.ms += 10_000;
      await charge();
      expect(simulator.charges).toHaveLength(3);
      expect(simulator.requests.token).toBeGreaterThan(1);

      simulator.expireToken("ada", { refreshable: false });
      clock.ms += 31 * 86_400_000;
      await token().catch(() => {});
      clock.ms += MINUTE;
      await expect(token()).rejects.toMatchObject({ code: "reconnect" });
    },
  );
});
