import { describe, expect, it, vi } from "vitest";
import { createAresServer, memoryLedger } from "../../src/server";
import { json, pretendAres, prices } from "../server/world";

describe("memoryLedger with a name", () => {
  it("is one ledger for two copies of the module: paid in one, paid in the other", async () => {
    vi.resetModules();
    const copy = await import("../../src/server");
    const ares = pretendAres();
    const name = crypto.randomUUID();
    const options = {
      clientId: "c",
      prices,
      auth: async () => ({ userId: "u", getAccessToken: async () => "t" }),
      ares: { fetch: ares.fetch },
    };
    const route = createAresServer({ ...options, ledger: memoryLedger({ name }) });
    const page = copy.createAresServer({ ...options, ledger: copy.memoryLedger({ name }) });

    const headers = { "Content-Type": "application/json", "Sec-Fetch-Site": "same-origin", "Idempotency-Key": copy.mintKey(Date.now()) };
    const body = JSON.stringify({ usage: "report", resource: "r1" });
    expect((await route.POST(new Request("https://app.example/api/ares", { method: "POST", headers, body }))).status).toBe(200);

    const work = await page.requirePaid(new Request("https://app.example/reports/r1"), { usage: "report", resource: "r1" });
    expect(work.charge.resource).toBe("r1");
    expect(json(200, work).status).toBe(200);
  });

  it("remembers from the moment when it was made, not when it was asked for again", async () => {
    const name = crypto.randomUUID();
    const first = await memoryLedger({ name, now: () => 1000 }).health();

    expect((await memoryLedger({ name, now: () => 5000 }).health()).epoch).toBe(first.epoch);
  });

  it("is another ledger under another name, and each its own without one", async () => {
    expect(memoryLedger({ name: "a" })).toBe(memoryLedger({ name: "a" }));
    expect(memoryLedger({ name: "a" })).not.toBe(memoryLedger({ name: "b" }));
    expect(memoryLedger()).not.toBe(memoryLedger());
  });
});
