import { expect, test } from "vitest";
import { ledgerRules } from "../../src/testing/ledgerRules/ledgerRules";
import { keepsTheRules } from "./keepsTheRules";
import { embedded } from "./openLedgers";

for (const engine of ["memory", "a file of SQLite"])
  keepsTheRules(engine, embedded[engine], { durable: engine !== "memory" });

test("the rules are more than sixty laws with names of their own", () => {
  const titles = ledgerRules.map(({ title }) => title);

  expect(titles.length).toBeGreaterThanOrEqual(60);
  expect(new Set(titles).size).toBe(titles.length);
});
