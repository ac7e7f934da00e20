import { describe, expect, it } from "vitest";
import { type Ledger, memoryLedger } from "../../../src/server";

/** A ledger with one charged row, and a clock that a test moves. */
async function charged(): Promise<{ ledger: Ledger; clock: { ms: number } }> {
  const clock = { ms: 1_800_000_000_000 };
  const ledger = memoryLedger({ now: () => clock.ms });
  const facts = {
    attempt: "a",
    key: "k",
    fingerprint: "f",
    userId: "u",
    usage: "image",
    resource: null,
    hundredths: 400,
  };
  await ledger.claim("row", {
    ...facts,
    mintedAt: clock.ms,
    leaseMs: 60_000,
    retainMs: Number.POSITIVE_INFINITY,
  });
  await ledger.begin("row", { attempt: "a", leaseMs: 60_000 });
  await ledger.settle("row", { attempt: "a", to: "charged", outcome: {} });
  return { ledger, clock };
}

describe("the uses of a row", () => {
  it("are held no longer than a lease when the store's clock is set back", async () => {
    const { ledger, clock } = await charged();
    const ask = (attempt: string) => ledger.redeem("row", { by: "me", attempt, leaseMs: 30_000 });
    expect([await ask("one"), await ask("two")]).toEqual(["ok", "busy"]);

    clock.ms -= 24 * 60 * 60 * 1000;

    expect(await ask("two")).toBe("ok");
  });

  it("keep the notes of the newest hundred: an older use counts as ended", async () => {
    const { ledger } = await charged();
    const ask = (n: number) =>
      ledger.redeem("row", { by: `${n}`, uses: 101, attempt: `run ${n}`, leaseMs: 30_000 });
    for (let n = 0; n < 101; n++) expect(await ask(n)).toBe("ok");

    expect(
      await ledger.redeem("row", { by: "0", uses: 101, attempt: "again", leaseMs: 30_000 }),
    ).toBe("already_by_me");
    expect(
      await ledger.redeem("row", { by: "1", uses: 101, attempt: "again", leaseMs: 30_000 }),
    ).toBe("busy");
    expect(await ledger.redeem("row", { by: "101", uses: 101 })).toBe("used");
  });
});
