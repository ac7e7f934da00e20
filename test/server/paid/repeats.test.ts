import { describe, expect, it, vi } from "vitest";
import { memoryLedger } from "../../../src/server";
import { json, world } from "../world";

const call = (headers: Record<string, string>, body: BodyInit = "{}") =>
  new Request("https://app.example/api/work", {
    method: "POST",
    body,
    headers: { "Content-Type": "application/json", "Sec-Fetch-Site": "same-origin", ...headers },
  });

/** One charge of an image, and each way to ask for its work again. A way gives true when the work ran. */
async function paidOnce(repeats?: number) {
  const w = world({ rateLimit: false });
  const key = w.key();
  const given = repeats === undefined ? {} : { repeats };
  const work = vi.fn(async () => new Response("picture"));
  const charging = w.server.withCharge({ usage: "image", ...given }, work);
  const guarded = w.server.withPaid({ usage: "image", ...given }, work);
  const ran = async (answer: Promise<Response>) => (await answer).status === 200;
  const passes = (asking: Promise<unknown>) =>
    asking.then(
      () => true,
      (error) => (error.code === "used_up" ? false : Promise.reject(error)),
    );
  const ways = {
    withCharge: () => ran(charging(call({ "Idempotency-Key": key }))),
    withPaid: async () => ran(guarded(call({ "Ares-Charge": key, "Idempotency-Key": "op-1" }))),
    requirePaid: () =>
      passes(
        w.server.requirePaid(call({ "Ares-Charge": key, "Idempotency-Key": "op-1" }), {
          usage: "image",
          ...given,
        }),
      ),
    "ares.charge": () =>
      passes(w.server.charge(call({ "Idempotency-Key": key }), { usage: "image", ...given })),
  };
  async function times(way: keyof typeof ways, asked = 10) {
    if (way === "withPaid" || way === "requirePaid")
      await w.post({ usage: "image" }, { "Idempotency-Key": key });
    let served = 0;
    for (let n = 0; n < asked; n++) if (await ways[way]()) served += 1;
    return served;
  }
  return { ...w, key, work, ways, times };
}
const ways = ["withCharge", "withPaid", "requirePaid", "ares.charge"] as const;

describe.each(ways)("one charge, asked for its work ten times by %s", (way) => {
  it.each([0, 1, 2, 3, 4, 5])("with repeats: %i", async (repeats) => {
    const { times, ares } = await paidOnce(repeats);

    expect(await times(way)).toBe(1 + repeats);
    expect(ares.book).toHaveLength(1);
  });

  it("repeats it once by default, and ares.charge, which sees no work, five times", async () => {
    expect(await (await paidOnce()).times(way)).toBe(way === "ares.charge" ? 6 : 2);
  });

  it.each([-1, 6, 1.5, Number.NaN, Number.POSITIVE_INFINITY, "1", null])(
    "takes no repeats: %s, and says what it takes",
    async (repeats) => {
      const wrong = async () => (await paidOnce(repeats as never)).ways[way]();

      await expect(wrong()).rejects.toThrow(
        `repeats is ${repeats}. Use a whole number from 0 to 5.`,
      );
    },
  );
});

describe("ares.charge", () => {
  it("counts over servers and at once: of fifty replays five are served", async () => {
    const { ways, server, ledger, ares, clock } = await paidOnce();
    await ways["ares.charge"]();
    const served = await Promise.all(Array.from({ length: 50 }, ways["ares.charge"]));

    expect(served.filter(Boolean)).toHaveLength(5);
    expect(ares.book).toHaveLength(1);
    // An operator gives the user another try.
    const [row] = await ledger.list({});
    await server.charges.release(row?.id ?? "");
    clock.ms += 1;
    expect(await ways["ares.charge"]()).toBe(true);
  });

  it("leaves the charge's use to the endpoint that serves its work, whatever was replayed", async () => {
    for (const order of [
      ["ares.charge", "ares.charge", "requirePaid"],
      ["ares.charge", "requirePaid", "ares.charge"],
    ] as const) {
      const { ways, server, key } = await paidOnce();
      for (const way of order) expect(await ways[way]()).toBe(true);
      const second = server.requirePaid(call({ "Ares-Charge": key, "Idempotency-Key": "op-2" }), {
        usage: "image",
      });
      await expect(second).rejects.toMatchObject({ code: "used_up" });
    }
  });

  it("counts no replay of a key that the app names, unless told to, and none of a paid resource", async () => {
    const { server, key } = await paidOnce();
    const own = { usage: "image", key } as const;
    const resource = { usage: "report", resource: "r", repeats: 0 } as const;
    for (let n = 0; n < 10; n++) {
      await server.charge(call({}), own);
      await server.charge(call({}), resource);
    }

    await expect(server.charge(call({}), { ...own, repeats: 0 })).rejects.toMatchObject({
      code: "used_up",
    });
  });

  it("does not say that nothing was charged while the ledger can't count", async () => {
    const ledger = memoryLedger({ now: () => 1_800_000_000_000 });
    let down = false;
    const { server, key } = world({
      ledger: {
        ...ledger,
        redeem: (...use) => (down ? Promise.reject(new Error("down")) : ledger.redeem(...use)),
      },
    });
    const k = key();
    await server.charge(call({ "Idempotency-Key": k }), { usage: "image" });
    down = true;
    const replay = () => server.charge(call({ "Idempotency-Key": k }), { usage: "image" });

    await expect(replay()).rejects.toMatchObject({ code: "charge_in_progress" });
    down = false;
    await expect(replay()).resolves.toMatchObject({ replayed: true });
  });
});

describe("work without repeats", () => {
  it("is served again when it failed: a repeat is one of work that ended", async () => {
    const { server, key, ares } = world();
    const answers = [json(500, {}), json(500, {}), new Response("picture")];
    const route = server.withCharge(
      { usage: "image", repeats: 0 },
      () => answers.shift() ?? new Response("too much"),
    );
    const k = key();
    const statuses = [];
    for (let n = 0; n < 4; n++) statuses.push((await route(call({ "Idempotency-Key": k }))).status);

    expect(statuses).toEqual([500, 500, 200, 402]);
    expect(ares.book).toHaveLength(1);
  });
});
