import { describe, expect, it } from "vitest";
import { json, world } from "../world";

/** A request that reached server code: a form, a page, an action. */
const asked = (headers: Record<string, string> = {}) =>
  new Request("https://app.example/page", {
    method: "POST",
    headers: { "Sec-Fetch-Site": "same-origin", ...headers },
  });

describe("ares.charge", () => {
  it("charges the server's price, and tells what was charged", async () => {
    const { server, key, ares, clock, ledger } = world();

    const receipt = await server.charge(asked(), {
      usage: "image",
      resource: "picture-1",
      key: key(),
    });

    const [row] = await ledger.list({});
    expect(receipt).toEqual({
      id: row?.id,
      usage: "image",
      resource: "picture-1",
      credits: 4,
      chargedAt: clock.ms,
      replayed: false,
    });
    expect(ares.book).toEqual([
      { token: "canary-token", usage: "image", credits: 4, clientId: "client-1" },
    ]);
  });

  it.each<[string, (key: string) => [Request, { key?: string; resource?: string }], number]>([
    ["once for one key that the app names", (key) => [asked(), { key }], 1],
    [
      "once for one key that the request carries",
      (key) => [asked({ "Idempotency-Key": key }), {}],
      1,
    ],
    [
      "by the key that the app names when the request carries another",
      (key) => [asked({ "Idempotency-Key": "other" }), { key }],
      1,
    ],
    ["once for one resource, without any key", () => [asked(), { resource: "picture-1" }], 1],
    ["each time, without a key and a resource", () => [asked(), {}], 2],
  ])("charges %s", async (_, call, deductions) => {
    const { server, key, ares } = world();
    const [request, options] = call(key());

    const receipts = [
      await server.charge(request, { usage: "image", ...options }),
      await server.charge(request, { usage: "image", ...options }),
    ];

    expect(ares.book).toHaveLength(deductions);
    expect(receipts.map(({ replayed }) => replayed)).toEqual([false, deductions === 1]);
    expect(new Set(receipts.map(({ id }) => id)).size).toBe(deductions);
  });

  it("throws what is wrong, and never calls an unconfirmed charge a failed one", async () => {
    const { server, key, ares } = world();
    const k = key();
    ares.next(
      () => json(402, {}),
      (deduct) => {
        deduct();
        return json(500, {});
      },
    );

    await expect(server.charge(asked(), { usage: "image", key: "short" })).rejects.toMatchObject({
      code: "idempotency_key_invalid",
    });
    await expect(server.charge(asked(), { usage: "image" })).rejects.toMatchObject({
      code: "insufficient_credits",
    });
    for (let n = 0; n < 2; n++) {
      await expect(server.charge(asked(), { usage: "image", key: k })).rejects.toMatchObject({
        code: "outcome_unknown",
      });
    }
    expect([ares.book.length, ares.posts()]).toEqual([1, 2]);
  });
});

describe("ares.charge, asked again with the key of its request", () => {
  const MINUTES = 60_000;
  const work = async (
    w: ReturnType<typeof world>,
    options: Parameters<typeof w.server.charge>[1],
    key: string,
  ) => {
    const told: unknown[] = [];
    for (const minutes of [0, 9, 10, 20 * 60, 71 * 60]) {
      w.clock.ms = 1_800_000_000_000 + minutes * MINUTES;
      const asking = w.server.charge(asked({ "Idempotency-Key": key }), options);
      told.push(
        await asking.then(
          ({ replayed }) => replayed,
          ({ code, details }) => [code, details.chargeId],
        ),
      );
    }
    return told;
  };

  it("answers from its charge for a day, for an answer that was lost, and not for ever", async () => {
    const w = world();

    const told = await work(w, { usage: "image" }, w.key());

    const over = ["used_up", (await w.ledger.list({}))[0]?.id];
    expect(told).toEqual([false, true, true, true, over]);
    expect(w.ares.book).toHaveLength(1);
  });

  it("asks nobody whose a key is that is none", async () => {
    let asked = 0;
    const w = world({
      auth: async () => {
        asked += 1;
        return null;
      },
    });
    const request = new Request("https://app.example/work", {
      method: "POST",
      headers: { "Sec-Fetch-Site": "same-origin" },
    });

    await expect(w.server.charge(request, { usage: "image", key: "none" })).rejects.toMatchObject({
      code: "idempotency_key_invalid",
    });
    expect(asked).toBe(0);
  });

  it.each([
    [0, 1],
    [2, 3],
    [5, 5],
  ])(
    "answers what was confirmed later, with repeats: %i, %i times: nobody has had it yet",
    async (repeats, times) => {
      const w = world();
      const key = w.key();
      const request = () =>
        new Request("https://app.example/work", {
          method: "POST",
          headers: { "Sec-Fetch-Site": "same-origin", "Idempotency-Key": key },
        });
      w.ares.next((deduct) => {
        deduct();
        return json(500, {});
      });
      const ask = () => w.server.charge(request(), { usage: "image", repeats });
      await expect(ask()).rejects.toMatchObject({ code: "outcome_unknown" });
      await w.server.charges.resolve(
        (await w.ledger.list({}))[0]?.id ?? "",
        "charged",
        "seen in ARES's books",
      );
      w.clock.ms += 11 * 60_000;

      for (let n = 0; n < times; n++)
        expect(await ask()).toMatchObject({ usage: "image", replayed: true });
      await expect(ask()).rejects.toMatchObject({ code: "used_up" });
    },
  );

  it("answers from a resource's charge for as long as that is paid", async () => {
    const w = world();
    expect(await work(w, { usage: "report", resource: "r" }, w.key())).toEqual([
      false,
      true,
      true,
      true,
      true,
    ]);

    const short = world();
    const told = await work(short, { usage: "day", resource: "d" }, short.key());
    const over = ["used_up", expect.any(String)];
    expect(told).toEqual([false, true, over, over, over]);
    expect(short.ares.book).toHaveLength(1);
  });

  it("answers an app that names the key itself for as long as the ledger keeps its row", async () => {
    const w = world();
    const key = w.key();

    expect(await work(w, { usage: "image", key }, w.key())).toEqual([
      false,
      true,
      true,
      true,
      true,
    ]);
    expect(w.ares.book).toHaveLength(1);
  });
});

describe("the price that was shown", () => {
  const paid = (w: ReturnType<typeof world>, headers: Record<string, string>) =>
    w.server.withCharge(
      { usage: "image" },
      async () => new Response("picture"),
    )(asked({ "Idempotency-Key": w.key(), ...headers }));

  it.each(["4", "4.0", "4.00"])(
    "is heard by withCharge in Ares-Credits, and charged when it is right: %s",
    async (credits) => {
      const w = world();

      expect((await paid(w, { "Ares-Credits": credits })).status).toBe(200);
      expect(w.ares.book).toHaveLength(1);
    },
  );

  it.each(["1", "0", "4.01", "1000"])(
    "is refused by withCharge when it is another, and nothing is charged: %s",
    async (credits) => {
      const w = world();

      const refused = await paid(w, { "Ares-Credits": credits });

      expect(await refused.json()).toMatchObject({
        status: 409,
        code: "price_changed",
        usage: "image",
        credits: 4,
      });
      expect(w.ares.calls).toEqual([]);
    },
  );

  it.each(["", "four", "4 credits", "4, 4", "-4", "4.001", "Infinity", "9".repeat(400)])(
    "is refused by withCharge when it is no amount of credits: %j",
    async (credits) => {
      const w = world();

      const refused = await paid(w, { "Ares-Credits": credits });

      expect((await refused.json()).code).toBe("invalid_request");
      expect(w.ares.calls).toEqual([]);
    },
  );

  it("is heard by ares.charge as credits", async () => {
    const w = world();

    for (const credits of [1, 4.01]) {
      const refused = w.server.charge(asked(), { usage: "image", credits });
      await expect(refused).rejects.toMatchObject({
        code: "price_changed",
        details: { credits: 4 },
      });
    }
    for (const credits of [Number.NaN, -4, 4.001]) {
      await expect(w.server.charge(asked(), { usage: "image", credits })).rejects.toMatchObject({
        code: "invalid_request",
      });
    }
    expect(w.ares.calls).toEqual([]);
    expect(await w.server.charge(asked(), { usage: "image", credits: 4 })).toMatchObject({
      credits: 4,
    });
  });

  it("does not outweigh what this key has already paid", async () => {
    const w = world();
    const headers = { "Idempotency-Key": w.key() };
    await paid(w, headers);

    expect((await paid(w, { ...headers, "Ares-Credits": "1" })).status).toBe(200);
    expect(w.ares.book).toHaveLength(1);
  });
});

describe("withCharge in a server action, as the README has it", () => {
  /** `exportPdf`, with the `headers()` that Next.js gives for the calling request. */
  function action(options: Parameters<typeof world>[0] = {}) {
    const w = world(options);
    const called = new Headers({
      "Content-Type": "text/plain;charset=UTF-8",
      "Content-Length": "24",
      Cookie: "__session=session",
      Origin: "https://app.example",
      "Sec-Fetch-Site": "same-origin",
      "Next-Action": "7f1c",
    });
    const headers = async () => called;
    let runs = 0;
    const work = w.server.withCharge({ usage: "export-pdf" }, async () => {
      runs += 1;
      return Response.json({ pdf: "…" });
    });
    async function exportPdf(key: string) {
      const request = new Request("https://app.example/export", {
        method: "POST",
        headers: await headers(),
      });
      request.headers.set("Idempotency-Key", key);
      return (await work(request)).json();
    }
    return { ...w, called, exportPdf, runs: () => runs };
  }

  it("does the work for one charge, and again for its own key without another", async () => {
    const { exportPdf, key, ares } = action();
    const k = key();

    expect([await exportPdf(k), await exportPdf(k)]).toEqual([{ pdf: "…" }, { pdf: "…" }]);
    expect(ares.book).toHaveLength(1);
    expect(await exportPdf(key())).toEqual({ pdf: "…" });
    expect(ares.book).toHaveLength(2);
  });

  it("answers a code instead, with no work done, when nothing was paid", async () => {
    const { exportPdf, key, called, runs, ares, session } = action({ balance: 0 });

    expect((await exportPdf(key())).code).toBe("insufficient_credits");
    expect((await exportPdf("no key")).code).toBe("idempotency_key_invalid");
    called.set("Sec-Fetch-Site", "cross-site");
    expect((await exportPdf(key())).code).toBe("origin_rejected");
    called.set("Sec-Fetch-Site", "same-origin");
    session.auth = null;
    expect((await exportPdf(key())).code).toBe("not_signed_in");
    expect([runs(), ares.book]).toEqual([0, []]);
  });
});
