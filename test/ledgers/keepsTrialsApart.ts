import { expect } from "vitest";
import { mintKey } from "../../src/contract";
import type { Ledger } from "../../src/server";

const claimOf = (userId: string) => ({
  attempt: "a",
  key: mintKey(Date.now()),
  fingerprint: "f",
  userId,
  usage: "report",
  resource: "r-1",
  hundredths: 100,
  mintedAt: Date.now() + 60_000,
  leaseMs: 60_000,
  retainMs: 600_000,
});

/** Fills a trial of a ledger and drops it. `names` tells what stands in the engine. */
export async function keepsTrialsApart(ledger: Ledger, names: () => Promise<string[]>) {
  await ledger.claim("row", claimOf("ada"));
  const [before, rows] = [await names(), await ledger.list({})];

  const trial = ledger.trial?.("prove_1a2b");
  if (!trial) throw new Error("The ledger has no trial.");
  await trial.setup();
  expect(await trial.list({})).toEqual([]);
  for (let n = 0; n < 250; n++) {
    expect(await trial.claim(`row-${n}`, claimOf(`user-${n}`))).toEqual({ k: "mine" });
    const begin = { attempt: "a", leaseMs: 60_000, most: { day: 1000 } };
    expect(await trial.beginWithin?.(`row-${n}`, begin)).toEqual({ k: "yes" });
  }
  const added = (await names()).filter((name) => !before.includes(name));
  expect(added.length).toBeGreaterThan(0);
  expect(added.filter((name) => !name.includes("prove_1a2b"))).toEqual([]);

  await trial.drop();
  expect(await names()).toEqual(before);
  expect(await ledger.list({})).toMatchObject(rows.map(({ id, status }) => ({ id, status })));
  await trial.drop();
}
