import { afterEach, describe, expect, it, vi } from "vitest";
import type { AresAuth } from "../../../src/server";
import { json, world } from "../world";

afterEach(() => vi.unstubAllGlobals());

/** A provider that rotates: a refresh ends the token before, and a second refresh with the same old token fails. */
function rotating() {
  let current = 0;
  let refreshes = 0;
  let authenticated = 0;
  async function refresh(seen: number): Promise<string> {
    refreshes += 1;
    await new Promise((done) => setTimeout(done, 5));
    if (seen !== current) throw new Error("invalid_grant");
    current += 1;
    return `token-${current}`;
  }
  const auth = async (): Promise<AresAuth> => {
    authenticated += 1;
    return {
      userId: "user-1",
      getAccessToken: async ({ refresh: again = false } = {}) =>
        again ? refresh(current) : "token-0",
    };
  };
  return {
    auth,
    isStale: (token: string) => token !== `token-${current}` || current === 0,
    counts: () => ({ refreshes, authenticated }),
  };
}

describe("five requests of one user with a stale token, at once", () => {
  it("refresh it once, and all five charge", async () => {
    const provider = rotating();
    const charged: string[] = [];
    const { post } = world({
      auth: provider.auth,
      ares: {
        async fetch(_url, init) {
          const token =
            new Headers(init.headers).get("Authorization")?.replace("Bearer ", "") ?? "";
          if (provider.isStale(token)) return json(401, { error: "Invalid token" });
          charged.push(token);
          return json(200, { message: "Success" });
        },
      },
    });

    const answers = await Promise.all(
      Array.from({ length: 5 }, () => post({ usage: "export-pdf" })),
    );

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect(provider.counts()).toEqual({ refreshes: 1, authenticated: 5 });
    expect(charged).toHaveLength(5);
  });

  it("make five reads where one request may not wait for another: on Workers", async () => {
    vi.stubGlobal("navigator", { userAgent: "Cloudflare-Workers" });
    let reads = 0;
    const read = async () => {
      reads += 1;
      await new Promise((done) => setTimeout(done, 5));
      return "t";
    };
    const { get } = world({ auth: async () => ({ userId: "u", getAccessToken: read }) });
    await Promise.all([get(), get()]);
    expect(reads).toBe(2);
  });
});

describe("a token read that others wait for", () => {
  it("fails nobody else when its own request is aborted", async () => {
    let reads = 0;
    const read = async () => {
      reads += 1;
      const mine = reads;
      await new Promise((done) => setTimeout(done, 5));
      if (mine === 1) throw new DOMException("aborted", "AbortError");
      return "t";
    };
    const { get } = world({
      auth: async () => ({ userId: "u", getAccessToken: read }),
      onError: () => {},
    });

    const answers = await Promise.all([get(), get(), get()]);

    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 503]);
    expect(reads).toBe(2);
  });

  it.each<[string, (n: number) => Pick<AresAuth, "userId" | "account">]>([
    ["user", (n) => ({ userId: `user-${n}` })],
    ["account", (n) => ({ userId: "user", account: `account-${n}` })],
  ])("is never shared with another %s", async (_, who) => {
    const tokens: string[] = [];
    let n = 0;
    const { get } = world({
      auth: async () => {
        n += 1;
        const mine = `token-${n}`;
        return {
          ...who(n),
          getAccessToken: async () => new Promise((done) => setTimeout(done, 5, mine)),
        };
      },
      ares: {
        async fetch(_url, init) {
          tokens.push(new Headers(init.headers).get("Authorization") ?? "");
          return json(200, { user: { credits: 1 } });
        },
      },
    });

    await Promise.all([get(), get()]);

    expect(tokens.sort()).toEqual(["Bearer token-1", "Bearer token-2"]);
  });
});
