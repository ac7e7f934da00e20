import { describe, expect, it } from "vitest";
import { type AresAuth, type Ledger, memoryLedger } from "../../../src/server";
import { embedded } from "../../ledgers/openLedgers";
import { json, world } from "../world";

/** Numbers that JSON can carry, but that are no amount of credits. */
const absurd = ["1e307", "1e400", "-1e300", "9007199254740993"];

/** An ARES whose balance is any text that a test sets. */
function telling(balance: string, ledger: Ledger = memoryLedger({ now: () => 1_800_000_000_000 })) {
  const auth: AresAuth = { userId: "user-1", getAccessToken: async () => "token" };
  const tells = { balance };
  const w = world({
    ledger,
    evidence: "balance",
    auth: Object.assign(async () => auth, { forUser: () => auth }),
    ares: {
      async fetch(url, init) {
        if (url.endsWith("/v1/user"))
          return new Response(`{"message":"Success","user":{"credits":${tells.balance}}}`);
        const answer = await w.ares.fetch(url, init);
        return answer.ok
          ? new Response(`{"message":"Success","user":{"credits":${tells.balance}}}`)
          : answer;
      },
      timeoutMs: 2_000,
    },
  });
  return { ...w, tells };
}

describe.each(absurd)("a balance of %s", (balance) => {
  it("is not told, instead of shown", async () => {
    const { get, tells } = telling(balance);

    const answer = await get();

    expect([answer.status, (await answer.json()).code]).toEqual([503, "ares_unreachable"]);
    tells.balance = "12.5";
    expect((await (await get()).json()).user.credits).toBe(12.5);
  });

  it("is never written down, before a charge or after it", async () => {
    const { post, ledger, ares } = telling(balance);

    const charged = await post({ usage: "report", resource: "r-1" });

    expect([charged.status, (await charged.json()).user, ares.book.length]).toEqual([
      200,
      undefined,
      1,
    ]);
    expect((await ledger.list({})).map(({ outcome }) => outcome)).toEqual([{}]);
  });

  it("is no evidence about a charge that was not confirmed", async () => {
    const { post, server, clock, ares, tells } = telling("100");
    ares.next(() => json(500, {}));
    await post({ usage: "report", resource: "r-1" });
    clock.ms += 200_000;
    tells.balance = balance;

    expect(await server.reconcile({ apply: true })).toMatchObject([
      { proposal: null, applied: false },
    ]);
  });
});

describe.each(["memory", "a file of SQLite"])("on %s", (engine) => {
  it("a charge beside an absurd balance stays readable and is replayed", async () => {
    const opened = await embedded[engine]?.();
    if (!opened) throw new Error(`No ledger is called ${engine}.`);
    const { post, get, ares, clock } = telling("1e307", opened.ledger);
    clock.ms = Date.now() + 60_000;
    const headers = { "Idempotency-Key": `${clock.ms}-${"k".repeat(16)}` };

    const answers = [
      await post({ usage: "image" }, headers),
      await post({ usage: "image" }, headers),
      await get("?charges=recent"),
    ];
    const { charge } = await (await get(`?charge=${headers["Idempotency-Key"]}`)).json();
    await opened.close();

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect([charge.status, ares.book.length]).toEqual(["charged", 1]);
  });
});
