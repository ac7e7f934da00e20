import { describe, expect, it } from "vitest";
import { AresError } from "../../../src/contract";
import { signReceipt, verifyReceipt } from "../../../src/receipt";
import { quotedWorld } from "../quotedWorld";
import { json } from "../world";

const film = { usage: "render", resource: "film", input: { pages: 1 } } as const;
const more = { ...film, input: { pages: 500 } } as const;

function request(headers: Record<string, string> = {}, body?: unknown): Request {
  const all = { "Sec-Fetch-Site": "same-origin", "Content-Type": "application/json", ...headers };
  return new Request("https://app.example/work", {
    method: "POST",
    headers: all,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

function paidWorld() {
  const w = quotedWorld({ onError: () => {} });
  const answered = (work: Promise<unknown>) =>
    work.then(
      () => "passed",
      (error: { code: string }) => error.code,
    );
  return { ...w, answered };
}

describe("requirePaid of a quoted usage", () => {
  it("lets the paid input of a resource through, and no other", async () => {
    const { post, server, answered } = paidWorld();
    await post(film);

    expect(await answered(server.requirePaid(request(), film))).toBe("passed");
    expect(await answered(server.requirePaid(request(), more))).toBe("payment_required");
    expect(
      await answered(server.requirePaid(request(), { ...film, input: { pages: 1, title: "x" } })),
    ).toBe("payment_required");
    expect(await answered(server.requirePaid(request(), { ...film, resource: "other" }))).toBe(
      "payment_required",
    );
    expect(await answered(server.requirePaid(request(), { ...film, usage: "day" }))).toBe(
      "payment_required",
    );
  });

  it("lets the paid input of a key through, and no other", async () => {
    const { post, server, key, answered } = paidWorld();
    const k = key();
    await post({ usage: "render", input: { pages: 1 } }, { "Idempotency-Key": k });
    const named = () => request({ "Ares-Charge": k, "Idempotency-Key": "use-1" });

    expect(
      await answered(server.requirePaid(named(), { usage: "render", input: { pages: 500 } })),
    ).toBe("payment_required");
    expect(await answered(server.requirePaid(named(), { usage: "day", input: { pages: 1 } }))).toBe(
      "payment_required",
    );
    expect(
      await answered(server.requirePaid(named(), { usage: "render", input: { pages: 1 } })),
    ).toBe("passed");
    expect(
      await answered(
        server.requirePaid(request({ "Ares-Charge": k }), { usage: "render", input: { pages: 1 } }),
      ),
    ).toBe("used_up");
  });

  it("needs the input at run time too, and a constant price takes none", async () => {
    const { post, server, answered } = paidWorld();
    await post(film);
    await post({ usage: "export-pdf", resource: "film" });

    expect(
      await answered(server.requirePaid(request(), { usage: "render", resource: "film" } as never)),
    ).toBe("invalid_request");
    expect(
      await answered(
        server.requirePaid(request(), { usage: "export-pdf", resource: "film", input: 1 } as never),
      ),
    ).toBe("invalid_request");
    expect(
      await answered(server.requirePaid(request(), { ...film, input: new Date(0) } as never)),
    ).toBe("invalid_request");
  });

  it("never takes the charge of a constant price for a quoted one, nor the other way round", async () => {
    const { post, server, key, ledger, answered, prices } = paidWorld();
    const constant = quotedWorld({ ledger, prices: { ...prices, render: 0.1 as never } });
    const [k, c] = [key(), key()];
    await post(film);
    await post({ usage: "render", input: { pages: 1 } }, { "Idempotency-Key": k });
    await constant.post({ usage: "render", resource: "other" });
    await constant.post({ usage: "render" }, { "Idempotency-Key": c });
    const named = (by: string) => request({ "Ares-Charge": by });

    expect(
      await answered(
        constant.server.requirePaid(request(), { usage: "render", resource: "film" } as never),
      ),
    ).toBe("payment_required");
    expect(
      await answered(constant.server.requirePaid(named(k), { usage: "render" } as never)),
    ).toBe("payment_required");
    expect(await answered(server.requirePaid(request(), { ...film, resource: "other" }))).toBe(
      "payment_required",
    );
    expect(
      await answered(server.requirePaid(named(c), { usage: "render", input: { pages: 1 } })),
    ).toBe("payment_required");
    expect(
      await answered(constant.server.requirePaid(named(c), { usage: "render" } as never)),
    ).toBe("passed");
  });

  it("counts uses for each input of a resource", async () => {
    const { post, server, answered } = paidWorld();
    await post(film);
    await post(more);
    const use = (options: typeof film | typeof more, key: string) =>
      answered(server.requirePaid(request({ "Idempotency-Key": key }), { ...options, uses: 1 }));

    expect([
      await use(film, "a"),
      await use(film, "b"),
      await use(more, "c"),
      await use(more, "d"),
    ]).toEqual(["passed", "used_up", "passed", "used_up"]);
  });
});

describe("withPaid and withCharge of a quoted usage", () => {
  it("compute the input from a copy of the real body, and the handler reads the body", async () => {
    const { post, server, key, ares } = paidWorld();
    const input = async (asked: Request) => ({ pages: Number((await asked.json()).pages) });
    const work = async (asked: Request) => json(200, { drawn: (await asked.json()).pages });
    const paid = server.withPaid({ usage: "render", resource: "film", input }, work);
    const charged = server.withCharge({ usage: "render", input }, work);
    await post(film);

    expect((await paid(request({}, { pages: 1 }))).status).toBe(200);
    expect((await paid(request({}, { pages: 500 }))).status).toBe(402);
    const answer = await charged(
      request({ "Idempotency-Key": key(), "Ares-Credits": "0.5" }, { pages: 5 }),
    );
    expect([answer.status, await answer.json()]).toEqual([200, { drawn: 5 }]);
    const changed = await charged(
      request({ "Idempotency-Key": key(), "Ares-Credits": "0.5" }, { pages: 6 }),
    );
    expect(await changed.json()).toMatchObject({ code: "price_changed", credits: 0.6 });
    expect(ares.book.map(({ credits }) => credits)).toEqual([0.1, 0.5]);
  });

  it("serve one key for its own body only", async () => {
    const { server, key, ares } = paidWorld();
    const input = async (asked: Request) => ({ pages: Number((await asked.json()).pages) });
    let drawn = 0;
    const work = server.withCharge({ usage: "render", input }, async (asked) => {
      drawn += (await asked.json()).pages;
      return json(200, {});
    });
    const headers = { "Idempotency-Key": key() };

    const answers = [];
    for (const pages of [1, 500, 1]) answers.push((await work(request(headers, { pages }))).status);

    expect(answers).toEqual([200, 422, 200]);
    expect([drawn, ares.posts()]).toEqual([2, 1]);
  });

  it("pass the route's own arguments to the input", async () => {
    const { post, server } = paidWorld();
    await post(film);
    const GET = server.withPaid(
      {
        usage: "render",
        resource: "film",
        input: async (_, { params }: { params: Promise<{ pages: string }> }) => ({
          pages: Number((await params).pages),
        }),
      },
      async (_, { charge }, { params }) => json(200, { id: charge.id, ...(await params) }),
    );
    const get = (pages: string) =>
      GET(new Request("https://app.example/film"), { params: Promise.resolve({ pages }) });

    expect([(await get("1")).status, (await get("500")).status]).toEqual([200, 402]);
  });

  it("stop the start without an input, and with one where the price is constant", () => {
    const { server } = paidWorld();
    const work = () => new Response();

    for (const wrap of [server.withPaid, server.withCharge]) {
      expect(() => wrap({ usage: "render" } as never, work)).toThrow("input");
      expect(() => wrap({ usage: "export-pdf", input: { pages: 1 } } as never, work)).toThrow(
        "input",
      );
    }
  });

  it("refuse a request whose body gives no input, and charge nothing", async () => {
    const { server, key, ares } = paidWorld();
    const work = server.withCharge({ usage: "render", input: (() => undefined) as never }, () =>
      json(200, {}),
    );

    expect((await work(request({ "Idempotency-Key": key() }))).status).toBe(400);
    expect(ares.calls).toEqual([]);
  });
});

describe("a receipt of a quoted usage", () => {
  const signer = {
    keys: [{ kid: "k", alg: "HS256", secret: "s".repeat(32) }],
    issuer: "https://app.example",
    audience: "render",
  } as const;

  it("is good for its own input only", async () => {
    const { post, server } = paidWorld();
    await post(film);
    await post({ usage: "export-pdf", resource: "film" });
    const now = Date.now;
    const receipt = await signReceipt(await server.requirePaid(request(), film), {
      ...signer,
      now,
    });
    const constant = await signReceipt(
      await server.requirePaid(request(), { usage: "export-pdf", resource: "film" }),
      { ...signer, now },
    );
    const verified = (token: string, usage: string, input?: unknown) =>
      verifyReceipt(token, {
        ...signer,
        usage,
        resource: "film",
        ...(input !== undefined && { input }),
        now,
      }).then(
        () => true,
        () => false,
      );

    expect(await verified(receipt, "render", { pages: 1 })).toBe(true);
    expect(await verified(receipt, "render", { pages: 500 })).toBe(false);
    expect(await verified(receipt, "render", new Date(0))).toBe(false);
    expect(await verified(receipt, "render")).toBe(false);
    expect(await verified(constant, "export-pdf")).toBe(true);
    expect(await verified(constant, "export-pdf", { pages: 1 })).toBe(false);
  });
});

describe("an input that can't be read from the request", () => {
  const input = async (asked: Request) => ({ pages: (await asked.json()).work.pages as number });
  const bodies: [string, BodyInit][] = [
    ["no JSON", "{"],
    ["nothing", ""],
    ["JSON without the member", "{}"],
    ["a form", new URLSearchParams({ pages: "1" })],
  ];
  const sent = (key: string, body: BodyInit) =>
    new Request("https://app.example/work", {
      method: "POST",
      body,
      headers: { "Sec-Fetch-Site": "same-origin", "Idempotency-Key": key },
    });

  it.each(bodies)("is a bad request, and not an open key: %s", async (_, body) => {
    const heard: unknown[] = [];
    const { server, key, ares, ledger } = quotedWorld({ onError: (error) => heard.push(error) });
    const work = () => new Response("work");
    const k = key();
    const charging = server.withCharge({ usage: "render", input }, work);
    const guarded = server.withPaid({ usage: "render", resource: "film", input }, work);

    for (const route of [charging, guarded]) {
      const answer = await route(sent(k, body));
      expect([answer.status, await answer.json()]).toEqual([
        400,
        expect.objectContaining({
          code: "invalid_request",
          message: expect.stringContaining("input"),
          retryable: false,
        }),
      ]);
      expect(heard.pop()).toBeInstanceOf(Error);
    }
    expect([ares.calls, await ledger.list({})]).toEqual([[], []]);
    expect((await charging(sent(k, '{"work":{"pages":1}}'))).status).toBe(200);
  });

  it.each([
    [
      "a refusal of the app's own",
      new AresError("not_allowed", "Not this user."),
      { code: "not_allowed" },
    ],
    [
      "a redirect of the framework",
      Object.assign(new Error(), { digest: "NEXT_REDIRECT;replace;/;307;" }),
      "thrown",
    ],
  ])("says what the app says instead: %s", async (_, thrown, expected) => {
    const { server, key } = quotedWorld();
    const route = server.withCharge(
      { usage: "render", input: () => Promise.reject(thrown) },
      () => new Response(),
    );

    const answered = await route(sent(key(), "{}")).then(
      (answer) => answer.json(),
      (error: unknown) => (error === thrown ? "thrown" : error),
    );
    expect(answered).toEqual(expected === "thrown" ? expected : expect.objectContaining(expected));
  });
});
