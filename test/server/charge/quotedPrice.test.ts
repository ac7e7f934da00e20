import { afterEach, describe, expect, it, vi } from "vitest";
import { headersOfNext } from "../paid/headersOfNext";
import { quotedWorld } from "../quotedWorld";
import { json } from "../world";

const film = { usage: "render", resource: "film", input: { pages: 12 } };
const request = () =>
  new Request("https://app.example/work", {
    method: "POST",
    headers: { "Sec-Fetch-Site": "same-origin" },
  });
const quiet = { onError: () => {} };

afterEach(() => void vi.useRealTimers());

describe("a charge of a quoted usage", () => {
  it("takes the price that the server computes, without binary noise", async () => {
    const { post, ares, asked } = quotedWorld();

    const answer = await (await post(film)).json();

    expect(answer.charge).toMatchObject({
      status: "charged",
      usage: "render",
      resource: "film",
      credits: 1.2,
    });
    expect(ares.book).toMatchObject([{ usage: "render", credits: 1.2 }]);
    expect(asked).toEqual([
      { input: { pages: 12 }, userId: "user-1", url: "https://app.example/api/ares" },
    ]);
  });

  it("takes the shown price, or nothing and tells the new one", async () => {
    const { post, ares, knobs, codeOf, ask } = quotedWorld();
    const { credits } = (await ask(["render", undefined, film.input])).first;
    knobs.perPage = 0.2;

    const refused = await (await post({ ...film, credits })).json();

    expect(refused).toMatchObject({ code: "price_changed", usage: "render", credits: 2.4 });
    expect(ares.posts()).toBe(0);
    expect(await codeOf(post({ ...film, credits: 2.39 }))).toBe("price_changed");
    expect((await post({ ...film, credits: 2.4 })).status).toBe(200);
    expect(ares.book).toMatchObject([{ credits: 2.4 }]);
  });

  it("is one for each input of a resource, in any order of its members", async () => {
    const { post, ares } = quotedWorld();
    const replayed = async (input: unknown) =>
      (await post({ ...film, input })).headers.get("Idempotency-Replayed");

    expect(await replayed({ pages: 1, title: "a" })).toBe("false");
    expect(await replayed({ title: "a", pages: 1 })).toBe("true");
    expect(await replayed({ pages: 1.0, title: "a" })).toBe("true");
    expect(await replayed({ pages: 500, title: "a" })).toBe("false");
    expect(await replayed({ pages: 1, title: "A" })).toBe("false");
    expect(await replayed({ pages: 1 })).toBe("false");
    expect(ares.book.map(({ credits }) => credits)).toEqual([0.1, 50, 0.1, 0.1]);
  });

  it("keeps what was paid, also when the price changes, breaks, or the schema takes the input no more", async () => {
    const { post, key, knobs, clock, ares, ledger, prices } = quotedWorld(quiet);
    const k = key();
    await post({ usage: "render", input: { pages: 3 } }, { "Idempotency-Key": k });
    await post(film);
    knobs.before = () => Promise.reject(new Error("no rates"));

    const again = [
      await post(film),
      await post({ usage: "render", input: { pages: 3 } }, { "Idempotency-Key": k }),
    ];
    clock.ms += 25 * 60 * 60 * 1000;
    again.push(await post({ usage: "render", input: { pages: 3 } }, { "Idempotency-Key": k }));
    const stricter = quotedWorld({
      ledger,
      prices: { ...prices, render: { ...prices.render, input: prices.odd.input as never } },
    });
    again.push(await stricter.post(film));

    expect(again.map(({ headers }) => headers.get("Idempotency-Replayed"))).toEqual([
      "true",
      "true",
      "true",
      "true",
    ]);
    expect([ares.posts(), stricter.ares.posts()]).toEqual([2, 0]);
  });

  it("is renewed for each input alone, once the paid time is over", async () => {
    const { post, ares, clock, ask } = quotedWorld();
    for (const pages of [1, 2]) await post({ usage: "day", resource: "d", input: { pages } });
    clock.ms += 1_000;
    expect(
      (await post({ usage: "day", resource: "d", input: { pages: 2 } })).headers.get(
        "Idempotency-Replayed",
      ),
    ).toBe("false");

    const { answers } = await ask(["day", "d", { pages: 1 }], ["day", "d", { pages: 2 }]);

    expect(answers.map(({ charge }: { charge: { status: string } }) => charge.status)).toEqual([
      "absent",
      "charged",
    ]);
    expect(ares.book.map(({ credits }) => credits)).toEqual([1, 2, 2]);
  });

  it("counts in the spending cap at its computed price", async () => {
    const { post, codeOf, ares } = quotedWorld({ spendCap: { perDay: 2 } });

    expect((await post(film)).status).toBe(200);
    expect(await codeOf(post({ ...film, input: { pages: 9 } }))).toBe("rate_limited");
    expect((await post({ ...film, input: { pages: 8 } })).status).toBe(200);
    expect(ares.book.map(({ credits }) => credits)).toEqual([1.2, 0.8]);
  });

  it("can be made by server code, from a request or from headers", async () => {
    const { server, ares, key, asked } = quotedWorld();

    const receipt = await server.charge(request(), {
      usage: "render",
      resource: "film",
      input: { pages: 12 },
      credits: 1.2,
    });
    expect(receipt).toMatchObject({
      usage: "render",
      credits: 1.2,
      replayed: false,
      inputDigest: expect.any(String),
    });
    const headers = headersOfNext({
      origin: "https://app.example",
      host: "app.example",
      "x-forwarded-proto": "https",
    });
    await server.charge(headers, { usage: "render", input: { pages: 2 }, key: key() });
    await expect(
      server.charge(request(), { usage: "render", input: { pages: 12 }, credits: 1 }),
    ).rejects.toMatchObject({
      code: "price_changed",
    });
    await expect(server.charge(request(), { usage: "render" } as never)).rejects.toMatchObject({
      code: "invalid_request",
    });
    expect(ares.book.map(({ credits }) => credits)).toEqual([1.2, 0.2]);
    expect(asked.map(({ url }) => url)).toEqual([
      "https://app.example/work",
      "https://app.example/",
      "https://app.example/work",
    ]);
  });

  it("stands in the user's list, and another app on the same ledger does not list it", async () => {
    const { post, get, key, ledger } = quotedWorld();
    const other = quotedWorld({ clientId: "other", ledger });
    const k = key();
    await post({ usage: "render", input: { pages: 12 } }, { "Idempotency-Key": k });
    const charges = async (from: typeof get) =>
      (await (await from("?charges=recent")).json()).charges;

    expect(await charges(get)).toMatchObject([
      { status: "charged", usage: "render", credits: 1.2, key: k },
    ]);
    expect((await (await get(`?charge=${k}`)).json()).charge).toMatchObject({
      status: "charged",
      credits: 1.2,
    });
    expect(await charges(other.get)).toEqual([]);
    expect((await (await other.get(`?charge=${k}`)).json()).charge).toEqual({ status: "absent" });
  });
});

describe("one key with two inputs", () => {
  it.each([
    ["charged", () => json(200, { message: "Success" })],
    ["declined", () => json(402, { error: "Insufficient credits" })],
    ["unknown", () => json(500, {})],
  ])("is refused as reused, and takes nothing: %s", async (_, reply) => {
    for (const resource of [undefined, "film"]) {
      const { post, ares, key, codeOf } = quotedWorld();
      const headers = { "Idempotency-Key": key() };
      ares.next(reply);
      await post({ usage: "render", resource, input: { pages: 1 } }, headers);

      expect(
        await codeOf(post({ usage: "render", resource, input: { pages: 500 } }, headers)),
      ).toBe("idempotency_key_reused");
      expect(ares.posts()).toBe(1);
    }
  });

  it("sends at most one of both at the same instant", async () => {
    const { post, ares, key } = quotedWorld();
    const headers = { "Idempotency-Key": key() };

    const answers = await Promise.all(
      [1, 500].map((pages) => post({ usage: "render", input: { pages } }, headers)),
    );

    expect(ares.book).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });
});

describe("the longest input of a charge", () => {
  /** An input whose text has this many bytes. */
  const inputOf = (bytes: number, letter = "x") => {
    const room = bytes - JSON.stringify({ pages: 1, title: "" }).length;
    return { pages: 1, title: letter.repeat(room / new TextEncoder().encode(letter).length) };
  };

  it.each([
    ["x", 2_048, 2_049],
    ["ü", 2_048, 2_050],
  ])("is 2 KiB of %s: %i bytes are charged, %i are refused", async (letter, fits, over) => {
    const { post, ares, codeOf } = quotedWorld(quiet);
    const sent = [fits, over].map((bytes) => inputOf(bytes, letter));
    expect(sent.map((input) => new TextEncoder().encode(JSON.stringify(input)).length)).toEqual([
      fits,
      over,
    ]);

    expect((await post({ usage: "render", input: sent[0] })).status).toBe(200);
    expect(await codeOf(post({ usage: "render", input: sent[1] }))).toBe("invalid_request");
    expect(ares.book).toHaveLength(1);
  });
});

describe("an input that can't be charged is refused, and nothing is written", () => {
  const deep = JSON.parse(`${"[".repeat(40)}${"]".repeat(40)}`);
  it.each([
    ["no input for a quoted usage", { usage: "render" }, "invalid_request"],
    [
      "an input for a constant price",
      { usage: "export-pdf", input: { pages: 1 } },
      "invalid_request",
    ],
    ["null for a constant price", { usage: "export-pdf", input: null }, "invalid_request"],
    [
      "an input that the schema refuses",
      { usage: "render", input: { pages: "12" } },
      "invalid_request",
    ],
    [
      "an input of more than 2 KiB",
      { usage: "render", input: { pages: 1, title: "x".repeat(2_048) } },
      "invalid_request",
    ],
    [
      "an input of more than 2 KiB in UTF-8",
      { usage: "render", input: { pages: 1, title: "ü".repeat(1_024) } },
      "invalid_request",
    ],
    ["an input of 40 levels", { usage: "odd", input: deep }, "invalid_request"],
    ["an infinite number", '{"usage":"odd","input":{"pages":1e999}}', "invalid_request"],
    [
      "a prototype",
      '{"usage":"odd","input":{"__proto__":{"pages":1},"pages":1}}',
      "invalid_request",
    ],
    ["an unknown usage", { usage: "nothing", input: { pages: 1 } }, "unknown_usage"],
    ["a price below 0", { usage: "odd", input: -0.01 }, "invalid_request"],
    ["a price over the highest", { usage: "odd", input: 50.01 }, "invalid_request"],
    ["a price that is a text", { usage: "odd", input: "1" }, "invalid_request"],
    ["a price that is nothing", { usage: "odd", input: null }, "invalid_request"],
    ["a price that is a list", { usage: "odd", input: [1] }, "invalid_request"],
  ])("%s", async (_, body, code) => {
    const { post, ares, ledger, codeOf } = quotedWorld(quiet);

    expect(await codeOf(post(body))).toBe(code);
    expect(ares.calls).toEqual([]);
    expect(await ledger.list({})).toEqual([]);
  });

  it("a price that is NaN or infinite, and the app hears of it", async () => {
    const onError = vi.fn();
    const { post, knobs, codeOf, ledger } = quotedWorld({ onError });
    for (const perPage of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      knobs.perPage = perPage;
      expect(await codeOf(post(film))).toBe("invalid_request");
    }
    expect(onError.mock.calls.map(([error]) => error.message)).toEqual([
      expect.stringContaining("NaN"),
      expect.stringContaining("Infinity"),
      expect.stringContaining("-Infinity"),
    ]);
    expect(await ledger.list({})).toEqual([]);
  });
});

describe("a price function that fails", () => {
  it.each([
    ["throws", () => Promise.reject(new Error("no rates"))],
    [
      "throws an error of the kit that would say more",
      () =>
        Promise.reject(Object.assign(new Error(), { name: "AresError", code: "outcome_unknown" })),
    ],
  ])("charges nothing when it %s, and the same key charges once it works", async (_, before) => {
    const onError = vi.fn();
    const { post, key, knobs, ares, ledger } = quotedWorld({ onError });
    const headers = { "Idempotency-Key": key() };
    knobs.before = before;

    const response = await post(film, headers);

    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({
      code: "price_unavailable",
      retryable: true,
      message: expect.stringContaining("charged nothing"),
    });
    expect(onError).toHaveBeenCalledOnce();
    expect([ares.calls, await ledger.list({})]).toEqual([[], []]);
    delete knobs.before;
    expect((await post(film, headers)).status).toBe(200);
  });

  it("charges nothing when it takes more than 5 seconds", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const { post, knobs, ares, ledger, asked, codeOf } = quotedWorld(quiet);
    knobs.before = () => new Promise(() => {});

    const code = codeOf(post(film));
    await vi.waitUntil(() => asked.length === 1);
    await vi.advanceTimersByTimeAsync(5_000);

    expect(await code).toBe("price_unavailable");
    expect([ares.calls, await ledger.list({})]).toEqual([[], []]);
  });

  it("and a schema that throws charge nothing", async () => {
    const { prices } = quotedWorld();
    const input = {
      "~standard": {
        version: 1 as const,
        vendor: "own",
        validate() {
          throw new Error("no schema");
        },
      },
    };
    const { post, ledger, codeOf } = quotedWorld({
      ...quiet,
      prices: { ...prices, render: { ...prices.render, input: input as never } },
    });

    expect(await codeOf(post(film))).toBe("price_unavailable");
    expect(await ledger.list({})).toEqual([]);
  });

  it("and a schema that changes its input, change neither row nor key", async () => {
    const { prices, ares, ledger, key, ...w } = quotedWorld();
    const input = {
      "~standard": {
        version: 1 as const,
        vendor: "own",
        async validate(value: unknown) {
          const given: { pages: number } = Object(value);
          given.pages *= 2;
          return { value: given };
        },
      },
    };
    const { post, ask } = quotedWorld({
      ledger,
      prices: { ...prices, render: { ...prices.render, input: input as never } },
    });
    const headers = { "Idempotency-Key": key() };

    const answers = [await post(film, headers), await post(film, headers), await w.post(film)];

    expect(answers.map(({ headers: told }) => told.get("Idempotency-Replayed"))).toEqual([
      "false",
      "true",
      "true",
    ]);
    expect((await ask(["render", "film", film.input])).first).toMatchObject({
      charge: { credits: 2.4 },
      credits: 2.4,
    });
  });
});

describe("a price of 0", () => {
  const free = { usage: "render", resource: "film", input: { pages: 0 }, credits: 0 };

  it("writes a charged row, replays it, and sends nothing to ARES", async () => {
    const { post, key, ares, server, ledger, events } = quotedWorld({ evidence: "balance" });
    const headers = { "Idempotency-Key": key() };

    const answers = [await post(free, headers), await post(free, headers), await post(free)];

    expect(
      answers.map(({ status, headers: told }) => [status, told.get("Idempotency-Replayed")]),
    ).toEqual([
      [200, "false"],
      [200, "true"],
      [200, "true"],
    ]);
    expect(await answers[0]?.json()).toMatchObject({
      charge: { status: "charged", credits: 0 },
      usage: { credits: 0 },
    });
    expect(ares.calls).toEqual([]);
    expect(await ledger.list({})).toMatchObject([{ status: "charged", hundredths: 0 }]);
    expect(events.map(({ type }) => type)).toEqual(["charged", "replayed", "replayed"]);
    const paid = await server.requirePaid(request(), {
      usage: "render",
      resource: "film",
      input: { pages: 0 },
    });
    expect(paid.charge).toMatchObject({ credits: 0 });
  });

  it("that was shown is not taken for another price, and the other way round", async () => {
    const { post, codeOf, ares } = quotedWorld();

    expect(await codeOf(post({ ...free, input: { pages: 1 } }))).toBe("price_changed");
    expect(await codeOf(post({ ...free, credits: 0.01 }))).toBe("price_changed");
    expect(ares.calls).toEqual([]);
  });

  it("whose sender was lost is charged by reconcile: nothing was sent", async () => {
    const w = quotedWorld();
    const { ledger } = w;
    const settle = ledger.settle;
    ledger.settle = () => new Promise(() => {});
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    void w.post(free);
    await vi.waitUntil(async () => (await ledger.list({ status: "sending" })).length === 1);
    vi.useRealTimers();
    ledger.settle = settle;
    w.clock.ms += 60_000;

    expect(await w.server.reconcile({ apply: true })).toMatchObject([
      { proposal: "charged", applied: true, credits: 0 },
    ]);
    expect((await w.post(free)).headers.get("Idempotency-Replayed")).toBe("true");
    expect(w.ares.calls).toEqual([]);
  });
});

describe("a press of the guide's button for a quoted usage", () => {
  it.each([
    ["without an input", {}],
    ["with an input", { input: { pages: 1 } }],
  ])("is refused %s, and takes nothing", async (_, more) => {
    const { press, ares, ledger } = quotedWorld();

    const response = await press({ usage: "render", credits: 0.1, client_id: "client-1", ...more });

    expect([response.status, (await response.json()).code]).toEqual([400, "invalid_request"]);
    expect([ares.calls, await ledger.list({})]).toEqual([[], []]);
  });
});
