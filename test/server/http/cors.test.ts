import { describe, expect, it } from "vitest";
import { isAresError } from "../../../src/contract";
import { json, world } from "../world";

const shop = "https://shop.example";
const lookAlikes = [
  "null",
  "https://shop.example.evil.test",
  "https://evil.test?https://shop.example",
  "https://xshop.example",
  "http://shop.example",
  "https://shop.example:8443",
  "https://SHOP.example",
  "https://shop.example/",
  "https://shop.example, https://evil.test",
  "https://a.shop.example",
  "*",
  "",
];

const open = () => world({ cors: [shop] });

/** The headers by which a browser decides who may read an answer. */
function said({ headers }: Response) {
  const exposed = (headers.get("Access-Control-Expose-Headers") ?? "").split(", ").filter(Boolean);
  return {
    origin: headers.get("Access-Control-Allow-Origin"),
    credentials: headers.get("Access-Control-Allow-Credentials"),
    exposed,
    varies: /(^|, )Origin(,|$)/.test(headers.get("Vary") ?? ""),
  };
}

const letIn = {
  origin: shop,
  credentials: "true",
  exposed: ["Ares-Contract", "Ares-Pretend", "Idempotency-Replayed", "Retry-After"],
  varies: true,
};
const shutOut = { origin: null, credentials: null, exposed: [], varies: true };

function preflight(
  origin: string | null,
  asked = "content-type,idempotency-key,authorization",
): Request {
  const headers = new Headers({
    "Access-Control-Request-Method": "POST",
    "Access-Control-Request-Headers": asked,
    "Sec-Fetch-Site": "cross-site",
    "Sec-Fetch-Mode": "cors",
  });
  if (origin !== null) headers.set("Origin", origin);
  return new Request("https://app.example/api/ares", { method: "OPTIONS", headers });
}

const fromShop = { Origin: shop, "Sec-Fetch-Site": "cross-site" };

describe("a page of an origin that is named in cors", () => {
  it("reads the balance and charges, and may read each answer with its headers", async () => {
    const { get, post, ares } = open();
    const balance = await get("", fromShop);
    const charged = await post({ usage: "export-pdf" }, fromShop);

    expect([balance.status, charged.status, ares.book.length]).toEqual([200, 200, 1]);
    expect([said(balance), said(charged)]).toEqual([letIn, letIn]);
    expect(charged.headers.get("Cache-Control")).toBe("private, no-store");
    expect(charged.headers.get("Vary")).toContain("Authorization");
  });

  it("has its preflight answered without a body, with the kit's own headers and no other", async () => {
    const { server, ares, ledger } = open();
    for (const asked of [
      "content-type,idempotency-key,authorization,ares-charge,ares-credits",
      "x-forbidden",
    ]) {
      const answered = await server.OPTIONS(preflight(shop, asked));

      expect([answered.status, await answered.text()]).toEqual([204, ""]);
      expect(said(answered)).toEqual(letIn);
      expect(answered.headers.get("Access-Control-Allow-Headers")).toBe(
        "Content-Type, Authorization, Idempotency-Key, Ares-Charge, Ares-Credits",
      );
      expect(answered.headers.get("Access-Control-Allow-Methods")).toContain("POST");
    }
    expect([ares.calls, await ledger.list({})]).toEqual([[], []]);
  });

  it("may read refusals too: 400, 401, 402, 405, 409, 415, 422, 429 and 503", async () => {
    const { get, post, session, server } = world({
      cors: [shop],
      balance: 0,
      rateLimit: { charges: 3, reads: 100 },
    });
    const put = new Request("https://app.example/api/ares", { method: "PUT", headers: fromShop });
    const refused = [
      await post("{", fromShop),
      await post({ usage: "export-pdf" }, fromShop),
      await server.handler(put),
      await post({ usage: "export-pdf", owner: "x" }, fromShop),
      await post({ usage: "export-pdf" }, { ...fromShop, "Content-Type": "text/plain" }),
      await post({ usage: "no-such" }, fromShop),
    ];
    for (const usage of ["image", "report", "day", "mite"])
      refused.push(await post({ usage }, fromShop));
    session.auth = null;
    refused.push(await get("", fromShop));
    refused.push(
      await world({
        cors: [shop],
        auth: () => Promise.reject(new Error("down")),
        onError: () => {},
      }).get("", fromShop),
    );

    expect(new Set(refused.map(({ status }) => status))).toEqual(
      new Set([400, 401, 402, 405, 409, 415, 422, 429, 503]),
    );
    expect(refused.map(said)).toEqual(refused.map(() => letIn));
  });

  it("may read what a paid route answers, refusals and answers that can't be changed included", async () => {
    const { server, key } = open();
    const asked = (method: string, origin = shop) =>
      new Request("https://app.example/api/export", {
        method,
        headers: { Origin: origin, "Sec-Fetch-Site": "cross-site", "Idempotency-Key": key() },
      });
    const pdf = server.withCharge({ usage: "export-pdf" }, () =>
      json(200, {}, { "Access-Control-Expose-Headers": "Content-Disposition", Vary: "Accept" }),
    );
    const moved = server.withCharge({ usage: "export-pdf" }, () =>
      Response.redirect("https://cdn.example/file"),
    );
    const report = server.withPaid(
      { usage: "report", resource: "r-1" },
      () => new Response("the report"),
    );

    const served = await pdf(asked("POST"));
    expect(said(served)).toEqual({ ...letIn, exposed: ["Content-Disposition", ...letIn.exposed] });
    expect(served.headers.get("Vary")).toBe("Accept, Cookie, Authorization, Origin");
    const redirected = await moved(asked("POST"));
    expect([redirected.status, redirected.headers.get("Location")]).toEqual([
      302,
      "https://cdn.example/file",
    ]);
    expect(said(redirected)).toEqual(letIn);
    expect(
      said(
        await pdf(
          new Request("https://app.example/api/export", { method: "POST", headers: fromShop }),
        ),
      ),
    ).toEqual(letIn);
    expect(said(await report(asked("GET")))).toEqual(letIn);
    expect([(await pdf(asked("OPTIONS"))).status, (await report(asked("OPTIONS"))).status]).toEqual(
      [204, 204],
    );
    const foreign = await pdf(asked("POST", "https://evil.test"));
    expect([foreign.status, said(foreign)]).toEqual([403, shutOut]);
  });
});

describe("an app's own answer that passes through cors", () => {
  const asked = (key: string) =>
    new Request("https://app.example/api/export", {
      method: "POST",
      headers: { ...fromShop, "Idempotency-Key": key },
    });

  it("gains each header once, also when one answer serves many requests", async () => {
    const { server, key } = open();
    const done = new Response(null, { status: 204, headers: { Vary: "Accept" } });
    const pdf = server.withCharge({ usage: "export-pdf" }, () => done);
    for (const answer of [await pdf(asked(key())), await pdf(asked(key()))]) {
      expect(said(answer)).toEqual(letIn);
      expect(answer.headers.get("Vary")).toBe("Accept, Cookie, Authorization, Origin");
    }
  });
});

describe("an origin that is not named in cors", () => {
  it.each([...lookAlikes, null])(
    "%s charges nothing, may read nothing, and has its preflight refused",
    async (origin) => {
      const { server, post, get, ares, ledger } = open();
      const sent: Record<string, string> = {
        "Sec-Fetch-Site": "cross-site",
        ...(origin !== null && { Origin: origin }),
      };

      const refused = await post({ usage: "export-pdf" }, sent);
      expect([refused.status, (await refused.json()).code]).toEqual([403, "origin_rejected"]);
      expect(said(refused)).toEqual(shutOut);
      expect(said(await get("", sent))).toEqual(shutOut);
      const flight = await server.handler(preflight(origin));
      expect([flight.status, said(flight)]).toEqual([403, shutOut]);
      expect((await flight.json()).message).toContain("cors");
      expect([ares.posts(), await ledger.list({})]).toEqual([0, []]);
    },
  );

  it("charges nothing by server code either", async () => {
    const { server, ares } = open();
    const visit = (origin: string) =>
      new Request("https://app.example/x", {
        method: "POST",
        headers: { Origin: origin, "Sec-Fetch-Site": "cross-site" },
      });
    const told = await server
      .charge(visit("https://shop.example.evil.test"), { usage: "image" })
      .catch((error: unknown) => error);

    expect([isAresError(told) && told.code, ares.posts()]).toEqual(["origin_rejected", 0]);
    expect((await server.charge(visit(shop), { usage: "image" })).credits).toBe(4);
  });
});

describe("pages of the endpoint's own origin", () => {
  it.each([{ "Sec-Fetch-Site": "same-origin" }, { Origin: "https://app.example" }])(
    "charge beside cors: %j",
    async (headers) => {
      const { server, key } = open();
      const charged = await server.POST(
        new Request("https://app.example/api/ares", {
          method: "POST",
          body: JSON.stringify({ usage: "export-pdf" }),
          headers: { "Content-Type": "application/json", "Idempotency-Key": key(), ...headers },
        }),
      );
      expect([charged.status, said(charged)]).toEqual([200, shutOut]);
    },
  );
});

describe("a server without cors", () => {
  it("refuses a preflight, and says which option is missing", async () => {
    const { server } = world();
    const refused = await server.OPTIONS(preflight(shop));
    const { code, message } = await refused.json();

    expect([refused.status, code]).toEqual([405, "method_not_allowed"]);
    expect(message).toContain("cors");
    expect([
      refused.headers.get("Access-Control-Allow-Origin"),
      refused.headers.get("Vary"),
    ]).toEqual([null, "Cookie, Authorization"]);
  });

  it("names the option to a POST that an allowed preflight of another layer let through", async () => {
    const { post } = world();
    const { code, message } = await (await post({ usage: "export-pdf" }, fromShop)).json();
    expect([code, message]).toEqual(["origin_rejected", expect.stringContaining("cors")]);
  });
});

describe("cors that can't work", () => {
  it.each([
    "*",
    "null",
    "https://*.shop.example",
    "https://shop.example/",
    "shop.example",
    "HTTPS://shop.example",
    "",
  ])("%s stops the start", (origin) => {
    expect(() => world({ cors: [origin] })).toThrow(/cors/);
  });
});

describe("a request of another framework", () => {
  it("is refused in words with cors too", async () => {
    const { server } = open();
    const refused = await Reflect.apply(server.handler, undefined, [
      { method: "POST", headers: {}, url: "/api/ares" },
    ]);
    expect((await refused.json()).message).toContain("Convert the framework's request first");
  });
});
