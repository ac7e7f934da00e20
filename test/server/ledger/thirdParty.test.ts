import { ledgerRules } from "ares-react/testing";
import { describe, expect, it } from "vitest";
import { json, world } from "../world";
import { ledgerFor01 } from "./ledgerFor01";

// The world's clock stands still at this time, and mints the keys.
const clock = () => 1_800_000_000_000;
const body = { usage: "export-pdf" };

describe("a ledger that an app wrote for 0.1", () => {
  it("charges once, replays, and counts the use of a charge", async () => {
    const { ares, key, post, server } = world({ ledger: ledgerFor01(clock) });
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

  // This ledger never forgets, so it keeps every rule but those about forgetting.
  it.each(ledgerRules.filter(({ title }) => !/forget|retention/i.test(title)))("$title", ({ run }) => run(ledgerFor01()));
});

describe("a ledger whose answer the engine does not know", () => {
  it("stops the charge, and nothing is sent", async () => {
    const strange = { k: "postponed" } as never;
    const { ares, post } = world({ ledger: { ...ledgerFor01(clock), claim: async () => strange } });

    expect(await (await post(body)).json()).toMatchObject({ code: "ledger_unavailable" });
    expect(ares.posts()).toBe(0);
  });

  it("has no row taken for a charged one", async () => {
    const ledger = ledgerFor01(clock);
    const claim: typeof ledger.claim = async (id, asked) => {
      const answer = await ledger.claim(id, asked);
      return answer.k === "done" ? { ...answer, row: { ...answer.row, status: "refunded" as never } } : answer;
    };
    const { key, post } = world({ ledger: { ...ledger, claim } });
    const headers = { "Idempotency-Key": key() };
    await post(body, headers);

    expect(await (await post(body, headers)).json()).toMatchObject({ code: "ledger_unavailable" });
  });
});
