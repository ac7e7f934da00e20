import { expect } from "vitest";
import type { Ledger } from "../../src/server";

const userId = "canary-user";

/** Charges a user under a cap in every way, erases the user, and looks for what is left in the whole store. */
export async function leavesNoTrace(ledger: Ledger, everything: () => Promise<string[]>) {
  const { epoch } = await ledger.health();
  async function charge(name: string, to: "charged" | "declined" | "claimed", resource?: string) {
    const [id, attempt] = [`canary-id-${name}`, `canary-attempt-${name}`];
    const facts = { attempt, key: `canary-key-${name}`, fingerprint: `canary-print-${resource}` };
    const times = { mintedAt: epoch + 60_000, leaseMs: 0, retainMs: Number.POSITIVE_INFINITY };
    const what = { userId, usage: "image", resource: resource ?? null, hundredths: 100 };
    await ledger.claim(id, { ...facts, ...times, ...what });
    if (to === "claimed") return;
    await ledger.beginWithin?.(id, { attempt, leaseMs: 60_000, most: { day: 10_000 } });
    const seen = { note: "canary-note", wallet: "canary-wallet", balanceBefore: 5 };
    await ledger.settle(id, { attempt, to, outcome: { ...seen, aresStatus: 200 } });
    await ledger.redeem(id, { by: "canary-use", attempt: "canary-run", body: "canary-body" });
  }
  await charge("plain", "charged");
  await charge('odd "quoted" \\ ✓', "charged");
  await charge("declined", "declined", "canary-refused");
  await charge("displacing", "declined", "canary-refused");
  await charge("first", "charged", "canary-resource");
  await charge("next", "charged", "canary-resource");
  await charge("claimed", "claimed", "canary-claim");
  // Another key takes the row of a refusal, whose refusal moves to a row of its own.
  await ledger.claim("canary-id-declined", {
    attempt: "canary-attempt-taker",
    key: "canary-key-taker",
    fingerprint: "canary-print-canary-refused",
    userId,
    usage: "image",
    resource: "canary-refused",
    hundredths: 100,
    mintedAt: epoch + 60_000,
    leaseMs: 0,
    retainMs: Number.POSITIVE_INFINITY,
  });
  expect((await everything()).join()).toContain("canary-user");
  await expect.poll(async () => (await ledger.health()).now).toBeGreaterThan(epoch + 5);

  const { now } = await ledger.health();
  const step = { as: "erased", madeBefore: now + 1 };
  expect(await ledger.erase?.(userId, step)).toEqual({ moved: 8, next: null });

  expect((await everything()).filter((each) => each.includes("canary"))).toEqual([]);
  const rows = await ledger.list({ userId: "erased" });
  expect(rows.map(({ hundredths }) => hundredths)).toEqual(Array(8).fill(100));
}
