import { describe, expect, it, vi } from "vitest";
import { createAresServer, memoryLedger } from "../../../src/server";
import { json, prices, world } from "../world";

const call = (headers: Record<string, string> = {}, method = "POST") =>
  new Request("https://app.example/api/paid", {
    method,
    headers: { "Sec-Fetch-Site": "same-origin", ...headers },
  });

/** ARES deducts nothing and says nothing. */
const lost = [() => json(500, {})];

const { toResponse } = world().server;

/** Runs `requirePaid` as an endpoint would. */
async function paid(
  work: Promise<unknown>,
): Promise<{ status: number; code?: string; usage?: string; credits?: number; resource?: string }> {
  try {
    await work;
    return { status: 200 };
  } catch (refusal) {
    return toResponse(refusal).json();
  }
}

describe("requirePaid", () => {
  it("refuses an unpaid call with what it costs", async () => {
    const { server } = world();

    expect(
      await paid(server.requirePaid(call(), { usage: "report", resource: "r-1" })),
    ).toMatchObject({
      status: 402,
      code: "payment_required",
      usage: "report",
      credits: 3,
      resource: "r-1",
    });
    expect(await paid(server.requirePaid(call(), { usage: "export-pdf" }))).toMatchObject({
      status: 402,
      code: "payment_required",
    });
  });

  it("lets one call through for one charge, and that call's own repeat", async () => {
    const { server, post } = world();
    await post({ usage: "report", resource: "r-1" });
    const report = { usage: "report", resource: "r-1", uses: 1 } as const;

    expect(await paid(server.requirePaid(call({ "Idempotency-Key": "op-1" }), report))).toEqual({
      status: 200,
    });
    expect(await paid(server.requirePaid(call({ "Idempotency-Key": "op-1" }), report))).toEqual({
      status: 200,
    });
    expect(
      await paid(server.requirePaid(call({ "Idempotency-Key": "op-2" }), report)),
    ).toMatchObject({ code: "used_up" });
    expect(await paid(server.requirePaid(call(), report))).toMatchObject({ code: "used_up" });
  });

  it("tells what is used up from what was never paid, by the charge", async () => {
    const { server, post, clock } = world();
    const report = { usage: "report", resource: "r-1", uses: 1 } as const;
    expect(await paid(server.requirePaid(call(), report))).not.toHaveProperty("chargeId");
    await post({ usage: "report", resource: "r-1" });
    const [row] = await server.charges.list();
    await server.requirePaid(call(), report);
    clock.ms += 1_000;

    for (const options of [report, { ...report, windowMs: 1_000 }]) {
      expect(await paid(server.requirePaid(call(), options))).toMatchObject({
        status: 402,
        code: "used_up",
        credits: 3,
        resource: "r-1",
        chargeId: row?.id,
        message: expect.stringContaining("used up"),
      });
    }
  });

  it("finds a charge without a resource by the key in Ares-Charge", async () => {
    const { server, post, key } = world();
    const k = key();
    await post({ usage: "export-pdf" }, { "Idempotency-Key": k });

    expect(
      await paid(server.requirePaid(call({ "Ares-Charge": k }), { usage: "image" })),
    ).toMatchObject({ code: "payment_required" });
    expect(
      await paid(server.requirePaid(call({ "Ares-Charge": k }), { usage: "export-pdf" })),
    ).toEqual({ status: 200 });
    expect(
      await paid(server.requirePaid(call({ "Ares-Charge": k }), { usage: "export-pdf" })),
    ).toMatchObject({ code: "used_up" });
    expect(
      await paid(server.requirePaid(call({ "Ares-Charge": "no key" }), { usage: "export-pdf" })),
    ).toMatchObject({
      code: "idempotency_key_invalid",
    });
  });

  it("does not take a charge without a resource for a resource, nor the reverse", async () => {
    const { server, post, key } = world();
    const k = key();
    await post({ usage: "report", resource: "r-1" }, { "Idempotency-Key": k });

    expect(
      await paid(server.requirePaid(call({ "Ares-Charge": k }), { usage: "report" })),
    ).toMatchObject({ code: "payment_required" });
    expect(
      await paid(server.requirePaid(call(), { usage: "report", resource: "r-2" })),
    ).toMatchObject({ code: "payment_required" });
  });

  it("serves another user nothing", async () => {
    const { server, post, session, key } = world();
    const k = key();
    await post({ usage: "export-pdf" }, { "Idempotency-Key": k });
    session.auth = { userId: "user-2", getAccessToken: async () => "other" };

    expect(
      await paid(server.requirePaid(call({ "Ares-Charge": k }), { usage: "export-pdf" })),
    ).toMatchObject({ code: "payment_required" });
    session.auth = null;
    expect(
      await paid(server.requirePaid(call({ "Ares-Charge": k }), { usage: "export-pdf" })),
    ).toMatchObject({ code: "not_signed_in" });
  });

  it("makes no random id for headers alone: a prerender of Next stops at one", async () => {
    const w = world();
    await w.post({ usage: "image", resource: "r" });
    const reader = createAresServer({
      clientId: "client-1",
      prices,
      ledger: w.ledger,
      now: () => w.clock.ms,
      auth: async () => ({ userId: "user-1", getAccessToken: async () => "t" }),
      newId: () => {
        throw new Error("a random id");
      },
    });

    const { charge } = await reader.requirePaid(new Headers(), { usage: "image", resource: "r" });

    expect(charge.resource).toBe("r");
  });

  it("counts uses, or minutes, when told to", async () => {
    const { server, post, clock } = world();
    await post({ usage: "report", resource: "r-1" });
    const twice = { usage: "report", resource: "r-1", uses: 2 } as const;
    const minute = { usage: "report", resource: "r-1", windowMs: 60_000 } as const;

    const answers = [];
    for (let i = 0; i < 3; i++)
      answers.push((await paid(server.requirePaid(call(), twice))).status);
    expect(answers).toEqual([200, 200, 402]);
    expect(await paid(server.requirePaid(call(), minute))).toEqual({ status: 200 });
    clock.ms += 60_000;
    expect(await paid(server.requirePaid(call(), minute))).toMatchObject({ code: "used_up" });
  });

  it("lets exactly one of 1,000 calls at the same time through", async () => {
    const { server, post } = world({ rateLimit: false });
    await post({ usage: "report", resource: "r-1" });

    const calls = Array.from({ length: 1_000 }, () =>
      paid(server.requirePaid(call(), { usage: "report", resource: "r-1", uses: 1 })),
    );

    expect((await Promise.all(calls)).filter(({ status }) => status === 200)).toHaveLength(1);
  });

  it("is not burnt by another site", async () => {
    const { server, post } = world();
    await post({ usage: "report", resource: "r-1" });
    const report = { usage: "report", resource: "r-1", uses: 1 } as const;

    for (const method of ["GET", "POST"]) {
      expect(
        await paid(server.requirePaid(call({ "Sec-Fetch-Site": "cross-site" }, method), report)),
      ).toMatchObject({
        code: "origin_rejected",
      });
    }
    expect(await paid(server.requirePaid(call({}, "GET"), report))).toEqual({ status: 200 });
  });

  it("says unknown while the charge is", async () => {
    const { server, post, ares } = world();
    ares.next(...lost);
    await post({ usage: "report", resource: "r-1" });

    const refused = await paid(server.requirePaid(call(), { usage: "report", resource: "r-1" }));

    expect(refused).toMatchObject({ code: "outcome_unknown" });
  });

  it("writes nothing down for a charge that may be used without end", async () => {
    const { server, post, ledger } = world();
    await post({ usage: "report", resource: "r-1" });

    for (let i = 0; i < 3; i++)
      await server.requirePaid(call(), { usage: "report", resource: "r-1" });

    expect((await ledger.list({}))[0]?.redeemedBy).toEqual([]);
  });

  it("says that a charge is under way from its claim on", async () => {
    const ledger = memoryLedger({ now: () => 1_800_000_000_000 });
    let begin = (_: boolean) => {};
    const { server, post } = world({
      ledger: { ...ledger, begin: () => new Promise((resolve) => (begin = resolve)) },
    });
    const charging = post({ usage: "report", resource: "r-1" });
    await expect.poll(() => ledger.list({})).toHaveLength(1);

    expect(
      (await paid(server.requirePaid(call(), { usage: "report", resource: "r-1" }))).code,
    ).toBe("charge_in_progress");
    begin(false);
    await charging;
  });

  it("lets each look at a paid resource through, unless the app counts them", async () => {
    const { server, post } = world();
    await post({ usage: "report", resource: "r-1" });
    const report = { usage: "report", resource: "r-1" } as const;
    const looks = [
      call({}, "HEAD"),
      call({ Range: "bytes=0-99" }, "GET"),
      call({ Range: "bytes=100-199" }, "GET"),
      call({ "Sec-Purpose": "prefetch" }, "GET"),
      call({}, "GET"),
      call({}, "GET"),
    ];

    for (const look of looks)
      expect(await paid(server.requirePaid(look, report))).toEqual({ status: 200 });
  });

  it.each([
    { "Sec-Purpose": "prefetch" },
    { "Sec-Purpose": "prefetch;prerender" },
    { Purpose: "prefetch" },
    { "Next-Router-Prefetch": "1" },
  ])("refuses a prefetch of a counted use, and counts nothing: %j", async (prefetch) => {
    const { server, post } = world();
    await post({ usage: "report", resource: "r-1" });
    const report = { usage: "report", resource: "r-1", uses: 1 } as const;

    for (let i = 0; i < 3; i++) {
      expect(await paid(server.requirePaid(call({ ...prefetch }, "GET"), report))).toMatchObject({
        status: 403,
        code: "not_allowed",
      });
    }
    expect(await paid(server.requirePaid(call({}, "GET"), report))).toEqual({ status: 200 });
  });
});

describe("withCharge", () => {
  it.each([
    ["with a body", () => new Response("picture")],
    ["without a body", () => new Response(null, { status: 204 })],
    ["of failed work", () => new Response("", { status: 500 })],
  ])(
    "says of an answer %s whether its charge is a replay, so that nobody takes it for requirePaid",
    async (_, work) => {
      const { server, key } = world();
      const endpoint = server.withCharge({ usage: "image" }, work);
      const k = key();
      const first = await endpoint(call({ "Idempotency-Key": k }));
      await first.text();
      const second = await endpoint(call({ "Idempotency-Key": k }));

      expect([first, second].map(({ headers }) => headers.get("Idempotency-Replayed"))).toEqual([
        "false",
        "true",
      ]);
    },
  );

  it("leaves an answer whose headers can't be changed as it is", async () => {
    const { server, key } = world();
    const fixed = Response.redirect("https://app.example/picture");
    const answer = await server.withCharge(
      { usage: "image" },
      () => fixed,
    )(call({ "Idempotency-Key": key() }));

    expect([answer.status, answer.headers.get("Location")]).toEqual([
      302,
      "https://app.example/picture",
    ]);
  });

  it("charges, then works, and hands the charge to the handler", async () => {
    const { server, key, ares } = world();
    const work = vi.fn(async (_: Request, { charge, userId }) => Response.json({ charge, userId }));
    const endpoint = server.withCharge({ usage: "image" }, work);

    const response = await endpoint(call({ "Idempotency-Key": key() }));

    expect(await response.json()).toMatchObject({
      charge: { usage: "image", credits: 4, replayed: false },
      userId: "user-1",
    });
    expect(ares.book).toHaveLength(1);
  });

  it("does not work when ARES did not confirm", async () => {
    const { server, key, ares } = world();
    const work = vi.fn(async () => new Response());
    const endpoint = server.withCharge({ usage: "image" }, work);
    ares.next(
      () => json(402, {}),
      () => json(500, {}),
    );

    expect((await (await endpoint(call({ "Idempotency-Key": key() }))).json()).code).toBe(
      "insufficient_credits",
    );
    expect((await (await endpoint(call({ "Idempotency-Key": key() }))).json()).code).toBe(
      "outcome_unknown",
    );
    expect(work).not.toHaveBeenCalled();
  });

  it("refuses a request without a key: its repeat would be a second charge", async () => {
    const { server, ares } = world();

    const refused = await server.withCharge({ usage: "image" }, async () => new Response())(call());

    expect(refused.status).toBe(400);
    // Not a bad key: the message says that there is none.
    expect((await refused.json()).code).toBe("invalid_request");
    expect(ares.calls).toEqual([]);
  });

  it.each([
    ["throws", () => Promise.reject(new Error("printer on fire"))],
    ["answers 500", async () => new Response(null, { status: 500 })],
  ])("serves the retry without paying again when the work %s", async (_, failing) => {
    const { server, key, ares, ledger } = world();
    let fails = true;
    const endpoint = server.withCharge({ usage: "image" }, () =>
      fails ? failing() : Promise.resolve(new Response("picture")),
    );
    const headers = { "Idempotency-Key": key() };

    await endpoint(call(headers)).catch(() => {});
    expect((await ledger.list({}))[0]?.redeemedBy).toEqual([]);
    fails = false;
    const retry = await endpoint(call(headers));

    expect(await retry.text()).toBe("picture");
    expect(ares.book).toHaveLength(1);
    expect((await ledger.list({}))[0]?.redeemedBy).toHaveLength(1);
  });

  it("does not serve a charge that another endpoint has used up", async () => {
    const { server, key, post } = world();
    const k = key();
    await post({ usage: "image" }, { "Idempotency-Key": k });
    await server.requirePaid(call({ "Ares-Charge": k, "Idempotency-Key": "op-1" }), {
      usage: "image",
    });

    const refused = await server.withCharge(
      { usage: "image" },
      async () => new Response("picture"),
    )(call({ "Idempotency-Key": k }));

    expect((await refused.json()).code).toBe("used_up");
  });

  it("serves a paid resource again without charging", async () => {
    const { server, key, ares } = world();
    const endpoint = server.withCharge(
      { usage: "report", resource: async (request) => new URL(request.url).pathname },
      async () => new Response("report"),
    );

    for (let i = 0; i < 3; i++)
      expect(await (await endpoint(call({ "Idempotency-Key": key() }))).text()).toBe("report");
    expect(ares.book).toHaveLength(1);
  });

  it("refuses another site", async () => {
    const { server, key, ares } = world();
    const endpoint = server.withCharge({ usage: "image" }, async () => new Response());

    expect(
      (await endpoint(call({ "Idempotency-Key": key(), "Sec-Fetch-Site": "cross-site" }))).status,
    ).toBe(403);
    expect(ares.calls).toEqual([]);
  });
});

describe("withCharge, seen by whoever repeats a key", () => {
  it("gives a use back only to the run that holds it: a failing repeat frees nothing", async () => {
    const { server, key, ares } = world();
    const headers = { "Idempotency-Key": key() };
    const answers = [200, 500];
    const endpoint = server.withCharge(
      { usage: "image" },
      async () => new Response(null, { status: answers.shift() ?? 200 }),
    );

    expect((await endpoint(call(headers))).status).toBe(200);
    expect((await endpoint(call(headers))).status).toBe(500);

    const other = server.requirePaid(
      call({ "Ares-Charge": headers["Idempotency-Key"], "Idempotency-Key": "op-2" }),
      { usage: "image" },
    );
    expect(await paid(other)).toMatchObject({ code: "used_up" });
    expect(ares.book).toHaveLength(1);
  });

  it("serves a resource no longer than it is paid for, to its own key too, but for an answer that was lost", async () => {
    const { server, key, ares, clock } = world();
    const headers = { "Idempotency-Key": key() };
    const endpoint = server.withCharge(
      { usage: "day", resource: "monday" },
      async () => new Response("served"),
    );

    expect((await endpoint(call(headers))).status).toBe(200);
    clock.ms += 2_000;
    expect((await endpoint(call(headers))).status).toBe(200);
    clock.ms += 10 * 60 * 1000;
    expect(await (await endpoint(call(headers))).json()).toMatchObject({
      code: "used_up",
      chargeId: expect.any(String),
    });
    expect(ares.book).toHaveLength(1);
  });

  it("takes the same key at another address for another request", async () => {
    const { server, key, ares } = world();
    const headers = { "Idempotency-Key": key() };
    const endpoint = server.withCharge({ usage: "image" }, async () => new Response("picture"));
    const at = (path: string, method = "POST") =>
      new Request(
        `https://app.example${path}`,
        call({ ...headers, "Ares-Charge": headers["Idempotency-Key"] }, method),
      );

    expect((await endpoint(at("/api/paid"))).status).toBe(200);
    expect((await endpoint(at("/api/paid"))).status).toBe(200);
    for (const other of [at("/api/other"), at("/api/paid?size=large"), at("/api/paid", "PUT")]) {
      expect((await (await endpoint(other.clone())).json()).code).toBe("used_up");
      expect(await paid(server.requirePaid(other, { usage: "image" }))).toMatchObject({
        code: "used_up",
      });
    }
    expect(ares.book).toHaveLength(1);
  });

  it("lets the resource be read from the body, which the handler reads again", async () => {
    const { server, key, ares } = world();
    const endpoint = server.withCharge(
      { usage: "report", resource: async (request) => (await request.json()).id },
      async (request) => new Response((await request.json()).id),
    );
    const order = (id: unknown) =>
      endpoint(
        new Request(call({ "Idempotency-Key": key() }), {
          method: "POST",
          body: JSON.stringify({ id }),
        }),
      );

    expect(await (await order("r-1")).text()).toBe("r-1");
    for (const id of ["", "x".repeat(201), "\ud800", null, 7])
      expect((await (await order(id)).json()).code).toBe("invalid_request");
    expect(ares.book).toHaveLength(1);
  });
});

describe("one charge with many bodies", () => {
  const send = (k: string, body: BodyInit, type?: string) =>
    new Request("https://app.example/api/paid", {
      method: "POST",
      body,
      headers: {
        "Sec-Fetch-Site": "same-origin",
        "Idempotency-Key": k,
        ...(type && { "Content-Type": type }),
      },
    });
  const form = () => {
    const data = new FormData();
    data.set("file", new Blob(["bytes"]), "a.txt");
    return data;
  };
  const codeOf = async (response: Response) =>
    response.ok ? response.text() : (await response.json()).code;

  it("pays for one work, whatever the number of bodies", async () => {
    const { server, key, ares } = world();
    const work = vi.fn(async (request: Request) => new Response(await request.text()));
    const endpoint = server.withCharge({ usage: "image" }, work);
    const k = key();

    const codes: Record<string, number> = {};
    for (let n = 0; n < 59; n++) {
      const code = await codeOf(await endpoint(send(k, JSON.stringify({ n }), "application/json")));
      codes[code] = (codes[code] ?? 0) + 1;
    }

    expect(codes).toEqual({ '{"n":0}': 1, other_body: 58 });
    expect([work.mock.calls.length, ares.book.length]).toEqual([1, 1]);
    expect(
      await codeOf(await endpoint(send(k, JSON.stringify({ n: 0 }), "application/json"))),
    ).toBe('{"n":0}');
    expect((await endpoint(send(k, '{"n":0}', "application/json"))).status).toBe(429);
  });

  it.each([
    "application/json",
    "application/problem+json; charset=utf-8",
    "text/plain",
    "application/x-www-form-urlencoded",
  ])("tells bodies of %s apart", async (type) => {
    const { server, key } = world();
    const endpoint = server.withCharge(
      { usage: "image" },
      async (request) => new Response(await request.text()),
    );
    const k = key();
    const answers = [];
    for (const body of ["a", "b", "a"])
      answers.push(await codeOf(await endpoint(send(k, body, type))));

    expect(answers).toEqual(["a", "other_body", "a"]);
  });

  it.each([
    ["a form with files", () => form(), undefined],
    ["a stream without a type", () => new Blob(["stream"]).stream(), undefined],
    ["more than 64 KiB", () => "x".repeat(64 * 1024 + 1), "text/plain"],
    [
      "more than 64 KiB with another length",
      () => new Blob(["x".repeat(70_000)]).stream(),
      "text/plain",
    ],
  ] as const)(
    "compares no body of %s, which the handler still reads, and serves each repeat",
    async (_, body, type) => {
      const { server, key } = world();
      const endpoint = server.withCharge(
        { usage: "image", repeats: 5 },
        async (request) => new Response(`${(await request.arrayBuffer()).byteLength > 0}`),
      );
      const k = key();
      const answers = [];
      for (let n = 0; n < 7; n++) {
        const headers = {
          "Sec-Fetch-Site": "same-origin",
          "Idempotency-Key": k,
          ...(type && { "Content-Type": type }),
        };
        const init = { method: "POST", body: body(), headers, duplex: "half" };
        answers.push(
          await codeOf(await endpoint(new Request("https://app.example/api/paid", init))),
        );
      }

      expect(answers).toEqual([...Array(6).fill("true"), "used_up"]);
    },
  );

  it("reads no more of a long body than it must", async () => {
    const { server, key } = world();
    let pulled = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        pulled += 16 * 1024;
        controller.enqueue(new Uint8Array(16 * 1024));
      },
    });
    const endpoint = server.withCharge({ usage: "image" }, async () => new Response("served"));
    const init = {
      method: "POST",
      body: endless,
      headers: {
        "Sec-Fetch-Site": "same-origin",
        "Idempotency-Key": key(),
        "Content-Type": "text/plain",
      },
      duplex: "half",
    };

    expect(await codeOf(await endpoint(new Request("https://app.example/api/paid", init)))).toBe(
      "served",
    );
    expect(pulled).toBeLessThanOrEqual(128 * 1024);
  });

  it("holds for a counted use of requirePaid", async () => {
    const { server, key, post } = world();
    const k = key();
    await post({ usage: "image" }, { "Idempotency-Key": k });
    const ask = (body: string) => {
      const request = send("op-1", body, "application/json");
      request.headers.set("Ares-Charge", k);
      return paid(
        server
          .requirePaid(request, { usage: "image" })
          .then(async () => expect(await request.text()).toBe(body)),
      );
    };

    expect(await ask("a")).toEqual({ status: 200 });
    expect(await ask("b")).toMatchObject({ status: 422, code: "other_body" });
    expect(await ask("a")).toEqual({ status: 200 });
    expect(await ask("a")).toMatchObject({ code: "used_up" });
  });
});

describe("a ledger that fails", () => {
  it("has withCharge ask for the same key again once it was charged, and tells the app why", async () => {
    const heard: unknown[] = [];
    const down = new Error("down");
    const ledger = memoryLedger({ now: () => 1_800_000_000_000 });
    let fails = true;
    const { server, key, ares } = world({
      ledger: {
        ...ledger,
        redeem: (id, use) => (fails ? Promise.reject(down) : ledger.redeem(id, use)),
      },
      onError: (error) => heard.push(error),
    });
    const headers = { "Idempotency-Key": key() };
    const work = vi.fn(async () => new Response("picture"));
    const endpoint = server.withCharge({ usage: "image" }, work);

    const refused = await endpoint(call(headers));

    expect(await refused.json()).toMatchObject({
      code: "charge_in_progress",
      retryable: true,
      usage: "image",
      chargeId: expect.any(String),
    });
    expect([refused.status, refused.headers.get("Retry-After")]).toEqual([409, "1"]);
    expect([heard, work.mock.calls.length]).toEqual([[down], 0]);
    fails = false;
    expect(await (await endpoint(call(headers))).text()).toBe("picture");
    expect(ares.book).toHaveLength(1);
  });

  it("lets no work run that it could not count, when it writes a charge down a moment late", async () => {
    const ledger = memoryLedger({ now: () => 1_800_000_000_000 });
    let fails = 1;
    const { server, key, ares } = world({
      ledger: {
        ...ledger,
        settle: (...args) =>
          fails-- > 0 ? Promise.reject(new Error("down")) : ledger.settle(...args),
      },
    });
    const headers = { "Idempotency-Key": key() };
    const work = vi.fn(async () => new Response("picture"));
    const [one, other] = [
      server.withCharge({ usage: "image" }, work),
      server.withCharge({ usage: "image" }, work),
    ];

    expect((await (await one(call(headers))).json()).code).toBe("charge_in_progress");
    await expect.poll(async () => (await ledger.list({}))[0]?.status).toBe("charged");

    expect((await one(call(headers))).status).toBe(200);
    const elsewhere = new Request("https://app.example/other", call(headers));
    expect((await (await other(elsewhere)).json()).code).toBe("used_up");
    expect([ares.book.length, work.mock.calls.length]).toEqual([1, 1]);
  });

  it("does not keep a failed answer waiting for the use to be given back", async () => {
    const ledger = memoryLedger({ now: () => 1_800_000_000_000 });
    const { server, key } = world({
      ledger: {
        ...ledger,
        redeem: (id, use) => (use.release ? new Promise(() => {}) : ledger.redeem(id, use)),
      },
    });
    vi.useFakeTimers();
    const answer = server.withCharge(
      { usage: "image" },
      async () => new Response(null, { status: 503 }),
    )(call({ "Idempotency-Key": key() }));

    await vi.advanceTimersByTimeAsync(10_000);
    vi.useRealTimers();

    expect((await answer).status).toBe(503);
  });

  it("lets the app hear what went wrong at a paid endpoint", async () => {
    const heard: unknown[] = [];
    const down = new Error("down");
    const ledger = { ...memoryLedger(), list: () => Promise.reject(down) };
    const { server, key } = world({ ledger, onError: (error) => heard.push(error) });
    const bug = new Error("bug");

    await paid(server.requirePaid(call({ "Ares-Charge": key() }), { usage: "image" }));
    await server.withCharge(
      { usage: "report", resource: () => Promise.reject(bug) },
      async () => new Response(),
    )(call({ "Idempotency-Key": key() }));
    await paid(server.requirePaid(call(), { usage: "image", uses: Number.NaN }));

    expect(heard).toEqual([down, bug, expect.any(RangeError)]);
  });

  it("stops a paid endpoint instead of opening it", async () => {
    const ledger = memoryLedger({ now: () => 1_800_000_000_000 });
    const { server, post } = world({
      ledger: { ...ledger, redeem: () => Promise.reject(new Error("down")) },
    });
    await post({ usage: "report", resource: "r-1" });

    expect(
      await paid(server.requirePaid(call(), { usage: "report", resource: "r-1", uses: 1 })),
    ).toMatchObject({
      status: 503,
      code: "ledger_unavailable",
    });
  });
});
