import { describe, expect, it } from "vitest";
import { type Ledger, memoryLedger } from "../../../src/server";
import { json, world } from "../world";

// The world's clock stands still at this time, and mints the keys.
const clock = () => 1_800_000_000_000;
const body = { usage: "export-pdf" };

/** A ledger that an app wrote: the eight verbs that every ledger has, and none of those that it may lack. */
function plainLedger(): Ledger {
  const { beginWithin: _, findAll: __, newest: ___, ...verbs } = memoryLedger({ now: clock });
  return verbs;
}

describe("a ledger that an app wrote, with eight verbs", () => {
  it("charges once, replays, and counts the use of a charge", async () => {
    const { ares, key, post, server } = world({ ledger: plainLedger() });
    const headers = { "Idempotency-Key": key() };
    const work = server.withCharge({ usage: "image" }, () => json(200, {}));
    const request = () =>
      new Request("https://app.example/work", {
        method: "POST",
        headers: { ...headers, "Idempotency-Key": workKey, "Sec-Fetch-Site": "same-origin" },
      });
    const workKey = key();

    expect((await post(body, headers)).status).toBe(200);
    expect((await post(body, headers)).headers.get("Idempotency-Replayed")).toBe("true");
    expect([(await work(request())).status, (await work(request())).status]).toEqual([200, 200]);
    expect(ares.book.map(({ usage }) => usage)).toEqual(["export-pdf", "image"]);
  });
});

describe("a ledger whose answer the engine does not know", () => {
  it("stops the charge, and nothing is sent", async () => {
    const strange = { k: "postponed" } as never;
    const { ares, post } = world({ ledger: { ...plainLedger(), claim: async () => strange } });

    expect(await (await post(body)).json()).toMatchObject({ code: "ledger_unavailable" });
    expect(ares.posts()).toBe(0);
  });

  it("has no begin taken for a yes", async () => {
    const strange = { k: "postponed" } as never;
    const ledger = { ...plainLedger(), beginWithin: async () => strange };
    const { ares, post } = world({ ledger, spendCap: { perDay: 100 } });

    expect(await (await post(body)).json()).toMatchObject({ code: "ledger_unavailable" });
    expect(ares.posts()).toBe(0);
  });

  it("has no row taken for a charged one", async () => {
    const ledger = plainLedger();
    const claim: typeof ledger.claim = async (id, asked) => {
      const answer = await ledger.claim(id, asked);
      return answer.k === "done"
        ? { ...answer, row: { ...answer.row, status: "refunded" as never } }
        : answer;
    };
    const { key, post } = world({ ledger: { ...ledger, claim } });
    const headers = { "Idempotency-Key": key() };
    await post(body, headers);

    expect(await (await post(body, headers)).json()).toMatchObject({ code: "ledger_unavailable" });
  });
});
