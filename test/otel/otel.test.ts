import { readFileSync } from "node:fs";
import { inspect } from "node:util";
import { SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { otel } from "../../src/otel";
import { createAresServer, memoryLedger } from "../../src/server";
import { pretend } from "../../src/testing";
import { root } from "../laws/sourceFiles";
import { json, world } from "../server/world";
import { plain, registerSdk } from "./tracing";

let sdk: ReturnType<typeof registerSdk>;
beforeEach(() => {
  sdk = registerSdk();
});
afterEach(() => sdk.end());

const TRACE = "0af7651916cd43dd8448eb211c80319c";
const traceparent = `00-${TRACE}-b7ad6b7169203331-01`;

const told = () => {
  const spans = sdk.spans();
  return spans.map((span) => plain(span, spans));
};
/** Each span's name, and the name of the span above it. */
const tree = () => told().map(({ name, under }) => [name, under]);
const traces = () => new Set(told().map((span) => span.trace));

function traced(options: Parameters<typeof world>[0] = {}) {
  return world({ telemetry: otel(), onError: () => {}, ...options });
}

/** A call of the app's own endpoint, whose work is charged. */
function call(key: string, headers: Record<string, string> = {}) {
  return new Request("https://app.example/api/draw", {
    method: "POST",
    body: "{}",
    headers: {
      "Content-Type": "application/json",
      "Sec-Fetch-Site": "same-origin",
      "Idempotency-Key": key,
      ...headers,
    },
  });
}

const CHARGE = [
  ["ares.authenticate", "ares.charge"],
  ["ares.ledger.claim", "ares.charge"],
  ["ares.ledger.begin", "ares.charge"],
  ["POST /v1/partner/usage", "ares.charge"],
  ["ares.ledger.settle", "ares.charge"],
];

describe("one charge", () => {
  it.each<[string, (w: ReturnType<typeof traced>) => Promise<unknown>, string[][]]>([
    ["at the endpoint", ({ post }) => post({ usage: "image" }), []],
    ["in server code", ({ server, key }) => server.charge(call(key()), { usage: "image" }), []],
    [
      "around a route",
      async ({ server, key }) => {
        const answer = await server.withCharge({ usage: "image" }, () => json(200, {}))(
          call(key(), { traceparent }),
        );
        await answer.text();
      },
      [["ares.ledger.redeem", "ares.charge"]],
    ],
  ])("%s is one trace", async (_, charge, more) => {
    await charge(traced());

    expect(tree().slice(0, CHARGE.length)).toEqual(CHARGE);
    expect(tree()).toEqual(expect.arrayContaining([["ares.charge", undefined], ...more]));
    expect(traces().size).toBe(1);
  });

  it("stands under the active span", async () => {
    const { post } = traced();

    await trace.getTracer("app").startActiveSpan("POST /api/ares", async (span) => {
      await post({ usage: "image" }, { traceparent });
      span.end();
    });

    expect(tree()).toContainEqual(["ares.charge", "POST /api/ares"]);
    expect([...traces()]).not.toContain(TRACE);
    expect(traces().size).toBe(1);
  });

  it("stands under the request's traceparent, where no span is active", async () => {
    const { post, get } = traced();

    await post({ usage: "image" }, { traceparent });
    await get("", { traceparent });

    expect([...traces()]).toEqual([TRACE]);
    expect(tree()).toEqual(
      expect.arrayContaining([
        ["ares.charge", undefined],
        ["GET /v1/user", undefined],
      ]),
    );
  });

  it("names the row, the usage and the credits, and whether it was paid before", async () => {
    const { post, key, ledger } = traced();
    const headers = { "Idempotency-Key": key() };

    await post({ usage: "image" }, headers);
    await post({ usage: "image" }, headers);

    const [row] = await ledger.list({});
    const charges = told().filter(({ name }) => name === "ares.charge");
    expect(charges.map(({ attributes }) => attributes)).toEqual([
      {
        "ares.charge.id": row?.id,
        "ares.usage": "image",
        "ares.credits": 4,
        "ares.replayed": false,
      },
      {
        "ares.charge.id": row?.id,
        "ares.usage": "image",
        "ares.credits": 4,
        "ares.replayed": true,
      },
    ]);
  });

  it("keeps its trace when the ledger stores the outcome after the answer", async () => {
    let failures = 1;
    const ledger = memoryLedger();
    const { settle } = ledger;
    ledger.settle = async (...args) => {
      if (failures-- > 0) throw new TypeError("no connection");
      return settle(...args);
    };
    const { post } = traced({ ledger, now: Date.now });
    await new Promise((done) => setTimeout(done));
    const mintedLater = `${Date.now() + 3_000}-${"a".repeat(16)}`;

    await post({ usage: "image" }, { "Idempotency-Key": mintedLater });

    const settles = () => told().filter(({ name }) => name === "ares.ledger.settle");
    await expect.poll(() => settles().length).toBe(2);
    expect(settles().map(({ attributes }) => attributes["error.type"])).toEqual([
      "TypeError",
      undefined,
    ]);
    expect(traces().size).toBe(1);
  });
});

describe("a call of ARES", () => {
  it("is a client's span as OpenTelemetry names it", async () => {
    await traced().post({ usage: "image" });

    expect(told().find(({ kind }) => kind === SpanKind.CLIENT)).toMatchObject({
      name: "POST /v1/partner/usage",
      attributes: {
        "http.request.method": "POST",
        "http.response.status_code": 200,
        "server.address": "oauth.joinares.com",
        "server.port": 443,
        "url.full": "https://oauth.joinares.com/v1/partner/usage",
        "url.template": "/v1/partner/usage",
      },
      status: { code: SpanStatusCode.UNSET },
    });
  });

  it.each<[string, string, () => Response | Promise<Response>]>([
    ["an answer of 402", "402", () => json(402, {})],
    ["an answer of 500", "500", () => json(500, {})],
    ["no answer", "lost", () => Promise.reject(new TypeError("fetch failed"))],
    [
      "no connection",
      "not_sent",
      () => Promise.reject(Object.assign(new Error(), { code: "ECONNREFUSED" })),
    ],
  ])("with %s is an error of the type %s", async (_, errorType, reply) => {
    const { post, ares } = traced();
    ares.next(reply);

    await post({ usage: "image" });

    const span = told().find(({ kind }) => kind === SpanKind.CLIENT);
    expect(span?.attributes["error.type"]).toBe(errorType);
    expect(span?.status.code).toBe(SpanStatusCode.ERROR);
  });

  it("is none where the token can't be sent", async () => {
    const { post, session } = traced();
    session.auth = { userId: "user-1", getAccessToken: async () => "no\nheader" };

    await post({ usage: "image" });

    expect(told().filter(({ kind }) => kind === SpanKind.CLIENT)).toEqual([]);
  });
});

describe("an unconfirmed charge", () => {
  it("is found in the trace by the id of its row", async () => {
    const { post, ares, ledger } = traced();
    ares.next(() => json(500, {}));

    await post({ usage: "image" });

    const [row] = await ledger.list({ status: "unknown" });
    expect(told().find(({ name }) => name === "ares.charge")).toMatchObject({
      attributes: {
        "ares.charge.id": row?.id,
        "ares.usage": "image",
        "error.type": "outcome_unknown",
      },
      status: { code: SpanStatusCode.ERROR },
    });
  });

  it("is counted by each run of reconcile, with the age of the oldest", async () => {
    const { post, ares, clock, server, ledger } = traced();
    ares.next(
      () => json(500, {}),
      () => json(500, {}),
    );
    await post({ usage: "image" });
    clock.ms += 60_000;
    await post({ usage: "image" });
    clock.ms += 1_000;

    await server.reconcile();
    const before = [
      await sdk.points("ares.unknown.charges"),
      await sdk.points("ares.unknown.oldest_age"),
    ];
    for (const { id } of await ledger.list({ status: "unknown" }))
      await server.charges.resolve(id, "charged", "seen in ARES's books");
    await server.reconcile();
    const after = [
      await sdk.points("ares.unknown.charges"),
      await sdk.points("ares.unknown.oldest_age"),
    ];

    expect(before.flat().map(({ value }) => value)).toEqual([2, 61]);
    expect(after.flat().map(({ value }) => value)).toEqual([0, 0]);
  });
});

describe("the metrics", () => {
  it("count charges by outcome, credits that ARES took, and refusals by code", async () => {
    const { post, ares, session } = traced();
    await post({ usage: "image" });
    ares.next(() => json(402, {}));
    await post({ usage: "report", resource: "r-1" });
    await post({ usage: "image", credits: 9 });
    await post({ usage: "nothing-for-sale" });
    session.auth = null;
    await post({ usage: "image" });

    expect(await sdk.points("ares.charges")).toEqual([
      { attributes: { "ares.usage": "image", "ares.outcome": "charged" }, value: 1 },
      {
        attributes: {
          "ares.usage": "report",
          "ares.outcome": "declined",
          "error.type": "insufficient_credits",
        },
        value: 1,
      },
    ]);
    expect(await sdk.points("ares.credits")).toEqual([
      { attributes: { "ares.usage": "image" }, value: 4 },
    ]);
    expect(await sdk.points("ares.refusals")).toEqual(
      ["insufficient_credits", "price_changed", "unknown_usage", "not_signed_in"].map((code) => ({
        attributes: { "error.type": code },
        value: 1,
      })),
    );
  });

  it("measure the ledger and ARES in seconds", async () => {
    const { post } = traced();

    await post({ usage: "image" });

    const units = (await sdk.everyMetric()).map(({ name, unit }) => [name, unit]);
    expect(units).toEqual(
      expect.arrayContaining([
        ["ares.ledger.duration", "s"],
        ["ares.api.duration", "s"],
      ]),
    );
    const verbs = (await sdk.points("ares.ledger.duration")).map(
      ({ attributes }) => attributes["ares.ledger.verb"],
    );
    expect(verbs).toEqual(["claim", "begin", "settle"]);
    expect(await sdk.points("ares.api.duration")).toEqual([
      {
        attributes: {
          "http.request.method": "POST",
          "http.response.status_code": 200,
          "server.address": "oauth.joinares.com",
          "server.port": 443,
          "url.template": "/v1/partner/usage",
        },
        value: expect.objectContaining({ count: 1 }),
      },
    ]);
  });

  it("are kept where the SDK is registered after the server was made", async () => {
    sdk.end();
    const { post } = traced();
    sdk = registerSdk();

    await post({ usage: "image" });

    expect(await sdk.points("ares.charges")).toHaveLength(1);
    expect(tree()).toContainEqual(["ares.charge", undefined]);
  });
});

describe("a user, a key, a resource", () => {
  it("stand in no attribute, whatever becomes of the charge", async () => {
    const { post, get, server, ares, clock, session } = traced();
    session.auth = { userId: "canary-user", getAccessToken: async () => "canary-token" };
    const body = { usage: "report", resource: "canary-resource" } as const;
    const keyOf = (n: number) => `${clock.ms}-canary-canary-canary-${n}`;
    const canaryKey = keyOf(0);
    const headers = { "Idempotency-Key": canaryKey };

    for (const reply of [402, 401, 500, 429, 200]) {
      ares.next(() => json(reply, { error: "canary-body" }));
      await post(body, headers);
      await post({ usage: "image" }, { "Idempotency-Key": keyOf(reply) });
    }
    await post({ usage: "canary-usage" }, headers);
    await get(`?charge=${canaryKey}`);
    await get("?usage=report&resource=canary-resource");
    await server.requirePaid(call(canaryKey), body).catch(() => {});
    await server.reconcile({ apply: true });
    await server.charges.list({ userId: "canary-user" });

    const everything = inspect([told(), await sdk.everyMetric()], { depth: 20 });
    expect(told().length).toBeGreaterThan(40);
    expect(everything.match(/.*canary.*/gi)).toBeNull();
  });
});

describe("docs/operate/watch", () => {
  const page = readFileSync(`${root}docs/operate/watch.md`, "utf8");

  it("shows a server that is traced", async () => {
    const [, shown = ""] = /```js\n(import[\s\S]*?)```/.exec(page) ?? [];
    const code = shown.replace(/^import .*$/m, "").replace("export const ares =", "return");
    const names = ["createAresServer", "otel", "clientId", "prices", "auth", "ledger"];
    const { clientId, auth, ledger } = pretend();
    const values = [createAresServer, otel, clientId, { image: 4 }, auth, ledger];

    const ares = new Function(...names, code)(...values);
    await ares.getUser(new Request("https://app.example")).catch(() => {});

    expect(tree()).toContainEqual(["ares.authenticate", undefined]);
  });

  it("names each metric with its unit", async () => {
    const { post, server } = traced();
    await post({ usage: "image" });
    await post({ usage: "none" });
    await server.reconcile();

    const made = (await sdk.everyMetric()).map(({ name, unit }) => `${name} ${unit}`).sort();
    const told = [...page.matchAll(/^\| `(ares[\w.]+)` \| `([^`]+)` \|/gm)];
    expect(told.map(([, name, unit]) => `${name} ${unit}`).sort()).toEqual(made);
  });

  it("draws the trace of a charge", async () => {
    await traced().post({ usage: "image" });

    const [, drawn = ""] = /```\n(POST \/api[\s\S]*?)```/.exec(page) ?? [];
    const shown = drawn.match(/(?<=[└├] )(POST \S+|[\w.]+)/g);
    expect([...(shown ?? [])].sort()).toEqual(
      told()
        .map(({ name }) => name)
        .sort(),
    );
  });
});
