import { inspect } from "node:util";
import { trace } from "@opentelemetry/api";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { otel } from "../../src/otel";
import { AresError, type AresEvent, createAresServer, memoryLedger } from "../../src/server";
import { plain, registerSdk } from "../otel/tracing";
import { json, prices, world } from "./world";

const TOKEN = "canary-token-7f3a";
const FRESH = "canary-fresh-9b1c";
const EMAIL = "canary@example.test";
const BODY = "canary-upstream-body";
const THROWN = "canary-thrown";
const everySecret = /canary/i;

let sdk: ReturnType<typeof registerSdk>;
beforeEach(() => {
  sdk = registerSdk();
});
afterEach(() => {
  sdk.end();
  vi.restoreAllMocks();
});

/** Everything that an outsider, a log or an operator could see. */
function watched(options: Partial<Parameters<typeof world>[0]> = {}) {
  const seen: { where: string; text: string }[] = [];
  const see = (where: string, value: unknown) =>
    seen.push({
      where,
      text: `${JSON.stringify(value)} ${inspect(value, { depth: 20, showHidden: true })}`,
    });
  for (const method of ["log", "info", "warn", "error", "debug", "trace"] as const)
    vi.spyOn(console, method).mockImplementation((...args) => void see(`console.${method}`, args));
  vi.spyOn(process.stdout, "write").mockImplementation((text) => see("stdout", String(text)) > 0);
  vi.spyOn(process.stderr, "write").mockImplementation((text) => see("stderr", String(text)) > 0);

  const w = world({
    ...options,
    rateLimit: false,
    onEvent: (event: AresEvent) => see("event", event),
    telemetry: otel(),
  });
  w.session.auth = {
    userId: "user-1",
    getAccessToken: async (asked) => (asked?.refresh ? FRESH : TOKEN),
  };

  async function answered(where: string, response: Promise<Response>): Promise<string> {
    const { status, headers, text } = await response.then(async (r) => ({
      status: r.status,
      headers: [...r.headers],
      text: await r.text(),
    }));
    see(where, { status, headers, text });
    return text;
  }
  async function leaks(): Promise<string[]> {
    see("ledger", await w.ledger.list({ limit: 1_000 }));
    const spans = sdk.spans();
    for (const span of spans) see("span", plain(span, spans));
    see("metrics", await sdk.everyMetric());
    vi.restoreAllMocks();
    return seen
      .filter(({ text }) => everySecret.test(text))
      .map(({ where, text }) => `${where}: ${text.slice(0, 200)}`);
  }
  return { ...w, see, answered, leaks };
}

const replies: [string, (deduct: () => void) => Response | Promise<Response>][] = [
  [
    "charged, with a talkative body",
    (deduct) => {
      deduct();
      return json(200, {
        message: "Success",
        usage: { note: BODY, token: TOKEN },
        user: { email: EMAIL, credits: 1 },
      });
    },
  ],
  ["200 with an error", () => json(200, { error: `${BODY} ${TOKEN} ${EMAIL}` })],
  ["200 garbage", () => new Response(`<html>${BODY} ${EMAIL}`)],
  ["400", () => json(400, { error: `${BODY} ${EMAIL}` })],
  ["401", () => json(401, { error: `Invalid token ${TOKEN}` })],
  ["402", () => json(402, { error: `Insufficient credits of ${EMAIL}` })],
  ["403", () => json(403, { error: `${BODY} ${EMAIL}` })],
  ["429", () => json(429, { error: `${BODY} ${TOKEN}` }, { "Retry-After": BODY })],
  ["500", () => json(500, { error: `${BODY} ${EMAIL} ${TOKEN}` })],
  [
    "302",
    () =>
      new Response(null, {
        status: 302,
        headers: { Location: `https://evil.example/?t=${TOKEN}` },
      }),
  ],
  [
    "a thrown error",
    () =>
      Promise.reject(Object.assign(new Error(`${THROWN} ${TOKEN}`), { cause: new Error(EMAIL) })),
  ],
  [
    "a refused connection",
    () => Promise.reject(Object.assign(new Error(`${THROWN} ${TOKEN}`), { code: "ECONNREFUSED" })),
  ],
];

describe("a token, an e-mail, an upstream body, a thrown text", () => {
  it.each(replies)("show nowhere when ARES answers a charge with %s", async (_, reply) => {
    const { post, press, get, key, ares, server, see, answered, leaks } = watched();
    const k = key();

    ares.next(reply, reply);
    await answered("POST", post({ usage: "export-pdf" }, { "Idempotency-Key": k }));
    await answered("POST again", post({ usage: "export-pdf" }, { "Idempotency-Key": k }));
    await answered("GET ?charge", get(`?charge=${k}`));
    ares.next(reply, reply);
    await answered("press", press({ usage: "image" }));
    ares.next(reply, reply);
    await server
      .charge(new Request("https://app.example"), { usage: "report", resource: "r" })
      .then(
        (receipt) => see("receipt", receipt),
        (error: unknown) => see("thrown", error),
      );
    await server
      .requirePaid(new Request("https://app.example"), { usage: "day", resource: "d" })
      .catch((refusal) => see("refusal", refusal));

    expect(await leaks()).toEqual([]);
  });

  it("show only as the user's own e-mail in the user's own account", async () => {
    const { get, server, see, leaks } = watched();

    const { user, ...rest } = await (await get()).json();
    const { email: _, ...account } = await server.getUser(new Request("https://app.example"));
    see("GET", { ...rest, user: { ...user, email: "" } });
    see("getUser", account);

    expect(user.email).toBe(EMAIL);
    expect(await leaks()).toEqual([]);
  });

  it.each([
    ["auth rejects", { auth: () => Promise.reject(new Error(`${THROWN} ${TOKEN} ${EMAIL}`)) }],
    [
      "the token can't be read",
      {
        auth: async () => ({
          userId: "user-1",
          getAccessToken: () => Promise.reject(new Error(`${THROWN} ${TOKEN}`, { cause: EMAIL })),
        }),
      },
    ],
    [
      "auth throws at once",
      {
        auth: () => {
          throw new Error(`${THROWN} ${TOKEN}`);
        },
      },
    ],
    [
      "an id can't be made",
      {
        newId: () => {
          throw new Error(`${THROWN} ${TOKEN}`);
        },
      },
    ],
  ])("show nowhere when %s", async (_, options) => {
    const { post, press, get, server, see, answered, leaks } = watched(options);

    await answered("POST", post({ usage: "export-pdf" }));
    await answered("press", press({ usage: "export-pdf" }));
    await answered("GET", get("?usage=report&resource=r"));
    await server
      .charge(new Request("https://app.example"), { usage: "image" })
      .catch((error: unknown) => {
        // The app may get its own error back, but never dressed as an error of ours.
        if (error instanceof AresError) see("thrown", error);
      });

    expect(await leaks()).toEqual([]);
  });

  it("show in no answer and no event when the ledger throws them", async () => {
    const ledger = memoryLedger({ now: () => 1_800_000_000_000 });
    const { post, get, answered, leaks } = watched({
      ledger: {
        ...ledger,
        claim: () => Promise.reject(new Error(`${THROWN} postgres://user:${TOKEN}@host`)),
      },
    });

    await answered("POST", post({ usage: "export-pdf" }));
    await answered("GET", get(`?charge=1800000000000-${"a".repeat(16)}`));

    expect(await leaks()).toEqual([]);
  });

  it("would be found: a listener that logs a token is caught", async () => {
    const { see, answered, leaks } = watched();

    console.info("token", TOKEN);
    await answered("POST", Promise.resolve(json(200, { nested: { email: EMAIL } })));
    see("thrown", new Error("outer", { cause: new Error(THROWN) }));
    trace.getTracer("app").startSpan(TOKEN).end();

    expect((await leaks()).map((leak) => leak.split(":")[0])).toEqual([
      "console.info",
      "POST",
      "thrown",
      "span",
    ]);
  });

  it("stay out of errors at start-up", () => {
    const baseUrl = `http://${TOKEN}:${THROWN}@ares.example`;
    const start = () =>
      createAresServer({
        clientId: "c",
        prices,
        auth: async () => null,
        ledger: memoryLedger(),
        ares: { baseUrl },
      });

    expect(start).toThrow(
      expect.objectContaining({
        code: "invalid_request",
        message: expect.stringContaining("https"),
      }),
    );
    expect(() => start()).not.toThrow(everySecret);
  });
});
