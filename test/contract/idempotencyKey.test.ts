import { afterEach, expect, it, vi } from "vitest";
import { keyMintedAt, keyWithTerms, maxCredits, mintKey, termsOf } from "../../src/contract";

afterEach(() => void vi.useRealTimers());

it("a key that is minted without a time has the clock's", () => {
  vi.useFakeTimers({ now: 1_800_000_000_123 });

  expect(keyMintedAt(mintKey())).toBe(1_800_000_000_123);
  expect(mintKey()).not.toBe(mintKey());
});

const minted = "01a31b8f-5800-7000-8000-000000000000";
const owner = "u4Vh0vHCAzJ0Zq2tCqXlrA";

it("a key tells its owner and its price", () => {
  const key = keyWithTerms(minted, { owner, credits: 0.29 });

  expect(key).toBe(`${minted}.${owner}.29`);
  expect(termsOf(key)).toEqual({ owner, hundredths: 29 });
  expect(keyMintedAt(key)).toBe(keyMintedAt(minted));
});

it.each([0, 1, maxCredits])("a price of %s credits stands in a key", (credits) => {
  const key = keyWithTerms(minted, { owner: "_-Az09", credits });

  expect(termsOf(key)).toEqual({ owner: "_-Az09", hundredths: credits * 100 });
});

it.each([minted, `1800000000123-${"a".repeat(16)}`, "no key", `${minted}.${owner}`])(
  "%s has no terms",
  (key) => expect(termsOf(key)).toEqual({}),
);

it.each([
  ["an owner with a dot", "a.b", 1],
  ["no owner", "", 1],
  ["an owner of 65 letters", "a".repeat(65), 1],
  ["an owner beyond ASCII", "ünal", 1],
  ["a price of three places", owner, 0.001],
  ["a price below 0", owner, -1],
  ["no price", owner, Number.NaN],
])("%s leaves a key plain", (_, owner, credits) => {
  expect(keyWithTerms(minted, { owner, credits })).toBe(minted);
});

it("a key with terms gets no others", () => {
  const key = keyWithTerms(minted, { owner, credits: 1 });

  expect(keyWithTerms(key, { owner: "other", credits: 9 })).toBe(key);
});

it.each([
  ["a price with a leading zero", `${minted}.${owner}.01`],
  ["a price with a place", `${minted}.${owner}.1.5`],
  ["a price with a sign", `${minted}.${owner}.-1`],
  ["a price with a line end", `${minted}.${owner}.1\n`],
  ["no price", `${minted}.${owner}.`],
  ["an owner alone", `${minted}.${owner}`],
  ["a price above the largest", `${minted}.${owner}.${maxCredits * 100 + 1}`],
  ["the key of a shell", `1800000000123-${"a".repeat(16)}.${owner}.1`],
  ["upper case", `${minted.toUpperCase().replace("-7000", "-7A00")}.${owner}.1`],
])("%s makes terms no key", (_, key) => {
  expect(keyMintedAt(key)).toBeNull();
  expect(termsOf(key)).toEqual({});
});
