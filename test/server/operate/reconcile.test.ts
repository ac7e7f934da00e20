import { describe, expect, it } from "vitest";
import type { AresAuth } from "../../../src/server";
import { json, world } from "../world";

/** A world in which ARES deducts, or not, and does not answer. */
function unconfirmed({ deducted, balance = 100 }: { deducted: boolean; balance?: number }) {
  const session: { auth: AresAuth } = {
    auth: { userId: "user-1", getAccessToken: async () => "token" },
  };
  const auth = Object.assign(async () => session.auth, {
    forUser: (userId: string): AresAuth => ({ ...session.auth, userId }),
  });
  const w = world({ auth, balance, evidence: "balance" });
  const lose = () =>
    w.ares.next((deduct) => {
      if (deducted) deduct();
      return json(500, {});
    });
  lose();
  return { ...w, lose };
}

describe("reconcile", () => {
  it("proposes charged when the balance fell by exactly the price", async () => {
    const { server, post } = unconfirmed({ deducted: true });
    await post({ usage: "image" });

    expect(await server.reconcile()).toMatchObject([
      { usage: "image", credits: 4, proposal: "charged", applied: false },
    ]);
  });

  it("proposes not_charged when the balance has not moved, but not before the charge can no longer land", async () => {
    const { server, post, clock } = unconfirmed({ deducted: false });
    await post({ usage: "image" });

    expect(await server.reconcile()).toMatchObject([{ proposal: null }]);
    clock.ms += 120_001;
    expect(await server.reconcile()).toMatchObject([{ proposal: "not_charged" }]);
  });

  it("subtracts the charges that went through since", async () => {
    const { server, post, clock } = unconfirmed({ deducted: true });
    await post({ usage: "image" });
    clock.ms += 20_000;
    await post({ usage: "export-pdf" });
    await post({ usage: "report", resource: "r" });

    expect(await server.reconcile()).toMatchObject([{ proposal: "charged" }]);
  });

  it("says nothing when another app spent, or when two charges are open", async () => {
    const other = unconfirmed({ deducted: false });
    await other.post({ usage: "image" });
    other.ares.book.push({ token: "", usage: "elsewhere", credits: 1, clientId: "other" });
    expect(await other.server.reconcile()).toMatchObject([
      { proposal: null, reason: "The balance changed by another amount." },
    ]);

    const two = unconfirmed({ deducted: true });
    two.lose();
    await two.post({ usage: "image" });
    await two.post({ usage: "export-pdf" });
    const open = { proposal: null, reason: "This user has another open charge." };
    expect(await two.server.reconcile()).toMatchObject([open, open]);
  });

  it("changes nothing unless told to, and never sends anything again", async () => {
    const { server, post, get, ares, key, events } = unconfirmed({ deducted: true });
    const k = key();
    await post({ usage: "image" }, { "Idempotency-Key": k });

    await server.reconcile();
    expect((await (await get(`?charge=${k}`)).json()).charge.status).toBe("unknown");
    expect(await server.reconcile({ apply: true })).toMatchObject([{ applied: true }]);

    expect((await (await get(`?charge=${k}`)).json()).charge.status).toBe("charged");
    expect((await post({ usage: "image" }, { "Idempotency-Key": k })).status).toBe(200);
    expect(ares.posts()).toBe(1);
    expect(events.at(-2)).toMatchObject({ type: "resolved", verdict: "charged" });
  });

  it("ends a charge whose server died, by an operator", async () => {
    const { server, post, get, clock, key, ledger, events } = world();
    const dead = world({ ledger: { ...ledger, settle: () => new Promise(() => {}) } });
    const k = key();
    void dead.post({ usage: "image" }, { "Idempotency-Key": k });
    await expect.poll(() => ledger.list({ status: "sending" })).toHaveLength(1);
    clock.ms += 60_000;

    const [row] = await server.charges.list({ status: "unknown" });
    expect(await server.charges.resolve(row?.id ?? "", "not_charged", "not in ARES's books")).toBe(
      true,
    );
    expect(await server.charges.resolve(row?.id ?? "", "charged", "twice")).toBe(false);

    expect((await (await get(`?charge=${k}`)).json()).charge.status).toBe("declined");
    expect((await (await post({ usage: "image" }, { "Idempotency-Key": k })).json()).code).toBe(
      "declined",
    );
    expect(events.filter(({ type }) => type === "resolved")).toHaveLength(1);
  });
});
