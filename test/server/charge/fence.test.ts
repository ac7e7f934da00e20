import { describe, expect, it } from "vitest";
import { type AresAuth, type Ledger, memoryLedger } from "../../../src/server";
import { json, world } from "../world";

const charge = { usage: "image" };
const TOKEN_REFUSED = () => json(401, { error: "Invalid token" });

describe("the ledger's answer to begin", () => {
  it("frees the row when it was lost: nothing was sent, and the same key charges at once", async () => {
    const { post, key, ares, ledger } = world();
    let isLost = true;
    const losing: Ledger = {
      ...ledger,
      async begin(id, begin) {
        const begun = await ledger.begin(id, begin);
        if (isLost) throw new Error("The reply was lost.");
        return begun;
      },
    };
    const first = world({ ledger: losing });
    const headers = { "Idempotency-Key": key() };

    expect((await (await first.post(charge, headers)).json()).code).toBe("ledger_unavailable");
    isLost = false;

    expect(first.ares.calls).toEqual([]);
    await expect.poll(async () => (await post(charge, headers)).status).toBe(200);
    expect(ares.book).toHaveLength(1);
  });

  it("sends nothing when this version does not know it, and frees the row", async () => {
    const { post, key, ares, ledger } = world();
    const strange: Ledger = {
      ...ledger,
      async beginWithin(id, begin) {
        await ledger.begin(id, begin);
        return JSON.parse('{ "k": "perhaps" }');
      },
    };
    const first = world({ ledger: strange, spendCap: { perDay: 100 } });
    const headers = { "Idempotency-Key": key() };

    expect((await (await first.post(charge, headers)).json()).code).toBe("ledger_unavailable");

    expect(first.ares.calls).toEqual([]);
    await expect.poll(async () => (await post(charge, headers)).status).toBe(200);
    expect(ares.book).toHaveLength(1);
  });

  it("holds for 20 seconds more than ARES has to answer", async () => {
    const ledger = memoryLedger({ now: () => 1_800_000_000_000 });
    const leases: number[] = [];
    const { post } = world({
      ares: { timeoutMs: 3_000, fetch: async () => json(200, { message: "Success" }) },
      ledger: {
        ...ledger,
        begin(id, begin) {
          leases.push(begin.leaseMs);
          return ledger.begin(id, begin);
        },
      },
    });

    await post(charge);

    expect(leases).toEqual([23_000]);
  });
});

describe("the row of a charge that ARES confirmed", () => {
  it("keeps the balance before and after, and the answer tells the balance after", async () => {
    const { post, ares, ledger } = world({ evidence: "balance" });
    ares.next(() =>
      json(200, {
        message: "Success",
        usage: { usage: "image", credits: 4 },
        user: { credits: 96 },
      }),
    );

    const answer = await (await post(charge)).json();

    const [row] = await ledger.list({});
    expect(row?.outcome).toMatchObject({ balanceBefore: 10_000, balanceAfter: 9_600 });
    expect(answer.user).toEqual({ credits: 96 });
  });

  it("keeps no balance of the refused token, whose account may be another one", async () => {
    const auth: AresAuth = {
      userId: "user-1",
      getAccessToken: async ({ refresh = false } = {}) => (refresh ? "fresh" : "stale"),
    };
    const { post, ares, ledger } = world({ evidence: "balance", auth: async () => auth });
    ares.next(TOKEN_REFUSED);

    expect((await post(charge)).status).toBe(200);

    const [row] = await ledger.list({});
    expect(row?.outcome).toEqual({});
  });
});

describe("a charge that is limited", () => {
  it("names no row: a limited row that is named is a charged one", async () => {
    const { post, ares } = world();
    ares.next(() => json(429, {}, { "Retry-After": "7" }));

    const refusal = await (await post(charge)).json();

    expect(refusal).toMatchObject({ code: "rate_limited", retryAfterSeconds: 7 });
    expect(refusal).not.toHaveProperty("chargeId");
  });
});

describe("a redirect that the sign-in throws while a token is renewed", () => {
  it("reaches the framework, and the key stays free", async () => {
    const redirect = Object.assign(new Error("NEXT_REDIRECT"), { digest: "NEXT_REDIRECT;/login" });
    const auth: AresAuth = {
      userId: "user-1",
      async getAccessToken({ refresh = false } = {}) {
        if (refresh) throw redirect;
        return "stale";
      },
    };
    const { server, ares, key, events } = world({ auth: async () => auth });
    ares.next(TOKEN_REFUSED);
    const request = new Request("https://app.example/pay", { method: "POST" });
    const idempotencyKey = key();

    await expect(server.charge(request, { usage: "image", key: idempotencyKey })).rejects.toBe(
      redirect,
    );

    expect(events).toMatchObject([{ type: "not_sent", code: "reconnect" }]);
    await server.charge(request, { usage: "image", key: idempotencyKey });
    expect(ares.book).toHaveLength(1);
  });
});
