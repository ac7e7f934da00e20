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
