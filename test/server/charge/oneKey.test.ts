import { describe, expect, it } from "vitest";
import { json, world } from "../world";

const code = async (answer: Response) => (await answer.json()).code;
const stateOf = async (answer: Response) => (await answer.json()).charge;

describe("GET ?charge=<key>", () => {
  it("finds the charge of a resource behind any number of newer ones", async () => {
    const { post, get, key, clock, ledger } = world({ balance: 1000, rateLimit: false });
    const old = key();
    await post({ usage: "report", resource: "first" }, { "Idempotency-Key": old });
    for (let i = 0; i < 120; i += 1) {
      clock.ms += 1000;
      await post({ usage: "mite", resource: `r-${i}` });
    }

    expect(await ledger.list({ userId: "user-1", limit: 1000 })).toHaveLength(121);
    expect(await stateOf(await get(`?charge=${old}`))).toMatchObject({
      status: "charged",
      usage: "report",
      resource: "first",
    });
  });

  it("finds an unconfirmed one there too, and never calls it absent", async () => {
    const { ares, post, get, key } = world({ balance: 1000, rateLimit: false });
    const old = key();
    ares.next((deduct) => {
      deduct();
      return json(500, {});
    });
    await post({ usage: "report", resource: "first" }, { "Idempotency-Key": old });
    for (let i = 0; i < 120; i += 1) await post({ usage: "mite", resource: `r-${i}` });

    expect((await stateOf(await get(`?charge=${old}`))).status).toBe("unknown");
  });

  it("tells of the row that was sent, when claims at one instant left a second row behind", async () => {
    const { ledger, post, get, key } = world();
    const used = key();
    await post({ usage: "report", resource: "a" }, { "Idempotency-Key": used });
    const { list } = ledger;
    ledger.list = async (filter) => {
      const rows = await list(filter);
      return filter.key === undefined
        ? rows
        : [...rows.map((row) => ({ ...row, id: "left", status: "claimed" as const })), ...rows];
    };

    expect((await stateOf(await get(`?charge=${used}`))).status).toBe("charged");
  });

  it("tells nothing of another user's key", async () => {
    const { post, get, key, session } = world();
    const theirs = key();
    await post({ usage: "report", resource: "first" }, { "Idempotency-Key": theirs });
    session.auth = { userId: "user-2", getAccessToken: async () => "canary-token" };

    expect(await stateOf(await get(`?charge=${theirs}`))).toEqual({ status: "absent" });
  });
});

describe("one key for two requests", () => {
  const bodies = [
    [
      { usage: "report", resource: "a" },
      { usage: "report", resource: "b" },
    ],
    [{ usage: "report", resource: "a" }, { usage: "report" }],
    [{ usage: "report" }, { usage: "report", resource: "a" }],
    [
      { usage: "report", resource: "a" },
      { usage: "image", resource: "a" },
    ],
  ];

  it.each(bodies)("charges %j and refuses %j", async (first, second) => {
    const { ares, post, get, key } = world();
    const headers = { "Idempotency-Key": key() };

    expect((await post(first, headers)).status).toBe(200);
    const refused = await post(second, headers);

    expect([refused.status, await code(refused)]).toEqual([422, "idempotency_key_reused"]);
    expect((await post(first, headers)).headers.get("Idempotency-Replayed")).toBe("true");
    expect(ares.book.map(({ usage }) => usage)).toEqual(["report"]);
    expect(await stateOf(await get(`?charge=${headers["Idempotency-Key"]}`))).toMatchObject({
      status: "charged",
      usage: "report",
    });
  });

  it("charges one of them at most when both come at the same instant", async () => {
    const { ares, post, key } = world();
    const headers = { "Idempotency-Key": key() };

    await Promise.all(
      ["a", "b", "c"].map((resource) => post({ usage: "report", resource }, headers)),
    );

    expect(ares.book).toHaveLength(1);
  });

  it("replays a resource that another key has paid for, although the key has charged something else", async () => {
    const { ares, post, key } = world();
    const headers = { "Idempotency-Key": key() };
    await post({ usage: "report", resource: "a" });
    await post({ usage: "report", resource: "b" }, headers);

    expect(
      (await post({ usage: "report", resource: "a" }, headers)).headers.get("Idempotency-Replayed"),
    ).toBe("true");
    expect(ares.book).toHaveLength(2);
  });
});
