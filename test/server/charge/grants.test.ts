import { describe, expect, it } from "vitest";
import { definePrices } from "../../../src/server";
import { granting, json, prices, world } from "../world";

/** A world that serves one unconfirmed image a day, and the presses of a user who wants more. */
function generous({ grantsPerDay = 1 } = {}) {
  const w = world({
    prices: { ...prices, ...granting({ image: { credits: 4, grantsPerDay } }) },
    rateLimit: false,
  });
  const served: string[] = [];
  const endpoint = w.server.withCharge({ usage: "image" }, async (request) => {
    served.push(request.headers.get("Idempotency-Key") ?? "");
    return new Response();
  });
  /** Asks for an image that ARES does not confirm. */
  async function ask(key = w.key(), reply: () => Response | Promise<Response> = () => json(500, {})) {
    w.ares.next(reply);
    const answer = await endpoint(
      new Request("https://app.example/image", { method: "POST", headers: { "Sec-Fetch-Site": "same-origin", "Idempotency-Key": key } }),
    );
    w.clock.ms += 10;
    return answer.status === 200 ? "served" : (await answer.json()).code;
  }
  /** A press that ARES answers only when the test says how. */
  async function press() {
    let answer = (_: Response) => {};
    const sent = w.ares.posts();
    const told = ask(w.key(), () => new Promise((done) => (answer = done)));
    await expect.poll(() => w.ares.posts()).toBe(sent + 1);
    w.clock.ms += 10;
    return (status: number, body: object) => {
      answer(json(status, body));
      return told;
    };
  }
  return { ...w, served, ask, press };
}

describe("a grant", () => {
  it("is not renewed by charges of other usages that were declined since, however many", async () => {
    const { ask, post, ares, server, ledger, clock } = generous();
    expect(await ask()).toBe("served");
    const [row] = await ledger.list({ status: "unknown" });
    await server.charges.resolve(row?.id ?? "", "not_charged", "not in ARES's books");

    for (let n = 0; n < 120; n++) {
      ares.next(() => json(402, {}));
      await post({ usage: "report" });
      clock.ms += 10;
    }

    expect(await ledger.list({ status: "declined", limit: 200 })).toHaveLength(121);
    expect(await ask()).toBe("outcome_unknown");
  });

  it("is not renewed by a charge of its usage that ARES declined, nor is that a grant", async () => {
    const { ask, post, ares } = generous();
    ares.next(() => json(402, {}));
    await post({ usage: "image" });

    expect([await ask(), await ask()]).toEqual(["served", "outcome_unknown"]);
  });

  it("belongs to the first of a day, whoever asks again: more than a hundred unconfirmed ones do not move it", async () => {
    const { ask, key, served, clock } = generous({ grantsPerDay: 2 });
    const keys: string[] = [];
    const told: string[] = [];
    for (let n = 0; n < 130; n++) {
      keys.push(key());
      told.push(await ask(keys.at(-1)));
    }
    expect(told.filter((each) => each === "served")).toHaveLength(2);
    served.length = 0;

    clock.ms += 60_000;
    for (const each of keys) await ask(each);

    expect(served).toEqual(keys.slice(0, 2));
  });

  it("is one a day, however many presses overlap: the first of them has it, whichever fails first", async () => {
    const { press } = generous();
    const answers = [];
    for (let n = 0; n < 10; n++) answers.push(await press());

    const told: string[] = [];
    for (const answer of answers.reverse()) told.push(await answer(500, {}));

    expect(told).toEqual([...Array.from({ length: 9 }, () => "outcome_unknown"), "served"]);
  });

  it("is not kept for an overlapping press that ARES confirms", async () => {
    const { press } = generous();
    const first = await press();
    const second = await press();

    expect([await first(200, { message: "Success" }), await second(500, {})]).toEqual(["served", "served"]);
  });

  it("reads no paid row, however many there are", async () => {
    const { ask, post, ledger, clock } = generous();
    for (let n = 0; n < 20; n++) {
      await post({ usage: "report" });
      clock.ms += 10;
    }
    const read: string[] = [];
    const { list } = ledger;
    ledger.list = async (filter) => {
      const rows = await list(filter);
      read.push(...rows.map(({ status }) => status));
      return rows;
    };

    expect(await ask()).toBe("served");
    expect(read).toEqual(["unknown"]);
  });

  it("comes back a day after the one before", async () => {
    const { ask, clock } = generous();
    expect(await ask()).toBe("served");

    clock.ms += 24 * 60 * 60 * 1000 - 11;
    expect(await ask()).toBe("outcome_unknown");
    clock.ms += 24 * 60 * 60 * 1000;
    expect(await ask()).toBe("served");
  });
});

describe("a grant of a resource", () => {
  it("ends when the resource would: after keepMs", async () => {
    const prices = definePrices({ day: { credits: 2, keepMs: 60_000, onUnknown: "grant" } }) as never;
    const { ares, clock, get, post } = world({ prices });
    ares.next(() => json(500, {}));
    await post({ usage: "day", resource: "monday" });
    const state = async () => (await (await get("?usage=day&resource=monday")).json()).charge;
    expect(await state()).toMatchObject({ status: "unknown", granted: true });

    clock.ms += 60_001;

    expect((await state()).granted).toBeUndefined();
  });
});
