import { describe, expect, it } from "vitest";
import { ledgerFor01 } from "../ledger/ledgerFor01";
import { json, world } from "../world";

const body = { usage: "report", resource: "r-1" };
const broke = () => json(402, {});

/** A world in which ARES declined one key, and then another key of the same resource. */
async function declinedTwice(options: Parameters<typeof world>[0] = {}) {
  const w = world(options);
  const first = w.key();
  w.clock.ms += 1_000;
  const second = w.key();
  const send = (key: string) => w.post(body, { "Idempotency-Key": key });
  const codeOf = async (key: string) => (await (await send(key)).json()).code;
  w.ares.next(broke, broke);
  expect([await codeOf(first), await codeOf(second)]).toEqual(["insufficient_credits", "insufficient_credits"]);
  return { ...w, first, second, send, codeOf };
}

describe("a request that comes again after ARES declined its key", () => {
  it.each([
    ["", {}],
    [", on a ledger that ignores whom a claim follows", { ledger: ledgerFor01(() => 1_800_000_000_000) }],
  ])("is not sent when a later key has had the row: its caller was told that nothing was charged%s", async (_, options) => {
    const { ares, codeOf, first, second } = await declinedTwice(options);

    expect([await codeOf(first), await codeOf(second)]).toEqual(["insufficient_credits", "insufficient_credits"]);
    expect([ares.posts(), ares.book]).toEqual([2, []]);
  });

  it("leaves the resource to the next press, which is charged once", async () => {
    const { ares, send, clock, first, key } = await declinedTwice();
    await send(first);
    clock.ms += 1_000;
    const third = key();

    expect((await send(third)).headers.get("Idempotency-Replayed")).toBe("false");
    for (const repeated of [first, third]) expect((await send(repeated)).headers.get("Idempotency-Replayed")).toBe("true");
    expect(ares.book).toHaveLength(1);
  });

  it("is not sent either when it waited for its token while a later key was declined", async () => {
    const { ares, post, key, session, clock } = world();
    const first = key();
    let read = (_: string) => {};
    const token = new Promise<string>((done) => {
      read = done;
    });
    let copy = Promise.resolve(new Response());
    await new Promise<void>((waits) => {
      session.auth = {
        userId: "user-1",
        getAccessToken() {
          waits();
          return token;
        },
      };
      copy = post(body, { "Idempotency-Key": first });
    });
    // Two reads of one account share one answer.
    session.auth = { userId: "user-1", account: "named", getAccessToken: async () => "canary-token" };
    ares.next(broke, broke);
    expect((await post(body, { "Idempotency-Key": first })).status).toBe(402);
    clock.ms += 1_000;
    expect((await post(body)).status).toBe(402);

    read("canary-token");

    expect((await (await copy).json()).code).toBe("insufficient_credits");
    expect([ares.posts(), ares.book]).toEqual([2, []]);
  });

  it("is not sent after a reader has looked at the row's former claim", async () => {
    const { ares, ledger, get, post, key, clock } = world({ onError: () => {} });
    const first = key();
    const { claim } = ledger;
    // The first key claims the row, and its worker stops. Before a reader revokes that claim, another key is declined there.
    ledger.claim = async (id, asked) => {
      await claim(id, asked);
      throw new Error("the worker stops");
    };
    await post(body, { "Idempotency-Key": first });
    clock.ms += 11_000;
    const second = key();
    ledger.claim = async (id, asked) => {
      ledger.claim = claim;
      ares.next(broke);
      await post(body, { "Idempotency-Key": second });
      return claim(id, asked);
    };

    expect((await (await get("?usage=report&resource=r-1")).json()).charge.status).toBe("declined");
    expect((await post(body, { "Idempotency-Key": second })).status).toBe(402);
    expect(ares.posts()).toBe(1);
  });
});

describe("a reader who revokes a claim", () => {
  it("says absent only once the claim that took the row meanwhile is revoked too", async () => {
    const { ledger, get, post, key, clock } = world({ onError: () => {} });
    const { claim } = ledger;
    let row = "";
    ledger.claim = async (id, asked) => {
      row = id;
      await claim(id, asked);
      throw new Error("the worker stops");
    };
    await post(body);
    clock.ms += 11_000;
    ledger.claim = async (id, asked) => {
      ledger.claim = claim;
      const { follows: _, ...other } = asked;
      await claim(id, { ...other, attempt: "slow", key: key(), leaseMs: 10_000 });
      clock.ms += 11_000;
      return claim(id, asked);
    };

    expect((await (await get("?usage=report&resource=r-1")).json()).charge).toEqual({ status: "absent" });
    expect(await ledger.begin(row, { attempt: "slow", leaseMs: 1_000 })).toBe(false);
  });
});

describe("a row that a later key left free", () => {
  it("is not sent for a key that ARES declined before", async () => {
    const { ares, post, key, clock } = world();
    const first = key();
    ares.next(broke, () => json(429, {}));
    await post(body, { "Idempotency-Key": first });
    clock.ms += 1_000;
    const second = key();
    expect((await post(body, { "Idempotency-Key": second })).status).toBe(429);

    expect((await (await post(body, { "Idempotency-Key": first })).json()).code).toBe("idempotency_key_expired");
    expect([ares.posts(), ares.book]).toEqual([2, []]);
    expect((await post(body, { "Idempotency-Key": second })).status).toBe(200);
    expect((await post(body, { "Idempotency-Key": first })).headers.get("Idempotency-Replayed")).toBe("true");
    expect(ares.book).toHaveLength(1);
  });

  it("goes to a key that is later still", async () => {
    const { ares, post, clock } = world();
    ares.next(() => json(429, {}));
    await post(body);
    clock.ms += 1_000;

    expect((await post(body)).status).toBe(200);
    expect(ares.book).toHaveLength(1);
  });
});

describe("a declined row", () => {
  it("is taken by a later key although the clock that minted its own key runs ahead", async () => {
    const { ares, post, key, clock } = world();
    clock.ms += 240_000;
    const ahead = key();
    clock.ms -= 240_000;
    ares.next(broke);
    expect((await post(body, { "Idempotency-Key": ahead })).status).toBe(402);
    clock.ms += 1_000;

    expect((await post(body)).status).toBe(200);
    expect(ares.book).toHaveLength(1);
  });
});
