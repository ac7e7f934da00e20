import { describe, expect, it } from "vitest";
import { world } from "../world";

/** Two users of one browser: Ann's page is open, and Bob signs in in another window. */
async function annsPage() {
  const w = world();
  const ann = w.session.auth;
  const owner: string = (await (await w.get()).json()).owner;
  const signIn = (userId: string) => {
    w.session.auth = { userId, getAccessToken: async () => `token-of-${userId}` };
  };
  const signInAnn = () => {
    w.session.auth = ann;
  };
  return { ...w, owner, signIn, signInAnn };
}

describe("the owner", () => {
  it("is told by every GET, the same for one user, another for another, and names nobody", async () => {
    const { get, owner, signIn, key } = await annsPage();

    for (const query of ["", "?charges=recent", `?charge=${key()}`, "?usage=report&resource=r"])
      expect((await (await get(query)).json()).owner).toBe(owner);
    expect(owner).toMatch(/^[\w-]{22}$/);
    expect(owner).not.toContain("user-1");
    signIn("bob");
    expect((await (await get()).json()).owner).not.toBe(owner);
  });

  it("of another user refuses the charge before anything is claimed or asked", async () => {
    const { post, owner, signIn, ledger, ares, key } = await annsPage();
    signIn("bob");
    const calls = ares.calls.length;

    const refused = await post({ usage: "export-pdf", owner }, { "Idempotency-Key": key() });

    expect([refused.status, (await refused.json()).code]).toEqual([409, "other_user"]);
    expect(await ledger.list({})).toEqual([]);
    expect(ares.calls.length).toBe(calls);
  });

  it("lets the same key charge its own user once, after the other one was refused", async () => {
    const { post, owner, signIn, signInAnn, ares, key } = await annsPage();
    const headers = { "Idempotency-Key": key() };
    const body = { usage: "export-pdf", owner };
    signIn("bob");
    await post(body, headers);
    signInAnn();

    expect((await post(body, headers)).status).toBe(200);
    expect((await post(body, headers)).headers.get("Idempotency-Replayed")).toBe("true");
    expect(ares.book.map(({ token }) => token)).toEqual(["canary-token"]);
  });

  it("may be missing: the guide's button, curl and older pages are served", async () => {
    const { post, press } = await annsPage();
    expect((await post({ usage: "export-pdf" })).status).toBe(200);
    expect((await press({ usage: "image", credits: 4 })).status).toBe(200);
  });
});
