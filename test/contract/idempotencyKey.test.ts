import { afterEach, expect, it, vi } from "vitest";
import { keyMintedAt, mintKey } from "../../src/contract";

afterEach(() => void vi.useRealTimers());

it("a key that is minted without a time has the clock's", () => {
  vi.useFakeTimers({ now: 1_800_000_000_123 });

  expect(keyMintedAt(mintKey())).toBe(1_800_000_000_123);
  expect(mintKey()).not.toBe(mintKey());
});
