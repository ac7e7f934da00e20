import { describe, expect, it } from "vitest";
import { memoryLedger } from "../../src/server";
import { world } from "./world";

describe("when the ledger has lost everything", () => {
  it("calls a charge of before unknown, because it may have happened", async () => {
    const before = world();
    const key = before.key();
    expect((await before.post({ usage: "image" }, { key })).status).toBe(200);

    const after = world({ ledger: memoryLedger({ now: () => before.clock.ms + 1 }) });
    after.clock.ms = before.clock.ms + 1;

    const answer = await after.get(`?charge=${key}`);
    expect(await answer.json()).toMatchObject({ charge: { status: "unknown" } });
  });

  it("calls a charge absent that nobody asked it for", async () => {
    const { get, key } = world();

    const answer = await get(`?charge=${key()}`);

    expect(await answer.json()).toMatchObject({ charge: { status: "absent" } });
  });
});

describe("a key that the ledger may have forgotten in its time", () => {
  const HOUR = 60 * 60 * 1000;

  it("is refused long before: it is taken for 24 hours, and its row kept for 72", async () => {
    const ledger = memoryLedger({ now: () => 0 });
    const kept: number[] = [];
    const { ares, clock, key, post } = world({
      ledger: {
        ...ledger,
        claim(id, claim) {
          kept.push(claim.retainMs / HOUR);
          return ledger.claim(id, claim);
        },
      },
    });
    const [last, late] = [key(), key()];

    clock.ms += 24 * HOUR;
    expect((await post({ usage: "image" }, { "Idempotency-Key": last })).status).toBe(200);
    clock.ms += 1_000;

    const refused = await post({ usage: "image" }, { "Idempotency-Key": late });
    expect(await refused.json()).toMatchObject({ code: "idempotency_key_expired" });
    expect([kept, ares.book.length]).toEqual([[72], 1]);
  });
});
