import { describe, expect, it } from "vitest";
import { headers, isAresError, keyWithTerms, mintKey } from "../../../src/contract";
import { type Ledger, memoryLedger } from "../../../src/server";
import { headersOfNext } from "../paid/headersOfNext";
import { worldOf } from "../world";

const NOW = 1_800_000_000_000;

/** Ann's page is open and shows 4 credits. `signIn` is what happens in another window. */
async function annsPage() {
  const prices: { image: number; report: number } = { image: 4, report: 4 };
  const asked: string[] = [];
  const w = worldOf(prices, { ledger: listening(memoryLedger({ now: () => NOW }), asked) });
  const signIn = (userId: string) => {
    w.session.auth = { userId, getAccessToken: async () => `token-of-${userId}` };
  };
  signIn("ann");
  const { owner }: { owner: string } = await (await w.get()).json();
  const keyOf = (credits: number, plain = mintKey(NOW)) => keyWithTerms(plain, { owner, credits });

  const request = (sent: Record<string, string>) =>
    new Request("https://app.example/api/work", {
      method: "POST",
      headers: { "Sec-Fetch-Site": "same-origin", ...sent },
    });
  const route = w.server.withCharge({ usage: "image" }, () => new Response("picture"));
  const answered = async (answer: Response) => {
    const body = await answer.text();
    if (!answer.ok) return JSON.parse(body).code;
    return answer.headers.get(headers.replayed) === "true" ? "replayed" : "charged";
  };
  const received = (receipt: Promise<{ replayed: boolean }>) =>
    receipt.then(
      ({ replayed }) => (replayed ? "replayed" : "charged"),
      (error) => (isAresError(error) ? error.code : Promise.reject(error)),
    );
  const options = (told: { credits?: number }) => ({ usage: "image" as const, ...told });
  /** Each way to charge under a key. `told` is what the request says of the price beside its key. */
  const ways = {
    POST: async (key: string, told: { credits?: number } = {}) =>
      answered(await w.post(options(told), { "Idempotency-Key": key })),
    withCharge: async (key: string, { credits }: { credits?: number } = {}) =>
      answered(
        await route(
          request({
            "Idempotency-Key": key,
            ...(credits !== undefined && { "Ares-Credits": String(credits) }),
          }),
        ),
      ),
    "ares.charge of a request": (key: string, told: { credits?: number } = {}) =>
      received(w.server.charge(request({ "Idempotency-Key": key }), options(told))),
    "ares.charge of headers alone": (key: string, told: { credits?: number } = {}) =>
      received(
        w.server.charge(headersOfNext({ host: "app.example", origin: "https://app.example" }), {
          ...options(told),
          key,
        }),
      ),
  };
  asked.length = 0;
  w.ares.calls.length = 0;
  return { ...w, prices, asked, owner, keyOf, signIn, ways, request };
}

/** A ledger that notes which of its verbs were asked. */
function listening(ledger: Ledger, asked: string[]): Ledger {
  return new Proxy(ledger, {
    get(target, name: keyof Ledger) {
      const verb: unknown = target[name];
      if (typeof verb !== "function") return verb;
      return (...args: unknown[]) => {
        asked.push(name);
        return Reflect.apply(verb, target, args);
      };
    },
  });
}

const ways = [
  "POST",
  "withCharge",
  "ares.charge of a request",
  "ares.charge of headers alone",
] as const;

describe.each(ways)("the key of a page, sent by %s", (way) => {
  it("charges its owner at its price", async () => {
    const { ways, keyOf, ares } = await annsPage();
    const key = keyOf(4);

    expect([await ways[way](key), await ways[way](key)]).toEqual(["charged", "replayed"]);
    expect(ares.book.map(({ token, credits }) => [token, credits])).toEqual([["token-of-ann", 4]]);
  });

  it("is refused when another user has signed in, and nothing is read or charged", async () => {
    const { ways, keyOf, signIn, asked, ares } = await annsPage();
    signIn("bob");

    expect(await ways[way](keyOf(4))).toBe("other_user");
    expect([asked, ares.calls]).toEqual([[], []]);
  });

  it("tells the other user nothing of a charge, and still replays it for its owner", async () => {
    const { ways, keyOf, signIn, asked, ares } = await annsPage();
    const key = keyOf(4);
    await ways[way](key);
    signIn("bob");
    asked.length = 0;

    expect(await ways[way](key)).toBe("other_user");
    expect(asked).toEqual([]);
    signIn("ann");
    expect(await ways[way](key)).toBe("replayed");
    expect(ares.book).toHaveLength(1);
  });

  it("is refused when the price has changed, and nothing is charged", async () => {
    const { ways, keyOf, prices, ares } = await annsPage();
    prices.image = 9;

    expect(await ways[way](keyOf(4))).toBe("price_changed");
    expect(ares.calls).toEqual([]);
    expect(await ways[way](keyOf(9))).toBe("charged");
  });

  it("is answered from its charge when the price has changed since", async () => {
    const { ways, keyOf, prices, ares } = await annsPage();
    const key = keyOf(4);
    await ways[way](key);
    prices.image = 9;

    expect(await ways[way](key)).toBe("replayed");
    expect(ares.book.map(({ credits }) => credits)).toEqual([4]);
  });

  it.each([
    ["the key agrees, and the request says another price", 4, 1],
    ["the request agrees, and the key says another price", 1, 4],
    ["both say the same, and it is another price", 1, 1],
  ])("is refused when %s", async (_, inKey, told) => {
    const { ways, keyOf, ares } = await annsPage();

    expect(await ways[way](keyOf(inKey), { credits: told })).toBe("price_changed");
    expect(ares.calls).toEqual([]);
  });

  it("is taken when request and key say the price", async () => {
    const { ways, keyOf } = await annsPage();

    expect(await ways[way](keyOf(4), { credits: 4 })).toBe("charged");
  });
});

it("the owner of a body is compared even where the key says another one", async () => {
  const { post, keyOf, owner, asked } = await annsPage();

  const refused = await post(
    { usage: "image", owner: "somebody" },
    { "Idempotency-Key": keyOf(4) },
  );

  expect((await refused.json()).code).toBe("other_user");
  const foreign = keyWithTerms(mintKey(NOW), { owner: "somebody", credits: 4 });
  expect(
    (await (await post({ usage: "image", owner }, { "Idempotency-Key": foreign })).json()).code,
  ).toBe("other_user");
  expect(asked).toEqual([]);
});

it("a POST without a key and with another user's owner reads nothing, also beside the user's own", async () => {
  const { server, owner, asked, signIn, ares } = await annsPage();
  const press = (owner: string) =>
    server.handler(
      new Request("https://app.example/api/ares", {
        method: "POST",
        body: JSON.stringify({ usage: "image", owner }),
        headers: { "Content-Type": "application/json", "Sec-Fetch-Site": "same-origin" },
      }),
    );
  signIn("bob");
  expect((await (await press(owner)).json()).code).toBe("other_user");
  expect(asked).toEqual([]);

  signIn("ann");
  const [own, foreign] = await Promise.all([press(owner), press("somebody")]);
  expect([own.status, (await foreign.json()).code]).toEqual([200, "other_user"]);
  expect(ares.book).toHaveLength(1);
});

describe("the key of a page in Ares-Charge", () => {
  it("opens a paid endpoint to its owner, and to nobody else", async () => {
    const { server, ways, keyOf, signIn, request, asked } = await annsPage();
    const key = keyOf(4);
    await ways.POST(key);
    const guarded = () =>
      server.requirePaid(request({ "Ares-Charge": key, "Idempotency-Key": "call-1" }), {
        usage: "image",
      });
    const route = server.withPaid({ usage: "image" }, () => new Response("picture"));

    signIn("bob");
    asked.length = 0;
    await expect(guarded()).rejects.toMatchObject({ code: "other_user" });
    const answer = await route(request({ "Ares-Charge": key, "Idempotency-Key": "call-1" }));
    expect((await answer.json()).code).toBe("other_user");
    expect(asked).toEqual([]);
    signIn("ann");
    await expect(guarded()).resolves.toMatchObject({ userId: "ann" });
  });
});
