import { describe, expect, it } from "vitest";
import { memoryLedger } from "../../src/server";
import { unhandledIn } from "./unhandledIn";
import { json, world } from "./world";

describe("onError", () => {
  it("hears what the app's sign-in and ledger threw; the answer holds only a code", async () => {
    const heard: unknown[] = [];
    const onError = (error: unknown) => heard.push(error);
    const signIn = new Error("canary: sign-in");
    const store = new Error("canary: store");

    const noAuth = world({ auth: () => Promise.reject(signIn), onError });
    const throwing = world({
      auth: () => {
        throw signIn;
      },
      onError,
    });
    const noLedger = world({
      ledger: { ...memoryLedger(), claim: () => Promise.reject(store) },
      onError,
    });
    const answers = [
      await noAuth.get(),
      await throwing.get(),
      await noLedger.post({ usage: "export-pdf" }),
    ];

    expect(await Promise.all(answers.map(async (answer) => (await answer.json()).code))).toEqual([
      "auth_unavailable",
      "auth_unavailable",
      "ledger_unavailable",
    ]);
    expect(heard).toEqual([signIn, signIn, store]);
  });
});

describe.each<[string, () => unknown]>([
  [
    "throws",
    () => {
      throw new Error("log service down");
    },
  ],
  ["rejects", async () => Promise.reject(new Error("log service down"))],
  ["throws no error at all", () => Promise.reject(undefined)],
])("a listener that %s", (_, broken) => {
  it("changes no answer about money, and leaves no rejection behind", async () => {
    let heard = 0;
    const onEvent = () => {
      heard += 1;
      return broken();
    };
    const { post, get, key, ares } = world({ onEvent });
    const headers = { "Idempotency-Key": key() };
    const told: unknown[] = [];

    const unhandled = await unhandledIn(async () => {
      told.push(
        (await post({ usage: "image" }, headers)).status,
        (await post({ usage: "image" }, headers)).status,
      );
      ares.next(
        () => json(402, {}),
        () => json(500, {}),
        () => json(429, {}),
      );
      for (let n = 0; n < 3; n++) told.push((await (await post({ usage: "report" })).json()).code);
      told.push((await (await get(`?charge=${headers["Idempotency-Key"]}`)).json()).charge.status);
    });

    expect(told).toEqual([
      200,
      200,
      "insufficient_credits",
      "outcome_unknown",
      "rate_limited",
      "charged",
    ]);
    expect([unhandled, heard, ares.book.length]).toEqual([[], 5, 1]);
  });

  it("changes no refusal either, at any door", async () => {
    let heard = 0;
    const onError = () => {
      heard += 1;
      return broken();
    };
    const store = {
      ...memoryLedger(),
      claim: () => Promise.reject(new Error("store")),
      list: () => Promise.reject(new Error("store")),
    };
    const unread = world({ auth: () => Promise.reject(new Error("sign-in")), onError });
    const unwritten = world({ ledger: store, onError });
    const call = (headers: Record<string, string>) =>
      new Request("https://app.example/paid", {
        method: "POST",
        headers: { "Sec-Fetch-Site": "same-origin", ...headers },
      });
    const told: string[] = [];

    const unhandled = await unhandledIn(async () => {
      const endpoint = unwritten.server.withCharge({ usage: "image" }, () => new Response());
      const paid = unwritten.server.requirePaid(call({ "Ares-Charge": unwritten.key() }), {
        usage: "image",
      });
      const answers = [
        unread.get(),
        unread.post({ usage: "image" }),
        unwritten.post({ usage: "image" }),
        endpoint(call({ "Idempotency-Key": unwritten.key() })),
        paid.then(
          () => new Response("{}"),
          (refusal: unknown) => unwritten.server.toResponse(refusal),
        ),
      ];
      for (const answer of answers) told.push((await (await answer).json()).code);
    });

    expect(told).toEqual([
      "auth_unavailable",
      "auth_unavailable",
      "ledger_unavailable",
      "ledger_unavailable",
      "ledger_unavailable",
    ]);
    expect([unhandled, heard]).toEqual([[], 5]);
  });
});
