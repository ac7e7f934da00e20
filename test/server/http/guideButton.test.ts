import { describe, expect, it } from "vitest";
import { memoryLedger } from "../../../src/server";
import { PATIENCE_MS } from "../../setup/patience";
import { json, pretendAres, prices, world } from "../world";

/** The request of the partner guide's button, unchanged: no key, and the button's own client id and price. */
const pressed = { client_id: "client-1", usage: "export-pdf", credits: 1 };

/** Answers a charge only on a test's word, after the deduction. */
function slowAres(ares: ReturnType<typeof world>["ares"]) {
  let finish = () => {};
  const reached = new Promise<void>((sent) => {
    ares.next(async (deduct) => {
      deduct();
      sent();
      await new Promise<void>((done) => {
        finish = done;
      });
      return json(200, { message: "Success" });
    });
  });
  return { reached, finish: () => finish() };
}

describe("the guide's own button", () => {
  it("is answered as by the guide's route: ok, the message, and the usage", async () => {
    const { press, ares } = world();

    const response = await press(pressed);

    expect(response.ok).toBe(true);
    expect(await response.json()).toMatchObject({
      message: "Success",
      usage: { usage: "export-pdf", credits: 1 },
    });
    expect(ares.book).toEqual([
      { token: "canary-token", usage: "export-pdf", credits: 1, clientId: "client-1" },
    ]);
  });

  it("meets the rate limit before any list of rows", async () => {
    const { press, ledger, ares } = world({ rateLimit: { charges: 1 } });
    expect((await press(pressed)).status).toBe(200);
    let lists = 0;
    const { list } = ledger;
    ledger.list = (filter) => {
      lists += 1;
      return list(filter);
    };

    expect((await press({ ...pressed, usage: "image", credits: 4 })).status).toBe(429);
    expect([lists, ares.posts()]).toEqual([0, 1]);
  });

  it("finds its charge that is under way, behind any number of newer charges, on another server too", async () => {
    // ARES answers after 120 other charges, which take a busy machine more than the usual limit.
    const ares = pretendAres();
    const one = world({ rateLimit: false, ares: { fetch: ares.fetch, timeoutMs: PATIENCE_MS } });
    const slow = slowAres(ares);
    const first = one.press(pressed);
    await slow.reached;
    for (let n = 0; n < 120; n++) {
      expect((await one.post({ usage: "mite" })).status).toBe(200);
      one.clock.ms += 50;
    }
    const other = world({ rateLimit: false, ledger: one.ledger });
    other.clock.ms = one.clock.ms;

    expect((await other.press(pressed)).status).toBe(409);
    slow.finish();

    expect((await first).status).toBe(200);
    expect(other.ares.calls).toEqual([]);
  });

  it("charges the server's price when the press names none", async () => {
    const { press, ares } = world();

    await press({ client_id: "client-1", usage: "image" });

    expect(ares.book.map(({ credits }) => credits)).toEqual([4]);
  });

  it("is served in the first moments of a ledger", async () => {
    const started = 1_800_000_001_500;
    const { press, clock, ares } = world({ ledger: memoryLedger({ now: () => started }) });
    clock.ms = started;

    expect((await press(pressed)).status).toBe(200);
    expect(ares.book).toHaveLength(1);
  });

  it.each([
    ["another app's client_id", { ...pressed, client_id: "1234" }, 400],
    ["a price of its own", { ...pressed, credits: 0.01 }, 409],
    ["a usage that is not for sale", { ...pressed, usage: "test-button" }, 422],
  ])("is refused with %s, and nothing is charged", async (_, body, status) => {
    const { press, ares } = world();

    const response = await press(body);

    expect(response.status).toBe(status);
    expect((await response.json()).error).toBe(`ARES API error: ${status}`);
    expect(ares.calls).toEqual([]);
  });

  it("reads the guide's texts where the guide has one", async () => {
    const { press, session } = world();

    const missing = await press({ client_id: "client-1" });
    session.auth = { userId: "user-1", getAccessToken: async () => null };
    const unconnected = await press(pressed);
    session.auth = null;
    const nobody = await press(pressed);

    expect([missing.status, await missing.json()]).toEqual([
      400,
      expect.objectContaining({ message: "Missing required fields" }),
    ]);
    expect([unconnected.status, await unconnected.json()]).toEqual([
      401,
      expect.objectContaining({ message: "Access token not found" }),
    ]);
    expect([nobody.status, await nobody.json()]).toEqual([
      401,
      expect.objectContaining({ message: "User not found" }),
    ]);
  });

  it("hears of too few credits as the guide's route says it", async () => {
    const { press } = world({ balance: 0 });

    const response = await press(pressed);

    expect(response.status).toBe(402);
    expect(await response.json()).toMatchObject({
      error: "ARES API error: 402",
      code: "insufficient_credits",
    });
  });

  it("is never told ok when ARES did not confirm", async () => {
    const { press, ares } = world();
    ares.next(() => json(200, { message: "Queued" }));

    const response = await press(pressed);

    expect(response.ok).toBe(false);
    expect(await response.json()).toMatchObject({ code: "outcome_unknown" });
  });

  it("is charged whether ARES says how much is left or not", async () => {
    const { press, ares } = world();
    ares.next((deduct) => {
      deduct();
      return json(200, { message: "Success", usage: {}, user: { credits: 41.5 } });
    });

    expect(await (await press(pressed)).json()).toMatchObject({
      message: "Success",
      user: { credits: 41.5 },
    });
  });
});

describe("a second press without a key", () => {
  it("at the same instant is one deduction, and both are told of it", async () => {
    const { press, ares } = world();

    const answers = await Promise.all([press(pressed), press(pressed), press(pressed)]);

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(ares.book).toHaveLength(1);
  });

  it("while the first is slow is no second deduction, however long it takes", async () => {
    const { press, ares, clock } = world();
    const slow = slowAres(ares);
    const first = press(pressed);
    await slow.reached;
    clock.ms += 9_000;
    const second = press(pressed);
    slow.finish();

    expect([(await first).status, (await second).status]).toEqual([200, 200]);
    expect(ares.book).toHaveLength(1);
  });

  it("on another server while the first is slow is told to wait", async () => {
    const { press, ares, clock, ledger } = world();
    const other = world({ ledger });
    const slow = slowAres(ares);
    const first = press(pressed);
    await slow.reached;
    clock.ms += 5_000;
    other.clock.ms = clock.ms;

    const second = await other.press(pressed);
    slow.finish();
    await first;

    expect((await second.json()).code).toBe("charge_in_progress");
    expect(ares.posts() + other.ares.posts()).toBe(1);
  });

  it.each([100, 3_000, 3_600_000, 86_000_000])(
    "%i ms after an unconfirmed one is no second deduction",
    async (later) => {
      const { press, ares, clock } = world();
      ares.next((deduct) => {
        deduct();
        return json(500, {});
      });

      await press(pressed);
      clock.ms += later;
      const again = await press(pressed);

      expect((await again.json()).code).toBe("outcome_unknown");
      expect(ares.posts()).toBe(1);
    },
  );

  it.each([
    ["within two seconds of a charged one is the same gesture", 1_999, 1],
    ["two seconds after a charged one is a new gesture", 2_000, 2],
    ["a minute after a charged one is a new gesture", 60_000, 2],
  ])("%s", async (_, later, deductions) => {
    const { press, ares, clock } = world();
    clock.ms += 1_234;

    await press(pressed);
    clock.ms += later;
    const again = await press(pressed);

    expect(again.status).toBe(200);
    expect(ares.book).toHaveLength(deductions);
  });

  it.each([
    [1_999, 1],
    [2_000, 2],
  ])(
    "%i ms after a slow charge was confirmed, whenever it was pressed: %i deductions",
    async (later, deductions) => {
      const { press, ares, clock } = world();
      ares.next((deduct) => {
        deduct();
        clock.ms += 9_000;
        return json(200, { message: "Success" });
      });

      await press(pressed);
      clock.ms += later;
      const again = await press(pressed);

      expect(again.status).toBe(200);
      expect(ares.book).toHaveLength(deductions);
    },
  );

  it("behind any number of newer charges of a day is no second deduction after an unconfirmed one", async () => {
    const { press, post, ares, clock } = world({ balance: 1_000, rateLimit: false });
    ares.next((deduct) => {
      deduct();
      return json(500, {});
    });
    await press(pressed);
    for (let n = 0; n < 250; n++) {
      clock.ms += 1_000;
      await post({ usage: "mite" });
    }

    const again = await press(pressed);

    expect((await again.json()).code).toBe("outcome_unknown");
    expect(ares.book.filter(({ usage }) => usage === "export-pdf")).toHaveLength(1);
  });

  it("after one that was refused for good may charge", async () => {
    const { press, ares, clock } = world();
    ares.next(() => json(402, {}));

    await press(pressed);
    clock.ms += 2_000;

    expect((await press(pressed)).status).toBe(200);
    expect(ares.book).toHaveLength(1);
  });

  it("of another usage, resource or user is a charge of its own", async () => {
    const { press, ares, session } = world();

    await press(pressed);
    await press({ usage: "image", credits: 4 });
    await press({ ...pressed, resource: "page-1" });
    await press({ ...pressed, resource: "page-2" });
    session.auth = { userId: "user-2", getAccessToken: async () => "other" };
    await press(pressed);

    expect(ares.book.map(({ usage, token }) => [usage, token])).toEqual([
      ["export-pdf", "canary-token"],
      ["image", "canary-token"],
      ["export-pdf", "canary-token"],
      ["export-pdf", "canary-token"],
      ["export-pdf", "other"],
    ]);
  });

  it("never joins a charge that has a key", async () => {
    const { press, post, ares } = world();

    await post({ usage: "export-pdf" });
    await press(pressed);

    expect(ares.book).toHaveLength(2);
    expect(prices["export-pdf"]).toBe(1);
  });
});
