import { describe, expect, it, vi } from "vitest";
import { json, world } from "../world";

const charge = { usage: "image" } as const;

/** A world that loses time before the first byte of a charge leaves: while it reads the token, or frozen after the claim. */
function slow(stage: "token" | "claim", ms: number) {
  const w = world();
  const { claim } = w.ledger;
  w.session.auth = {
    userId: "user-1",
    async getAccessToken() {
      if (stage === "token") w.clock.ms += ms;
      return "token";
    },
  };
  w.ledger.claim = async (...args) => {
    const result = await claim(...args);
    if (stage === "claim") w.clock.ms += ms;
    return result;
  };
  return w;
}

describe("a charge whose server is slow", () => {
  it.each(["token", "claim"] as const)(
    "is not sent when its request is older than 25 s, and frees its key: %s",
    async (stage) => {
      const { post, get, key, ares, ledger } = slow(stage, 25_001);
      const k = key();

      const refused = await post(charge, { "Idempotency-Key": k });

      expect(refused.status).toBe(503);
      expect(await refused.json()).toMatchObject({
        code: "ledger_unavailable",
        retryable: true,
        message: expect.stringContaining("in time, so this request charged nothing"),
      });
      expect(ares.posts()).toBe(0);
      // Before the answer: a function that freezes after its answer writes nothing any more.
      expect((await ledger.list({}))[0]?.status).toBe("claimed");
      expect((await (await get(`?charge=${k}`)).json()).charge).toEqual({ status: "absent" });
    },
  );

  it("takes the same key again at once", async () => {
    const { post, key, session } = slow("token", 25_001);
    const k = key();
    expect((await post(charge, { "Idempotency-Key": k })).status).toBe(503);
    session.auth = { userId: "user-1", getAccessToken: async () => "token" };

    expect((await post(charge, { "Idempotency-Key": k })).status).toBe(200);
  });

  it("is sent all the same when it was the upload that took its time", async () => {
    const w = world();
    const work = w.server.withCharge(
      {
        usage: "image",
        resource: () => {
          w.clock.ms += 60_000;
          return "r-1";
        },
      },
      () => new Response("done"),
    );
    const headers = { "Sec-Fetch-Site": "same-origin", "Idempotency-Key": w.key() };

    expect(
      (await work(new Request("https://app.example/work", { method: "POST", headers }))).status,
    ).toBe(200);
    expect(w.ares.book).toHaveLength(1);
  });

  it.each(["token", "claim"] as const)("is sent until then: %s", async (stage) => {
    const { post, ares } = slow(stage, 25_000);

    expect((await post(charge)).status).toBe(200);
    expect(ares.book).toHaveLength(1);
  });

  it("is not sent after its browser was told for 30 s that there is none", async () => {
    const { post, get, key, ares, clock, session } = world();
    let read = (_: string) => {};
    const token = new Promise<string>((done) => {
      read = done;
    });
    session.auth = { userId: "user-1", getAccessToken: () => token };
    const k = key();
    const asked = post(charge, { "Idempotency-Key": k });
    clock.ms += 30_000;
    expect((await (await get(`?charge=${k}`)).json()).charge.status).toBe("absent");

    read("token");

    expect((await asked).status).toBe(503);
    expect(ares.book).toEqual([]);
  });

  it("is not sent again with a renewed token when its request has become older than that", async () => {
    const { post, key, ares, clock, session } = world();
    session.auth = {
      userId: "user-1",
      async getAccessToken(options) {
        if (options?.refresh) clock.ms += 25_001;
        return options?.refresh ? "renewed" : "old";
      },
    };
    ares.next(() => json(401, {}));
    const headers = { "Idempotency-Key": key() };

    expect((await (await post(charge, headers)).json()).code).toBe("ledger_unavailable");
    expect(ares.posts()).toBe(1);
    expect((await post(charge, headers)).status).toBe(200);
    expect(ares.book).toHaveLength(1);
  });

  it("is not sent by a paid endpoint or by server code either, counted from their own beginning", async () => {
    const { server, key, ares } = slow("token", 25_001);
    const request = () =>
      new Request("https://app.example/work", {
        method: "POST",
        headers: { "Sec-Fetch-Site": "same-origin", "Idempotency-Key": key() },
      });
    const work = vi.fn(async () => new Response());

    const refused = await server.withCharge(charge, work)(request());
    await expect(server.charge(request(), charge)).rejects.toMatchObject({
      code: "ledger_unavailable",
    });

    expect((await refused.json()).code).toBe("ledger_unavailable");
    expect([ares.posts(), work.mock.calls.length]).toEqual([0, 0]);
  });
});
