import { mintKey } from "ares-react/server";
import {
  createAresSimulator,
  createTestServer,
  type FaultName,
  faultNames,
} from "ares-react/testing";
import fc from "fast-check";
import { expect, it } from "vitest";

// A slow answer may deduct during the next turn, and that turn would count the deduction.
const names = faultNames.filter((name) => name !== "slow");
const rates: Partial<Record<FaultName, number>> = Object.fromEntries(
  names.map((name) => [name, 0.8 / names.length]),
);

it("never deducts twice for a key, nor for one that was said not to be charged, whatever strikes at random", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer(), async (seed) => {
      const simulator = createAresSimulator({ users: { ada: 500 }, usageBody: "minimal" });
      const { handler } = createTestServer({ simulator, timeoutMs: 30, prices: { poem: 1 } });
      for (let turn = 0; turn < 6; turn++) {
        simulator.heal();
        simulator.failRandomly({ seed: seed + turn, rates });
        const before = simulator.charges.length;
        const key = mintKey(Date.now());
        const codes: string[] = [];
        for (let attempt = 0; attempt < 4; attempt++) codes.push(await press(handler, key));

        const deducted = simulator.charges.length - before;
        expectTrue(codes, deducted);
      }
    }),
    { numRuns: 25, seed: 20261123 },
  );
});

/** Compares what the attempts with one key were told with what ARES took. */
function expectTrue(codes: readonly string[], deducted: number): void {
  expect(deducted).toBeLessThanOrEqual(1);
  if (codes.includes("charged")) expect({ codes, deducted }).toEqual({ codes, deducted: 1 });
  else if (!codes.includes("outcome_unknown"))
    expect({ codes, deducted }).toEqual({ codes, deducted: 0 });
  // A known outcome, or a known unknown, stays so.
  const settled = codes.findIndex((code) => code === "charged" || code === "outcome_unknown");
  if (settled >= 0) expect(new Set(codes.slice(settled)).size).toBe(1);
}

async function press(
  handler: (request: Request) => Promise<Response>,
  key: string,
): Promise<string> {
  const response = await handler(
    new Request("https://app.example/api/ares", {
      method: "POST",
      headers: { "Content-Type": "application/json", "Idempotency-Key": key },
      body: '{"usage":"poem"}',
    }),
  );
  const body = await response.json();
  return response.ok ? body.status : body.code;
}
