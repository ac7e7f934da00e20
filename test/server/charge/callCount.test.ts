import { afterEach, describe, expect, it, vi } from "vitest";
import { json, world } from "../world";

const charge = { usage: "export-pdf" };

afterEach(() => void vi.restoreAllMocks());

describe("calls to ARES", () => {
  it("are one for a charge", async () => {
    const { post, ares } = world();
    await post(charge);
    expect(ares.calls).toEqual(["POST /v1/partner/usage"]);
  });

  it("are one for a balance", async () => {
    const { get, ares } = world();
    await get();
    expect(ares.calls).toEqual(["GET /v1/user"]);
  });

  it("are none for a repeated key, a paid resource, or a charge's state", async () => {
    const { post, get, key, ares } = world();
    const k = key();
    await post({ usage: "report", resource: "r-1" }, { "Idempotency-Key": k });
    const before = ares.calls.length;

    await post({ usage: "report", resource: "r-1" }, { "Idempotency-Key": k });
    await post({ usage: "report", resource: "r-1" });
    await get(`?charge=${k}`);
    await get("?usage=report&resource=r-1");

    expect(ares.calls).toHaveLength(before);
  });

  it("are two when the token had ended, never three", async () => {
    const { post, ares, session } = world();
    session.auth = {
      userId: "user-1",
      getAccessToken: async (options) => (options?.refresh ? "fresh" : "stale"),
    };
    ares.next(
      () => json(401, { error: "Invalid token" }),
      () => json(401, { error: "Invalid token" }),
    );
    await post(charge);
    expect(ares.posts()).toBe(2);
  });
});

describe("digests", () => {
  /** The kinds of digests that a request makes, in their order. */
  async function digestsOf(send: () => Promise<Response>): Promise<unknown[]> {
    const encode = vi.spyOn(TextEncoder.prototype, "encode");
    await send();
    const texts = encode.mock.calls.flatMap(([text = ""]) =>
      text.startsWith('["v1",') ? [text] : [],
    );
    encode.mockRestore();
    return texts.map((text) => JSON.parse(text)[1]).sort();
  }

  it("of a usage are made once: later charges of this app share the fingerprint", async () => {
    // No other test has charged this client's usages.
    const { post } = world({ clientId: `client-${crypto.randomUUID()}` });

    expect(await digestsOf(() => post(charge))).toEqual(["key", "request"]);
    expect(await digestsOf(() => post(charge))).toEqual(["key"]);
    expect(await digestsOf(() => post({ usage: "image" }))).toEqual(["key", "request"]);
  });

  it("of a resource are two for each charge: the row's id and its fingerprint", async () => {
    const { post } = world();

    expect(await digestsOf(() => post({ usage: "report", resource: "r-1" }))).toEqual([
      "request",
      "resource",
    ]);
    expect(await digestsOf(() => post({ usage: "report", resource: "r-1" }))).toEqual([
      "request",
      "resource",
    ]);
  });
});
