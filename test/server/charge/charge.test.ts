import { describe, expect, it } from "vitest";
import { createAresServer, memoryLedger } from "../../../src/server";
import { json, prices, world } from "../world";

describe("one key", () => {
  it("charges once and replays the answer to the same key", async () => {
    const { post, key, ares, get } = world();
    const headers = { "Idempotency-Key": key() };

    const first = await post({ usage: "export-pdf", credits: 1 }, headers);
    const again = await post({ usage: "export-pdf", credits: 1 }, headers);

    expect([first.status, again.status]).toEqual([200, 200]);
    expect(first.headers.get("Idempotency-Replayed")).toBe("false");
    expect(again.headers.get("Idempotency-Replayed")).toBe("true");
    expect(await first.json()).toMatchObject({
      message: "Success",
      status: "charged",
      charge: { usage: "export-pdf", credits: 1 },
      usage: {},
    });
    expect(ares.book).toEqual([
      { token: "canary-token", usage: "export-pdf", credits: 1, clientId: "client-1" },
    ]);
    expect((await (await get()).json()).user.credits).toBe(99);
  });

  it("is the same key bare and quoted", async () => {
    const { post, key, ares } = world();
    const k = key();

    await post({ usage: "export-pdf" }, { "Idempotency-Key": k });
    const quoted = await post({ usage: "export-pdf" }, { "Idempotency-Key": `"${k}"` });

    expect([quoted.status, quoted.headers.get("Idempotency-Replayed")]).toEqual([200, "true"]);
    expect(ares.book).toHaveLength(1);
  });

  it("charges once for 50 requests at the same time, and tells the others to wait", async () => {
    const { post, key, ares } = world();
    let release = () => {};
    const othersAnswered = new Promise<void>((resolve) => {
      release = resolve;
    });
    ares.next(async (deduct) => {
      deduct();
      await othersAnswered;
      return json(200, { message: "Success" });
    });
    const headers = { "Idempotency-Key": key() };
    let left = 50;

    const answers = await Promise.all(
      Array.from({ length: 50 }, async () => {
        const answer = await post({ usage: "export-pdf" }, headers);
        left -= 1;
        if (left === 1) release();
        return answer;
      }),
    );

    expect(ares.book).toHaveLength(1);
    const codes = await Promise.all(
      answers.map(async (answer) => (answer.ok ? "charged" : (await answer.json()).code)),
    );
    expect(codes.filter((code) => code === "charged")).toHaveLength(1);
    expect(codes.filter((code) => code === "charge_in_progress")).toHaveLength(49);
  });

  it("is refused for another usage, charged or not", async () => {
    const { post, key, ares } = world();
    const headers = { "Idempotency-Key": key() };
    await post({ usage: "export-pdf" }, headers);

    const other = await post({ usage: "image" }, headers);

    expect(other.status).toBe(422);
    expect((await other.json()).code).toBe("idempotency_key_reused");
    expect(ares.book).toHaveLength(1);
  });

  it("answers charged after its price changed, instead of saying nothing was charged", async () => {
    const ledger = memoryLedger({ now: () => 1_800_000_000_000 });
    const before = world({ ledger });
    const headers = { "Idempotency-Key": before.key() };
    await before.post({ usage: "export-pdf", credits: 1 }, headers);

    const after = createAresServer({ ...serverParts(before, ledger), prices: { "export-pdf": 2 } });
    const retry = await after.handler(request({ usage: "export-pdf", credits: 1 }, headers));

    expect(retry.status).toBe(200);
    expect(retry.headers.get("Idempotency-Replayed")).toBe("true");
    expect(before.ares.book).toHaveLength(1);
  });

  it("answers charged after the usage left the price list", async () => {
    const ledger = memoryLedger({ now: () => 1_800_000_000_000 });
    const before = world({ ledger });
    const headers = { "Idempotency-Key": before.key() };
    await before.post({ usage: "export-pdf" }, headers);

    const after = createAresServer({ ...serverParts(before, ledger), prices: { image: 4 } });

    expect((await after.handler(request({ usage: "export-pdf" }, headers))).status).toBe(200);
  });

  it("answers charged while the sign-in service can't give a token", async () => {
    const { post, key, session, ares } = world();
    const headers = { "Idempotency-Key": key() };
    await post({ usage: "export-pdf" }, headers);
    session.auth = {
      userId: "user-1",
      getAccessToken: () => Promise.reject(new Error("canary-token")),
    };

    const retry = await post({ usage: "export-pdf" }, headers);

    expect(retry.status).toBe(200);
    expect(ares.book).toHaveLength(1);
  });

  it("answers charged when it comes back too old", async () => {
    const { post, key, clock, ares } = world();
    const headers = { "Idempotency-Key": key() };
    await post({ usage: "export-pdf" }, headers);
    clock.ms += 25 * 3600 * 1000;

    expect((await post({ usage: "export-pdf" }, headers)).status).toBe(200);
    expect(ares.book).toHaveLength(1);
  });
});

describe("an outcome ARES did not confirm", () => {
  const lost: [string, () => Response | Promise<Response>][] = [
    [
      "a reset connection",
      () =>
        Promise.reject(
          Object.assign(new TypeError("fetch failed"), {
            cause: Object.assign(new Error(), { code: "ECONNRESET" }),
          }),
        ),
    ],
    ["no answer in time", () => new Promise(() => {})],
    ["a 500", () => json(500, { error: "boom" })],
    ["a 502 page", () => new Response("<html>", { status: 502 })],
    [
      "a redirect",
      () => new Response(null, { status: 302, headers: { Location: "https://evil.example" } }),
    ],
    ["a 200 without JSON", () => new Response("<html>", { status: 200 })],
    ["a 200 with an error", () => json(200, { error: "odd" })],
    ["a 200 with another message", () => json(200, { message: "Queued" })],
    ["an empty 200", () => new Response("", { status: 200 })],
    [
      "a 200 larger than 64 KiB",
      () => json(200, { message: "Success", usage: "x".repeat(70_000) }),
    ],
  ];

  it.each(lost)("is unknown after %s, and the key is never sent again", async (_, reply) => {
    const { post, key, ares, get, clock } = world();
    ares.next((deduct) => {
      deduct();
      return reply();
    });
    const k = key();

    const first = await post({ usage: "export-pdf" }, { "Idempotency-Key": k });
    clock.ms += 3600 * 1000;
    const again = await post({ usage: "export-pdf" }, { "Idempotency-Key": k });

    for (const answer of [first, again]) {
      expect(answer.status).toBe(409);
      expect(await answer.json()).toMatchObject({ code: "outcome_unknown", retryable: false });
    }
    expect((await (await get(`?charge=${k}`)).json()).charge.status).toBe("unknown");
    expect(ares.posts()).toBe(1);
    expect(ares.book).toHaveLength(1);
  });
});

describe("ARES did nothing", () => {
  it("frees the key when no connection stood", async () => {
    const { post, key, ares, get } = world();
    const headers = { "Idempotency-Key": key() };
    ares.next(() =>
      Promise.reject(
        Object.assign(new TypeError("fetch failed"), {
          cause: Object.assign(new Error(), { code: "ECONNREFUSED" }),
        }),
      ),
    );

    const first = await post({ usage: "export-pdf" }, headers);
    const state = (await (await get(`?charge=${headers["Idempotency-Key"]}`)).json()).charge;
    const again = await post({ usage: "export-pdf" }, headers);

    expect(first.status).toBe(503);
    expect(await first.json()).toMatchObject({ code: "ares_unreachable", retryable: true });
    expect(state).toEqual({ status: "absent" });
    expect(again.status).toBe(200);
    expect(ares.book).toHaveLength(1);
  });

  it("passes 429 on with its Retry-After and frees the key", async () => {
    const { post, key, ares } = world();
    const headers = { "Idempotency-Key": key() };
    ares.next(() => json(429, { error: "slow down" }, { "Retry-After": "7" }));

    const first = await post({ usage: "export-pdf" }, headers);

    expect(first.status).toBe(429);
    expect(first.headers.get("Retry-After")).toBe("7");
    expect((await post({ usage: "export-pdf" }, headers)).status).toBe(200);
    expect(ares.book).toHaveLength(1);
  });

  it.each([
    [401, "Invalid token"],
    [403, "Token expired"],
  ])("re-reads the token once after %i %s", async (status, error) => {
    const { post, ares, session } = world();
    const asked: (boolean | undefined)[] = [];
    session.auth = {
      userId: "user-1",
      getAccessToken: async (options) => {
        asked.push(options?.refresh);
        return options?.refresh ? "fresh" : "stale";
      },
    };
    ares.next(() => json(status, { error }));

    expect((await post({ usage: "export-pdf" })).status).toBe(200);
    expect(asked).toEqual([undefined, true]);
    expect(ares.book).toEqual([
      { token: "fresh", usage: "export-pdf", credits: 1, clientId: "client-1" },
    ]);
  });

  it("asks to reconnect when the renewed token is refused too, and frees the key", async () => {
    const { post, key, ares, session } = world();
    session.auth = {
      userId: "user-1",
      getAccessToken: async (options) => (options?.refresh ? "fresh" : "stale"),
    };
    ares.next(
      () => json(401, { error: "Invalid token" }),
      () => json(403, { error: "Token expired" }),
    );
    const headers = { "Idempotency-Key": key() };

    const refused = await post({ usage: "export-pdf" }, headers);

    expect(refused.status).toBe(401);
    expect((await refused.json()).code).toBe("reconnect");
    expect(ares.posts()).toBe(2);
    expect((await post({ usage: "export-pdf" }, headers)).status).toBe(200);
    expect(ares.book).toHaveLength(1);
  });

  it("sends nothing with a renewed token once an operator has closed the row that its lease left behind", async () => {
    const { post, session, clock, ares, server, get, key } = world();
    const headers = { "Idempotency-Key": key() };
    ares.next(() => json(401, { error: "Invalid token" }));
    session.auth = {
      userId: "user-1",
      async getAccessToken({ refresh = false } = {}) {
        if (!refresh) return "stale";
        clock.ms += 60_000;
        const [row] = await server.charges.list({ status: "unknown" });
        expect(
          await server.charges.resolve(row?.id ?? "", "not_charged", "Not in ARES's books."),
        ).toBe(true);
        return "fresh";
      },
    };

    const answer = await post({ usage: "export-pdf" }, headers);

    expect(answer.status).not.toBe(200);
    expect(ares.posts()).toBe(1);
    expect(ares.book).toEqual([]);
    expect((await (await get(`?charge=${headers["Idempotency-Key"]}`)).json()).charge.status).toBe(
      "declined",
    );
  });

  it("does not send the refused token a second time", async () => {
    const { post, ares } = world();
    ares.next(() => json(401, { error: "Invalid token" }));

    expect((await (await post({ usage: "export-pdf" })).json()).code).toBe("reconnect");
    expect(ares.posts()).toBe(1);
  });
});

describe("ARES declined", () => {
  it.each([
    [400, "Insufficient credits", "insufficient_credits", 402],
    [402, "", "insufficient_credits", 402],
    [403, "User does not have enough credits", "insufficient_credits", 402],
    [409, "insufficient balance", "insufficient_credits", 402],
    [400, "unknown client", "declined", 403],
    [404, "", "declined", 403],
  ])(
    "says so for %i %s, and again to the same key, without a second call",
    async (status, error, code, shown) => {
      const { post, key, ares } = world();
      ares.next(() => json(status, { error }));
      const headers = { "Idempotency-Key": key() };

      const first = await post({ usage: "export-pdf" }, headers);
      const again = await post({ usage: "export-pdf" }, headers);

      for (const answer of [first, again]) {
        expect(answer.status).toBe(shown);
        expect((await answer.json()).code).toBe(code);
      }
      expect(ares.posts()).toBe(1);
      expect(ares.book).toHaveLength(0);
    },
  );
});

describe("a resource", () => {
  it("is charged once per user whatever the key, and shows as paid", async () => {
    const { post, get, ares } = world();

    const first = await post({ usage: "report", resource: "r-1" });
    const again = await post({ usage: "report", resource: "r-1" });
    const other = await post({ usage: "report", resource: "r-2" });

    expect([first.status, again.status, other.status]).toEqual([200, 200, 200]);
    expect(again.headers.get("Idempotency-Replayed")).toBe("true");
    expect(ares.book).toHaveLength(2);
    expect((await (await get("?usage=report&resource=r-1")).json()).charge.status).toBe("charged");
    expect((await (await get("?usage=report&resource=r-3")).json()).charge).toEqual({
      status: "absent",
    });
  });

  it("is found by the key that paid for it", async () => {
    const { post, get, key } = world();
    const k = key();
    await post({ usage: "report", resource: "r-1" }, { "Idempotency-Key": k });

    expect((await (await get(`?charge=${k}`)).json()).charge).toMatchObject({
      status: "charged",
      resource: "r-1",
    });
  });

  it("may be tried with a new key after it was declined, not with the same one", async () => {
    const { post, key, ares } = world();
    ares.next(() => json(402, {}));
    const headers = { "Idempotency-Key": key() };
    await post({ usage: "report", resource: "r-1" }, headers);

    expect((await post({ usage: "report", resource: "r-1" }, headers)).status).toBe(402);
    expect(ares.posts()).toBe(1);
    expect((await post({ usage: "report", resource: "r-1" })).status).toBe(200);
    expect(ares.book).toHaveLength(1);
  });

  it("stays blocked for every key while its outcome is unknown, until it is resolved", async () => {
    const { post, ares, ledger, get } = world();
    ares.next(() => json(500, {}));
    await post({ usage: "report", resource: "r-1" });
    expect((await (await post({ usage: "report", resource: "r-1" })).json()).code).toBe(
      "outcome_unknown",
    );

    const [row] = await ledger.list({ status: "unknown" });
    await ledger.resolve(row?.id ?? "", { to: "declined", note: "not in ARES's books" });

    expect((await (await get("?usage=report&resource=r-1")).json()).charge.status).toBe("declined");
    expect((await post({ usage: "report", resource: "r-1" })).status).toBe(200);
    expect(ares.book).toHaveLength(1);
  });

  it("is charged again after its time is over, and an old key still meets its own charge", async () => {
    const { post, key, ares, clock, get } = world();
    const old = { "Idempotency-Key": key() };
    for (let day = 0; day < 3; day++) {
      await post({ usage: "day", resource: "d" }, day === 0 ? old : {});
      await post({ usage: "day", resource: "d" });
      clock.ms += 1_001;
    }

    expect(ares.book).toHaveLength(3);
    expect((await (await get("?usage=day&resource=d")).json()).charge).toEqual({
      status: "absent",
    });
    expect(
      (await post({ usage: "day", resource: "d" }, old)).headers.get("Idempotency-Replayed"),
    ).toBe("true");
    expect(ares.book).toHaveLength(3);
  });

  it("belongs to one user", async () => {
    const { post, get, session, ares } = world();
    await post({ usage: "report", resource: "r-1" });
    session.auth = { userId: "user-2", getAccessToken: async () => "other" };

    expect((await (await get("?usage=report&resource=r-1")).json()).charge).toEqual({
      status: "absent",
    });
    expect((await post({ usage: "report", resource: "r-1" })).status).toBe(200);
    expect(ares.book).toHaveLength(2);
  });
});

describe("a ledger that fails", () => {
  it.each(["claim", "begin"] as const)(
    "stops the charge before anything is sent when %s fails",
    async (verb) => {
      const ledger = memoryLedger({ now: () => 1_800_000_000_000 });
      const { post, ares } = world({
        ledger: { ...ledger, [verb]: () => Promise.reject(new Error("down")) },
      });

      const refused = await post({ usage: "export-pdf" });

      expect(refused.status).toBe(503);
      expect(await refused.json()).toMatchObject({ code: "ledger_unavailable", retryable: true });
      expect(ares.calls).toEqual([]);
    },
  );

  it("sends nothing when begin says no", async () => {
    const ledger = memoryLedger({ now: () => 1_800_000_000_000 });
    const { post, ares } = world({ ledger: { ...ledger, begin: async () => false } });

    expect((await (await post({ usage: "export-pdf" })).json()).code).toBe("charge_in_progress");
    expect(ares.calls).toEqual([]);
  });

  it("answers truthfully when settling fails, and settles behind the answer", async () => {
    const ledger = memoryLedger({ now: () => 1_800_000_000_000 });
    let failures = 1;
    const { post, key, ares, events } = world({
      ledger: {
        ...ledger,
        settle: (id, settlement) =>
          failures-- > 0 ? Promise.reject(new Error("down")) : ledger.settle(id, settlement),
      },
    });
    const headers = { "Idempotency-Key": key() };

    expect((await post({ usage: "export-pdf" }, headers)).status).toBe(200);
    expect(events.map(({ type }) => type)).toEqual(["settle_delayed", "charged"]);
    await expect.poll(async () => (await ledger.list({}))[0]?.status).toBe("charged");

    expect((await post({ usage: "export-pdf" }, headers)).headers.get("Idempotency-Replayed")).toBe(
      "true",
    );
    expect(ares.book).toHaveLength(1);
  });

  it("is younger than the key: nothing is sent, because its row may have been lost", async () => {
    const { post, ares, clock } = world();
    const { mintKey } = await import("../../../src/server");

    const refused = await post(
      { usage: "export-pdf" },
      { "Idempotency-Key": mintKey(clock.ms - 60_000) },
    );

    expect(refused.status).toBe(409);
    expect((await refused.json()).code).toBe("ledger_reset");
    expect(ares.calls).toEqual([]);
  });
});

describe("a server that dies", () => {
  it("before anything was sent lets another take over after the lease", async () => {
    const { clock, key, post, ares, ledger } = world();
    const crashing = world({ ledger: { ...ledger, begin: () => new Promise(() => {}) } });
    const headers = { "Idempotency-Key": key() };
    void crashing.post({ usage: "export-pdf" }, headers);
    await expect.poll(() => ledger.list({ status: "claimed" })).toHaveLength(1);

    expect((await (await post({ usage: "export-pdf" }, headers)).json()).code).toBe(
      "charge_in_progress",
    );
    clock.ms += 10_001;
    expect((await post({ usage: "export-pdf" }, headers)).status).toBe(200);
    expect(ares.book).toHaveLength(1);
  });

  it("between send and answer leaves an unknown charge, never one that may be sent again", async () => {
    const { clock, key, post, get, ares, ledger } = world();
    const crashing = world({ ledger: { ...ledger, settle: () => new Promise(() => {}) } });
    const k = key();
    void crashing.post({ usage: "export-pdf" }, { "Idempotency-Key": k });

    await expect
      .poll(async () => (await (await get(`?charge=${k}`)).json()).charge.status)
      .toBe("sending");
    clock.ms += 60_000;
    expect((await (await get(`?charge=${k}`)).json()).charge.status).toBe("unknown");
    expect(
      (await (await post({ usage: "export-pdf" }, { "Idempotency-Key": k })).json()).code,
    ).toBe("outcome_unknown");
    expect(ares.posts() + crashing.ares.posts()).toBe(1);
  });
});

describe("prices", () => {
  it("come from the server: another shown price is refused and named, and nothing is charged", async () => {
    const { post, ares } = world();

    const refused = await post({ usage: "image", credits: 1 });

    expect(refused.status).toBe(409);
    expect(await refused.json()).toMatchObject({ code: "price_changed", credits: 4 });
    expect(ares.calls).toEqual([]);
  });

  it("may be as small as 0.01", async () => {
    const { post, ares } = world();

    expect((await post({ usage: "mite", credits: 0.01 })).status).toBe(200);
    expect(ares.book[0]?.credits).toBe(0.01);
  });
});

function serverParts(
  { session, ares }: ReturnType<typeof world>,
  ledger: ReturnType<typeof memoryLedger>,
) {
  return {
    clientId: "client-1",
    prices,
    auth: async () => session.auth,
    ares: { fetch: ares.fetch },
    ledger,
    now: () => 1_800_000_000_000,
  };
}

function request(body: unknown, headers: Record<string, string>): Request {
  return new Request("https://app.example/api/ares", {
    method: "POST",
    body: JSON.stringify(body),
    headers: { "Content-Type": "application/json", "Sec-Fetch-Site": "same-origin", ...headers },
  });
}

describe("what the ledger keeps of an answer", () => {
  /** A digest. ARES's own id of a user is stored nowhere. */
  const wallet = expect.stringMatching(/^[\w-]{43}$/);
  it.each<[string, () => Response | Promise<Response>, object]>([
    [
      "a refusal, with its code and status",
      () => json(404, { error: "canary" }),
      { code: "declined", aresStatus: 404 },
    ],
    [
      "too few credits, whatever their status",
      () => json(400, { error: "Insufficient credits" }),
      { code: "insufficient_credits", aresStatus: 400 },
    ],
    [
      "an error of ARES, with its status",
      () => json(502, { error: "canary" }),
      { balanceBefore: 10_000, wallet, aresStatus: 502 },
    ],
    [
      "a success that confirms nothing",
      () => json(200, { message: "Queued" }),
      { balanceBefore: 10_000, wallet, aresStatus: 200 },
    ],
    [
      "no answer at all",
      () => Promise.reject(new Error("canary: reset")),
      { balanceBefore: 10_000, wallet },
    ],
  ])(
    "is enough to look it up in ARES's books, and no text of it: %s",
    async (_, reply, outcome) => {
      const { ares, post, ledger } = world({ evidence: "balance" });
      ares.next(reply);

      await post({ usage: "image" });

      expect((await ledger.list({})).map((row) => row.outcome)).toEqual([outcome]);
    },
  );
});
