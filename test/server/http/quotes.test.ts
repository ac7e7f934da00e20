import { describe, expect, it, vi } from "vitest";
import { LookUpsAnswer, UserAnswer } from "../../../src/contract";
import { quotedWorld } from "../quotedWorld";

const film = { usage: "render", resource: "film", input: { pages: 12 } };
const quiet = { onError: () => {} };

describe("a GET that asks for a price", () => {
  it("tells the price of each input, and the state of a resource beside it", async () => {
    const { ask, post, asked, ares } = quotedWorld();
    await post(film);
    asked.length = 0;

    const { body, status } = await ask(
      ["render", undefined, { pages: 3 }],
      ["render", "film", { pages: 12 }],
      ["render", "film", { pages: 500 }],
      ["export-pdf", "e-1"],
    );

    expect(status).toBe(200);
    expect(LookUpsAnswer.parse(body).answers).toEqual([
      { usage: "render", credits: 0.3 },
      {
        usage: "render",
        resource: "film",
        credits: 1.2,
        charge: expect.objectContaining({ status: "charged", credits: 1.2 }),
      },
      { usage: "render", resource: "film", credits: 50, charge: { status: "absent" } },
      { usage: "export-pdf", resource: "e-1", charge: { status: "absent" } },
    ]);
    expect(body.charge).toBeUndefined();
    expect(asked).toHaveLength(3);
    expect(ares.posts()).toBe(1);
  });

  it("needs no resource, and says nothing at the top to pages that ask for charges", async () => {
    const { ask } = quotedWorld();

    const { body } = await ask(["render", undefined, { pages: 12 }]);

    expect(body).toMatchObject({
      message: "Success",
      answers: [{ usage: "render", credits: 1.2 }],
    });
    expect("charge" in body).toBe(false);
  });

  it.each([
    ["an input that the schema refuses", ["render", undefined, { pages: "12" }], "invalid_request"],
    ["no input for a quoted usage", ["render", "film"], "invalid_request"],
    ["an input for a constant price", ["export-pdf", "e", { pages: 1 }], "invalid_request"],
    ["an input that is no JSON", ["render", undefined, "{pages"], "invalid_request"],
    ["an empty input", ["render", undefined, ""], "invalid_request"],
    [
      "an input of 513 bytes",
      ["render", undefined, { pages: 1, title: "x".repeat(491) }],
      "invalid_request",
    ],
    [
      "an input of 513 bytes in UTF-8",
      ["render", undefined, `{"pages":1,"title":"${"ü".repeat(245)}x"}`],
      "invalid_request",
    ],
    ["a price over the highest", ["odd", undefined, 51], "invalid_request"],
    ["an unknown usage", ["nothing", undefined, 1], "unknown_usage"],
  ] as const)(
    "alone is refused for %s; among others the others are answered",
    async (_, pair, code) => {
      const { ask, askAlone } = quotedWorld(quiet);

      const alone = await askAlone(pair);
      const { status, answers } = await ask(["render", undefined, { pages: 1 }], pair, [
        "export-pdf",
        "e",
      ]);

      expect([alone.status, alone.body.code]).toEqual([code === "unknown_usage" ? 422 : 400, code]);
      expect(status).toBe(200);
      expect(answers).toEqual([
        { usage: "render", credits: 0.1 },
        expect.objectContaining({ code, message: expect.any(String) }),
        { usage: "export-pdf", resource: "e", charge: { status: "absent" } },
      ]);
    },
  );

  it("takes an input of 512 bytes", async () => {
    const input = `{"pages":1,"title":"${"ü".repeat(245)}"}`;
    expect(new TextEncoder().encode(input)).toHaveLength(512);

    expect((await quotedWorld().ask(["render", undefined, input])).first).toEqual({
      usage: "render",
      credits: 0.1,
    });
  });

  it("tells what is paid, also while no price can be computed", async () => {
    const onError = vi.fn();
    const { ask, askAlone, post, knobs } = quotedWorld({ onError });
    await post(film);
    knobs.before = ({ pages }) =>
      pages === 12 ? Promise.reject(new Error("no rates")) : undefined;

    const { status, first } = await ask(["render", "film", film.input]);
    expect(status).toBe(200);
    expect(first).toMatchObject({
      charge: { status: "charged" },
      code: "price_unavailable",
      message: expect.any(String),
    });
    const { answers } = await ask(
      ["render", undefined, film.input],
      ["render", undefined, { pages: 1 }],
    );
    expect(answers).toMatchObject([
      { code: "price_unavailable", retryable: true },
      { credits: 0.1 },
    ]);
    expect((await askAlone(["render", undefined, film.input])).status).toBe(503);
    expect(onError).toHaveBeenCalledTimes(3);
  });

  it("writes nothing, charges nothing, and asks ARES nothing", async () => {
    const { ask, ledger, ares } = quotedWorld();
    await ask(["render", "film", { pages: 12 }], ["render", undefined, { pages: 0 }]);

    expect([await ledger.list({}), ares.calls]).toEqual([[], []]);
  });

  it("hears the user and the request, as the charge will", async () => {
    const { ask, asked } = quotedWorld();
    await ask(["render", undefined, { title: "a", pages: 12 }]);

    expect(asked).toMatchObject([
      {
        input: { pages: 12, title: "a" },
        userId: "user-1",
        url: expect.stringContaining("?lookups="),
      },
    ]);
  });
});

describe("the answer with the balance", () => {
  it("lists constant prices as numbers, and names the quoted usages", async () => {
    const { get } = quotedWorld();

    const answer = UserAnswer.parse(await (await get()).json());

    expect(answer.prices).toEqual({ "export-pdf": 1 });
    expect(answer.quoted).toEqual(["render", "day", "odd"]);
  });
});

describe("the doctor", () => {
  it("lists a quoted usage as quoted", async () => {
    const { findings } = await quotedWorld().server.doctor();

    expect(findings.find(({ name }) => name === "prices")?.message).toBe(
      "export-pdf 1, render quoted, day quoted, odd quoted",
    );
  });
});

describe("an input", () => {
  it("stands in no row, event, error or answer, but as a digest", async () => {
    const seen: unknown[] = [];
    const canary = { pages: 12, title: "canary-1f2e" };
    const bad = { pages: "canary-1f2e", title: "canary-1f2e" };
    const { ask, post, ledger, server, knobs, key } = quotedWorld({
      onError: (error) => seen.push(String(error), Object(error).message),
      onEvent: (event) => seen.push(event),
    });
    const headers = { "Idempotency-Key": key() };
    const say = async (response: Promise<Response>) => seen.push(await (await response).text());

    for (const input of [canary, bad, "canary-1f2e", { "canary-1f2e": 1 }]) {
      await say(post({ usage: "render", resource: "film", input }, headers));
      await say(post({ usage: "render", input }));
      await say(post({ usage: "odd", input }));
      seen.push(
        (
          await ask(
            ["render", "film", input],
            ["odd", undefined, input],
            ["export-pdf", "e", input],
          )
        ).body,
      );
      const request = new Request("https://app.example/");
      await server
        .requirePaid(request, { usage: "render", resource: "film", input: input as never })
        .then(
          ({ charge }) => seen.push(charge),
          (error: unknown) => seen.push(error, String(error)),
        );
    }
    knobs.perPage = Number.NaN;
    await say(post({ usage: "render", input: canary }));
    seen.push(await ledger.list({}), await server.charges.list());

    expect(JSON.stringify(seen)).toContain("charged");
    expect(JSON.stringify(seen)).not.toContain("canary");
  });
});
