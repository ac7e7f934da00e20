import { describe, expect, it, vi } from "vitest";
import { createAresServer, type Ledger, memoryLedger } from "../../src/server";
import { json, pretendAres, prices } from "../server/world";
import { keepsWindows } from "./keepsWindows";

keepsWindows("memory", async () => {
  const clock = { ms: 1_800_000_000_000 };
  return {
    ledger: memoryLedger({ now: () => clock.ms }),
    setClock(ms) {
      clock.ms = ms;
    },
  };
});

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

    const headers = {
      "Content-Type": "application/json",
      "Sec-Fetch-Site": "same-origin",
      "Idempotency-Key": copy.mintKey(Date.now()),
    };
    const body = JSON.stringify({ usage: "report", resource: "r1" });
    expect(
      (
        await route.POST(
          new Request("https://app.example/api/ares", { method: "POST", headers, body }),
        )
      ).status,
    ).toBe(200);

    const work = await page.requirePaid(new Request("https://app.example/reports/r1"), {
      usage: "report",
      resource: "r1",
    });
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

/** Every look at a row reads the clock, so the clock counts the rows that a verb looks at. */
describe("memoryLedger with many users", () => {
  async function looksOf(others: number): Promise<Record<string, number>> {
    let looks = 0;
    const ledger = memoryLedger({ now: () => 1_800_000_000_000 + looks++ });
    const order = (id: string, userId: string) => ({
      ...{
        attempt: id,
        key: id,
        fingerprint: "f",
        userId,
        usage: "report",
        resource: "r-1",
        hundredths: 100,
      },
      ...{ mintedAt: 1_900_000_000_000, leaseMs: 60_000_000, retainMs: Number.POSITIVE_INFINITY },
    });
    for (let n = 0; n < others; n++)
      await ledger.claim(`other-${n}`, order(`other-${n}`, `user-${n}`));
    const verbs: Record<string, (ledger: Ledger) => unknown> = {
      claim: () => ledger.claim("row", order("row", "ada")),
      "claim within a limit": () =>
        ledger.claimWithin?.("row 2", {
          ...order("row 2", "ada"),
          most: { rows: 9, windowMs: 1e12 },
        }),
      again: () => ledger.claim("row", order("row", "ada")),
      beginWithin: () =>
        ledger.beginWithin?.("row", { attempt: "row", leaseMs: 60_000, most: { day: 1_000 } }),
      begin: () => ledger.begin("row", { attempt: "row", leaseMs: 60_000 }),
      settle: () => ledger.settle("row", { attempt: "row", to: "charged", outcome: {} }),
      find: () => ledger.find("row"),
      findAll: () => ledger.findAll?.(["row"]),
      newest: () => ledger.newest?.("ada", ["f"]),
      redeem: () => ledger.redeem("row", { by: "me" }),
      list: () => ledger.list({ userId: "ada" }),
      "list by key": () => ledger.list({ userId: "ada", key: "row" }),
      resolve: () => ledger.resolve("row", { to: "declined", note: "" }),
    };
    const counted: Record<string, number> = {};
    for (const [name, verb] of Object.entries(verbs)) {
      const before = looks;
      await verb(ledger);
      counted[name] = looks - before;
    }
    return counted;
  }

  it("looks at no row of another user", async () => {
    expect(await looksOf(1_000)).toEqual(await looksOf(0));
  });
});
