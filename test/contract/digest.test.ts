import { createHash } from "node:crypto";
import { afterEach, describe, expect, it, vi } from "vitest";
import { digest } from "../../src/contract";

afterEach(() => void vi.unstubAllGlobals());

const parts = ["request", "folio", "ü", 1, null];
const expected = createHash("sha256")
  .update(JSON.stringify(["v1", ...parts]))
  .digest("base64url");

describe("digest", () => {
  it("is SHA-256 as base64url, by Node's own hash", async () => {
    vi.stubGlobal("crypto", undefined);

    expect(await digest(parts)).toBe(expected);
  });

  it.each([
    ["in a Node before 20.16", undefined],
    ["in a runtime without Node's module", () => undefined],
    [
      "in the edge runtime of Next",
      () => {
        throw new Error(
          "A Node.js API is used (process.getBuiltinModule) which is not supported in the Edge Runtime.",
        );
      },
    ],
  ])("is the same %s", async (_, getBuiltinModule) => {
    const hash = vi.spyOn(crypto.subtle, "digest");
    const own = Object.getOwnPropertyDescriptor(process, "getBuiltinModule") ?? {};
    Object.defineProperty(process, "getBuiltinModule", { ...own, value: getBuiltinModule });

    const text = await digest(parts);

    Object.defineProperty(process, "getBuiltinModule", own);
    expect(hash).toHaveBeenCalledOnce();
    hash.mockRestore();
    expect(text).toBe(expected);
  });
});
