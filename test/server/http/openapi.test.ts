import { readFileSync, writeFileSync } from "node:fs";
import { Validator } from "@seriousme/openapi-schema-validator";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import * as z from "zod/mini";
import { codesOf, endpoint, openApi } from "../../../scripts/openapi";
import { memoryLedger, quoted } from "../../../src/server";
import { root } from "../../laws/sourceFiles";
import { json, world, worldOf } from "../world";
import { refusals } from "./refusals";

const file = `${root}docs/openapi.json`;

// `UPDATE_DOCS=1 npx vitest run test/server/http/openapi` writes the document again.
if (process.env.UPDATE_DOCS) writeFileSync(file, `${JSON.stringify(openApi(), null, 1)}\n`);

const text = readFileSync(file, "utf8");
const document = JSON.parse(text);
const operations: Record<string, { responses: Record<string, Response_> }> =
  document.paths[endpoint];
interface Response_ {
  headers?: Record<string, { $ref: string }>;
  content?: Record<string, unknown>;
}

/** A document is read once. */
const readers = new WeakMap<object, Ajv2020>();

/** A client has to pass over members that it does not know. Here a member that the document does not name is a fault. */
function readerOf(of: object): Ajv2020 {
  const strict = JSON.stringify(of).replaceAll(
    '"additionalProperties":{}',
    '"additionalProperties":false',
  );
  return new Ajv2020({ strict: false, allErrors: true }).addSchema(JSON.parse(strict), "document");
}

/** What is wrong with a value, by the schema at this place of a document. */
function faults(place: readonly string[], value: unknown, of: object = document): unknown {
  const ajv = readers.get(of) ?? readerOf(of);
  readers.set(of, ajv);
  const pointer = place.map((part) => part.replaceAll("~", "~0").replaceAll("/", "~1")).join("/");
  const isValid = ajv.compile({ $ref: `document#/${encodeURI(pointer)}` });
  return isValid(value) ? undefined : isValid.errors;
}

/** What is wrong with an answer of the handler, by the document. Undefined for an answer that stands in it. */
async function wrongWith(method: string, answer: Response, of = document): Promise<unknown> {
  const { status } = answer;
  const described: Response_ | undefined = of.paths[endpoint][method].responses[status];
  if (!described) return `no ${status} of ${method}`;
  const lacking = Object.entries(described.headers ?? {}).filter(([name, { $ref }]) => {
    const value = answer.headers.get(name);
    const [, ...place] = $ref.split("/");
    const { required } = of.components.headers[place.at(-1) ?? ""];
    return value === null ? required : faults([...place, "schema"], value, of);
  });
  if (lacking.length > 0) return lacking;
  const body = await answer.text();
  if (body === "") return described.content && "an empty body";
  const type = answer.headers.get("Content-Type") ?? "";
  if (!described.content?.[type]) return `no ${type} of ${method} ${status}`;
  const place = ["paths", endpoint, method, "responses", `${status}`, "content", type, "schema"];
  return faults(place, JSON.parse(body), of);
}

const charge = { usage: "export-pdf" };
const report = { usage: "report", resource: "r-1", credits: 3 };

/** How a GET comes to each of its codes. */
const refusedReads = {
  invalid_request: () => world().get("?usage=report"),
  idempotency_key_invalid: () => world().get("?charge=k"),
  not_signed_in() {
    const { session, get } = world();
    session.auth = null;
    return get();
  },
  not_connected() {
    const { session, get } = world();
    session.auth = { userId: "user-1", getAccessToken: async () => null };
    return get();
  },
  reconnect: () => world({ ares: { fetch: async () => json(401, { error: "Invalid" }) } }).get(),
  unknown_usage: () => world().get("?usage=not-for-sale&input=7"),
  async rate_limited() {
    const { get } = world({ rateLimit: { reads: 1 } });
    await get();
    return get();
  },
  internal() {
    const now = () => {
      throw new Error("no clock");
    };
    return world({ now }).get();
  },
  ledger_unavailable() {
    const ledger = { ...memoryLedger(), list: () => Promise.reject(new Error("down")) };
    return world({ ledger }).get("?charges=recent");
  },
  price_unavailable() {
    const broken = quoted({
      input: z.number(),
      credits: () => Promise.reject(new Error("no rates")),
    });
    return worldOf({ render: broken }).get("?usage=render&input=7");
  },
  ares_unreachable: () =>
    world({ ares: { fetch: () => Promise.reject(new Error("connect")) } }).get(),
  auth_unavailable: () => world({ auth: () => Promise.reject(new Error("down")) }).get(),
};

/** The browser's question before a call, from a page of an origin that is named and of one that is not. */
const preflight = (origin: string, cors: string[] = ["https://shop.example"]) =>
  world({ cors }).server.handler(
    new Request(`https://app.example${endpoint}`, {
      method: "OPTIONS",
      headers: { Origin: origin },
    }),
  );

describe("docs/openapi.json", () => {
  it("is what scripts/openapi.ts prints", () => {
    expect(document).toEqual(JSON.parse(JSON.stringify(openApi())));
  });

  it("is valid OpenAPI 3.1", async () => {
    expect(await new Validator().validate(structuredClone(document))).toMatchObject({
      valid: true,
    });
  });

  it("names the methods that the handler serves, and no other", async () => {
    const { handler, ...server } = world({ cors: ["https://shop.example"] }).server;
    const served: string[] = [];
    // The methods of an OpenAPI path, without TRACE, which no Request may have.
    for (const method of ["GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH"]) {
      const { status } = await handler(
        new Request(`https://app.example${endpoint}`, {
          method,
          headers: { Origin: "https://shop.example" },
        }),
      );
      if (status !== 405) served.push(method);
    }
    const routes = Object.keys(server).filter((name) => /^[A-Z]+$/.test(name));

    expect(
      Object.keys(operations)
        .map((method) => method.toUpperCase())
        .sort(),
    ).toEqual(served.sort());
    expect(routes.sort()).toEqual(served);
  });

  it("tells each code of each method with the status that the handler gives it", () => {
    const told = (method: string) =>
      Object.values(operations[method]?.responses ?? {}).flatMap((response) =>
        [...JSON.stringify(response).matchAll(/"enum":\[([^\]]*)\]/g)].flatMap(([, codes = ""]) =>
          codes.replaceAll('"', "").split(","),
        ),
      );
    const { method_not_allowed: _, ...posts } = refusals;

    expect(told("get").sort()).toEqual(Object.keys(refusedReads).sort());
    expect(told("post").sort()).toEqual(Object.keys(posts).sort());
    expect(told("options").sort()).toEqual([...codesOf.options].sort());
  });
});

describe("an answer of the handler stands in docs/openapi.json", () => {
  it.each(Object.entries(refusals).filter(([code]) => code !== "method_not_allowed"))(
    "POST, %s",
    async (_, { answer }) => {
      expect(await wrongWith("post", await answer())).toBeUndefined();
    },
  );

  it.each(Object.entries(refusedReads))("GET, %s", async (code, answer) => {
    const response = await answer();

    expect((await response.clone().json()).code).toBe(code);
    expect(await wrongWith("get", response)).toBeUndefined();
  });

  it.each([
    ["a page of the app's", "https://shop.example", 204],
    ["another page", "https://evil.example", 403],
    ["any page, without the option cors", "https://shop.example", 405, []],
  ] as const)("OPTIONS, for %s", async (_, origin, status, cors?: readonly []) => {
    const response = await preflight(origin, cors && [...cors]);

    expect(response.status).toBe(status);
    // A preflight is no answer of the contract: nobody reads its headers but the browser.
    if (status !== 204) expect(await wrongWith("options", response)).toBeUndefined();
    else expect(operations.options?.responses[status]?.content).toBeUndefined();
  });

  it("POST, charged, replayed, and with the balance that ARES told", async () => {
    const { ares, post, key } = world();
    const headers = { "Idempotency-Key": key() };
    const answers = [await post(report, headers), await post(report, headers)];
    ares.next(() => json(200, { message: "Success", user: { credits: 12.34 } }));
    answers.push(await post(charge));

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(answers.map((each) => each.headers.get("Idempotency-Replayed"))).toEqual([
      "false",
      "true",
      "false",
    ]);
    for (const answer of answers) expect(await wrongWith("post", answer)).toBeUndefined();
  });

  it("POST without a key, as the guide's button sends it: charged and refused", async () => {
    const { press, session } = world({ balance: 1 });
    const answers = [await press(charge), await press({ usage: "image" }), await press({})];
    session.auth = null;
    answers.push(await press(charge));

    expect(answers.map(({ status }) => status)).toEqual([200, 402, 400, 401]);
    for (const answer of answers) expect(await wrongWith("post", answer)).toBeUndefined();
  });

  it("GET, for each question that a page may ask", async () => {
    const { ares, post, get, key } = world();
    const headers = { "Idempotency-Key": key() };
    await post(report, headers);
    ares.next(() => json(500, {}));
    await post({ usage: "image" });
    const asked = [[headers["Idempotency-Key"]], ["report", "r-1", null], ["nothing", "r", null]];

    for (const query of [
      "",
      `?charge=${headers["Idempotency-Key"]}`,
      `?charge=${key()}`,
      "?usage=report&resource=r-1",
      "?usage=report&resource=absent",
      "?charges=recent",
      `?${new URLSearchParams({ lookups: JSON.stringify(asked) })}`,
    ]) {
      const answer = await get(query);
      expect(answer.status, query).toBe(200);
      expect(await wrongWith("get", answer), query).toBeUndefined();
    }
    const place = ["components", "schemas", "LookUp"];
    expect(asked.map((each) => faults(place, each))).toEqual([undefined, undefined, undefined]);
  });

  it("GET, for a price that depends on an input", async () => {
    const prices = { render: quoted({ input: z.number(), credits: (pages) => pages / 10 }) };
    const { get } = worldOf(prices);

    for (const query of ["", "?usage=render&input=7"]) {
      const answer = await get(query);
      expect(answer.status).toBe(200);
      expect(await wrongWith("get", answer)).toBeUndefined();
    }
  });

  it("of a server that pretends, which says so", async () => {
    const answer = await world({ pretend: true }).get();

    expect(answer.headers.get("Ares-Pretend")).toBe("1");
    expect(await wrongWith("get", answer)).toBeUndefined();
  });
});

describe("a request that docs/openapi.json refuses", () => {
  it.each([
    [{}],
    [{ usage: "" }],
    [{ usage: "a\nb" }],
    [{ usage: "report", resource: "" }],
    [{ usage: "report", resource: "a\u0000" }],
    [{ usage: "report", credits: -1 }],
    [{ usage: "report", owner: 7 }],
  ])("is refused by the handler as well: %j", async (body) => {
    expect(faults(["components", "schemas", "ChargeRequest"], body)).toBeDefined();
    expect((await world().post(body)).status).toBe(400);
  });

  it("is none that charges", async () => {
    for (const body of [charge, report, { ...charge, client_id: "client-1" }]) {
      expect(faults(["components", "schemas", "ChargeRequest"], body)).toBeUndefined();
      expect((await world().post(body)).status).toBe(200);
    }
  });
});

describe("a document that lies", () => {
  const changed = (change: (copy: typeof document) => void) => {
    const copy = structuredClone(document);
    change(copy);
    return copy;
  };

  it("is caught at a status, a code, a header and a member", async () => {
    const { schemas } = document.components;
    const noStatus = changed((copy) => delete copy.paths[endpoint].post.responses[402]);
    const otherStatus = changed(({ paths }) => {
      const { responses } = paths[endpoint].post;
      [responses[402], responses[403]] = [responses[403], responses[402]];
    });
    const otherHeader = changed((copy) => {
      copy.components.headers.Contract.schema.const = "2";
    });
    const otherMember = changed((copy) => {
      copy.components.schemas.Problem.properties.retryable = { type: "string" };
    });
    const unnamedMember = changed(
      (copy) => delete copy.components.schemas.Problem.properties.usage,
    );
    const short = refusals.insufficient_credits.answer;

    expect(schemas.Problem.properties.retryable).toEqual({ type: "boolean" });
    for (const lie of [noStatus, otherStatus, otherHeader, otherMember, unnamedMember])
      expect(await wrongWith("post", await short(), lie)).toBeDefined();
    expect(await wrongWith("post", await short())).toBeUndefined();
  });

  it.each([
    [
      "member",
      (copy: typeof document) => delete copy.paths[endpoint].get.responses[200].description,
    ],
    ["reference", (copy: typeof document) => delete copy.components.schemas.Charge],
  ])("is no valid OpenAPI without a needed %s", async (_, change) => {
    expect((await new Validator().validate(changed(change))).valid).toBe(false);
  });
});
