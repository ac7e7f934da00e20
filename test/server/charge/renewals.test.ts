import { describe, expect, it } from "vitest";
import { type Ledger, memoryLedger } from "../../../src/server";
import { world } from "../world";

const KEEP_MS = 1_000;
const pass = { usage: "day", resource: "day-pass" } as const;

/** A user who buys a time again and again, and the claims and reads that the ledger hears. */
function renewing(change: (ledger: Ledger) => Ledger = (ledger) => ledger) {
  let asked: string[] = [];
  const at = { now: () => 0 };
  const ledger = change(memoryLedger({ now: () => at.now() }));
  const heard: Ledger = { ...ledger };
  for (const verb of ["claim", "find", "findAll", "newest", "list"] as const) {
    const real: ((...args: never[]) => unknown) | undefined = ledger[verb];
    const hear = (...args: never[]) => {
      asked.push(verb);
      return real?.(...args);
    };
    if (real) Object.assign(heard, { [verb]: hear });
  }
  const w = world({ ledger: heard, rateLimit: false });
  at.now = () => w.clock.ms;
  const count = () => ({
    claims: asked.filter((verb) => verb === "claim").length,
    reads: asked.filter((verb) => verb !== "claim").length,
  });
  async function buy(key = w.key()) {
    asked = [];
    const answer = await w.post(pass, { "Idempotency-Key": key });
    return {
      status: answer.status,
      replayed: answer.headers.get("Idempotency-Replayed"),
      ...count(),
    };
  }
  async function look() {
    asked = [];
    const request = new Request("https://app.example/film", {
      headers: { "Sec-Fetch-Site": "same-origin" },
    });
    const paid = await w.server.requirePaid(request, pass).then(
      ({ charge }) => charge.id,
      () => null,
    );
    return { paid, ...count() };
  }
  const later = () => {
    w.clock.ms += KEEP_MS;
  };
  return { ...w, buy, look, later };
}

describe("the n-th renewal of a resource", () => {
  it("needs at most two claims and three reads, and a look at most three reads", async () => {
    const { buy, look, later, ares } = renewing();
    for (let n = 0; n < 30; n++) {
      const bought = await buy();
      expect(bought).toMatchObject({ status: 200, replayed: "false" });
      expect([bought.claims <= 2, bought.reads <= 3]).toEqual([true, true]);
      const open = await look();
      expect([typeof open.paid, open.claims, open.reads <= 3]).toEqual(["string", 0, true]);
      later();
      const over = await look();
      expect([over.paid, over.claims, over.reads <= 3]).toEqual([null, 0, true]);
    }
    expect(ares.book).toHaveLength(30);
  });

  it("is replayed to its own key, also when later renewals have ended, and is charged by no other", async () => {
    const { buy, later, key, ares, ledger } = renewing();
    const keys = [key(), key(), key(), key()];
    for (const each of keys) {
      expect((await buy(each)).replayed).toBe("false");
      later();
    }
    for (const each of keys)
      expect(await buy(each)).toMatchObject({ status: 200, replayed: "true" });
    expect(ares.book).toHaveLength(4);
    expect(await ledger.list({})).toHaveLength(4);
  });

  it.each<[string, (ledger: Ledger) => Ledger]>([
    ["knows no newest row", ({ newest: _, ...ledger }) => ledger],
    [
      "answers rows of others",
      (ledger) => ({
        ...ledger,
        newest: (_, marks) =>
          ledger
            .list({})
            .then((rows) => rows.map((row) => ({ ...row, fingerprint: `not ${marks[0]}` }))),
      }),
    ],
    [
      "answers the first row",
      (ledger) => ({ ...ledger, newest: async () => (await ledger.list({})).slice(-1) }),
    ],
  ])("is charged once and found on a ledger that %s", async (_, change) => {
    const { buy, look, later, ares } = renewing(change);
    for (let n = 0; n < 5; n++) {
      expect((await buy()).replayed).toBe("false");
      expect((await buy()).replayed).toBe("true");
      expect((await look()).paid).not.toBeNull();
      later();
    }
    expect(ares.book).toHaveLength(5);
  });
});
