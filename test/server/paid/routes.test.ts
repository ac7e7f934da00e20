import { describe, expect, expectTypeOf, it } from "vitest";
import { AresError } from "../../../src/contract";
import { world } from "../world";
import { headersOfNext } from "./headersOfNext";

type Context = { params: Promise<{ id: string }> };
const context = (id: string): Context => ({ params: Promise.resolve({ id }) });
const request = (headers: Record<string, string> = {}, method = "GET") =>
  new Request("https://app.example/api/reports/r", {
    method,
    headers: { "Sec-Fetch-Site": "same-origin", ...headers },
  });

describe("a route behind withPaid", () => {
  it("gets the route's further arguments, and so does its resource", async () => {
    const { server, post } = world();
    const route = server.withPaid(
      { usage: "report", resource: async (_, { params }: Context) => (await params).id },
      async (_, { charge }, { params }) => Response.json([charge.resource, (await params).id]),
    );
    expectTypeOf(route).toEqualTypeOf<(request: Request, context: Context) => Promise<Response>>();

    const locked = await route(request(), context("r-1"));
    expect([locked.status, await locked.json()]).toEqual([
      402,
      expect.objectContaining({ code: "payment_required", resource: "r-1" }),
    ]);
    await post({ usage: "report", resource: "r-1" });

    expect(await (await route(request(), context("r-1"))).json()).toEqual(["r-1", "r-1"]);
    expect((await route(request(), context("r-2"))).status).toBe(402);
  });

  it("gives a counted use back when it throws or fails, and only then", async () => {
    const { server, post, key } = world();
    const headers = { "Ares-Charge": key(), "Idempotency-Key": "op-1" };
    await post({ usage: "image" }, { "Idempotency-Key": headers["Ares-Charge"] });
    const answers = [
      () => Promise.reject(new Error("the work failed")),
      () => new Response(null, { status: 503 }),
      () => new Response("served"),
    ];
    const route = server.withPaid(
      { usage: "image" },
      () => answers.shift()?.() ?? new Response("again"),
    );

    await expect(route(request(headers))).rejects.toThrow("the work failed");
    expect((await route(request({ ...headers, "Idempotency-Key": "op-2" }))).status).toBe(503);
    expect(await (await route(request({ ...headers, "Idempotency-Key": "op-3" }))).text()).toBe(
      "served",
    );
    expect((await route(request({ ...headers, "Idempotency-Key": "op-4" }))).status).toBe(402);
  });

  it("refuses an empty resource before its handler runs", async () => {
    const { server } = world();
    let runs = 0;
    const route = server.withPaid(
      { usage: "report", resource: () => " " },
      () => new Response(String(++runs)),
    );

    expect((await route(request())).status).toBe(400);
    expect(runs).toBe(0);
    expect(() => server.withPaid({ usage: "report", resource: "" }, () => new Response())).toThrow(
      "resource is empty",
    );
  });
});

describe("a route behind withCharge", () => {
  it("gets the route's further arguments, and so does its resource", async () => {
    const { server, key, ledger } = world();
    const route = server.withCharge(
      { usage: "report", resource: async (_, { params }: Context) => (await params).id },
      async (_request, _paid, { params }) => new Response((await params).id),
    );

    const answer = await route(request({ "Idempotency-Key": key() }, "POST"), context("r-7"));

    expect(await answer.text()).toBe("r-7");
    expect((await ledger.list({})).map(({ resource }) => resource)).toEqual(["r-7"]);
  });
});

describe("toResponse", () => {
  it("answers what the server's functions throw, in the kit's own format", async () => {
    const { server } = world();
    const refusal = await server
      .requirePaid(request(), { usage: "report", resource: "r" })
      .catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(AresError);

    const answer = server.toResponse(refusal);

    expect([answer.status, answer.headers.get("Content-Type")]).toEqual([
      402,
      "application/problem+json",
    ]);
    expect(await answer.json()).toMatchObject({
      code: "payment_required",
      usage: "report",
      credits: 3,
      resource: "r",
    });
  });

  it("throws any other error again: a redirect of the framework is none of its business", () => {
    const redirect = new Error("NEXT_REDIRECT");
    expect(() => world().server.toResponse(redirect)).toThrow(redirect);
  });
});

describe("the headers of a request, where a framework gives no request", () => {
  const page = (more: Record<string, string> = {}) =>
    headersOfNext({ host: "app.example", "x-forwarded-proto": "https", cookie: "s=1", ...more });
  const action = { origin: "https://app.example", "sec-fetch-site": "same-origin" };

  it("read the account and show a paid resource in a server component", async () => {
    const { server, post } = world();
    expect(await server.getUser(page())).toMatchObject({ credits: 100 });
    await expect(
      server.requirePaid(page(), { usage: "report", resource: "r" }),
    ).rejects.toMatchObject({ code: "payment_required" });
    await post({ usage: "report", resource: "r" });

    expect(await server.requirePaid(page(), { usage: "report", resource: "r" })).toMatchObject({
      charge: { resource: "r" },
    });
  });

  it("charge in a server action, once per key", async () => {
    const { server, ares, key } = world();
    const charge = { usage: "export-pdf", key: key() } as const;

    const receipts = [
      await server.charge(page(action), charge),
      await server.charge(page(action), charge),
    ];

    expect(new Set(receipts.map(({ id }) => id)).size).toBe(1);
    expect(ares.book).toHaveLength(1);
  });

  it("never charge during a render, and not for another site", async () => {
    const { server, ares, key } = world();
    const charge = { usage: "export-pdf", key: key() } as const;
    const navigation = { "sec-fetch-site": "same-origin", "sec-fetch-mode": "navigate" };

    for (const more of [{}, { authorization: "Basic dTpw" }, { authorization: "Bearer staging" }])
      await expect(server.charge(page({ ...navigation, ...more }), charge)).rejects.toMatchObject({
        code: "not_allowed",
      });
    await expect(server.charge(page(action), { usage: "export-pdf" })).rejects.toMatchObject({
      code: "invalid_request",
    });
    await expect(
      server.charge(page({ origin: "https://evil.example" }), charge),
    ).rejects.toMatchObject({ code: "origin_rejected" });
    expect(ares.calls).toEqual([]);
  });

  it("are the browser's: its key is no free ticket for work", async () => {
    const { server, ares, key, clock } = world();
    const charge = { usage: "export-pdf", key: key() } as const;
    let works = 0;
    for (let n = 0; n < 100; n++) {
      await server.charge(page(action), charge).then(
        () => works++,
        () => {},
      );
      clock.ms += 5 * 60_000;
    }
    expect([works, ares.book.length]).toEqual([6, 1]);
  });

  it("show a paid page that a link of another site opened", async () => {
    const { server, post } = world();
    await post({ usage: "report", resource: "r" });
    const followed = {
      "sec-fetch-site": "cross-site",
      "sec-fetch-mode": "navigate",
      "sec-fetch-dest": "document",
    };

    expect(
      await server.requirePaid(page(followed), { usage: "report", resource: "r" }),
    ).toMatchObject({ userId: "user-1" });
  });

  it("may name a host that is none", async () => {
    const { server } = world();
    expect(await server.getUser(page({ "x-forwarded-host": "a b" }))).toMatchObject({
      credits: 100,
    });
  });

  it("can't count a use", async () => {
    const { server } = world();
    for (const options of [
      { usage: "image" },
      { usage: "report", resource: "r", uses: 2 },
    ] as const)
      await expect(server.requirePaid(page(), options)).rejects.toMatchObject({ code: "internal" });
  });
});
