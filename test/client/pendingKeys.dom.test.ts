import { beforeEach, describe, expect, test } from "vitest";
import { createPendingKeys, PAID_KEY_MS } from "../../src/client/pendingKeys";

const NOW = 1_800_000_000_000;
const DAY = 24 * 60 * 60 * 1000;
const prefix = "ares:test:";
const keys = createPendingKeys(
  prefix,
  () => localStorage,
  () => NOW,
);
const pending = { key: "k-1", usage: "report", at: NOW };

beforeEach(() => localStorage.clear());

describe("keys in storage", () => {
  test("are found until they are dropped", () => {
    keys.save(pending);
    keys.save({ ...pending, key: "k-2" });
    keys.drop(pending);

    expect(keys.of({ usage: "report" })).toEqual([{ ...pending, key: "k-2" }]);
  });

  test("are never those of somebody else on the page", () => {
    localStorage.setItem("other:k-9", JSON.stringify({ ...pending, key: "k-9" }));

    expect(keys.of({ usage: "report" })).toEqual([]);
    expect(localStorage).toHaveLength(1);
  });

  test.each([
    ["younger than a day", { at: NOW - DAY + 1 }, true],
    ["a day old, which no server takes any more", { at: NOW - DAY }, false],
    ["paid a moment ago", { paidAt: NOW - PAID_KEY_MS }, true],
    ["paid before that", { paidAt: NOW - PAID_KEY_MS - 1 }, false],
  ])("count or are removed: %s", (_, facts, counts) => {
    keys.save({ ...pending, ...facts });

    expect(keys.of({ usage: "report" })).toHaveLength(counts ? 1 : 0);
    expect(localStorage).toHaveLength(counts ? 1 : 0);
  });

  test.each([
    "",
    "{",
    "null",
    '"k-1"',
    "[]",
    '{"usage":"report"}',
    '{"key":"k-1"}',
    `{"key":7,"at":${NOW}}`,
    '{"key":"k-1","at":"1800000000000"}',
  ])("are no keys, and removed: %s", (text) => {
    localStorage.setItem(`${prefix}k-1`, text);

    expect(keys.of({ usage: "report" })).toEqual([]);
    expect(Object.values({ ...localStorage }).filter((text) => !text.includes("paidAt"))).toEqual(
      [],
    );
  });
});

test("a page without storage keeps nothing, and goes on", () => {
  const none = createPendingKeys(
    prefix,
    () => {
      throw new DOMException("Storage is forbidden.", "SecurityError");
    },
    () => NOW,
  );

  none.save(pending);
  none.drop(pending);

  expect(none.of({ usage: "report" })).toEqual([]);
});
