import { describe, expect, it } from "vitest";
import { LookUpsAnswer } from "../../../src/contract";
import { type AresServerOptions, type Ledger, memoryLedger } from "../../../src/server";
import { json, type prices, world } from "../world";

/** A ledger in memory that writes down its calls. */
function counted(ledger: Ledger): Ledger & { calls: string[]; most: () => number } {
  const calls: string[] = [];
  let [open, most] = [0, 0];
  async function counting<T>(verb: string, work: () => Promise<T>): Promise<T> {
    calls.push(verb);
    open += 1;
    most = Math.max(most, open);
    // The other calls of this moment begin too.
    await Promise.resolve();
    return work().finally(() => {
      open -= 1;
    });
  }
  const { findAll, newest } = ledger;
  return {
    ...ledger,
    calls,
    most: () => most,
    find: (id) => counting("find", () => ledger.find(id)),
    list: (filter) => counting("list", () => ledger.list(filter)),
    claim: (id, claim) => counting("claim", () => ledger.claim(id, claim)),
    ...(findAll && { findAll: (ids: readonly string[]) => counting("findAll", () => findAll(ids)) }),
    ...(newest && { newest: (...asked: Parameters<typeof newest>) => counting("newest", () => newest(...asked)) }),
  };
}

const pairs = (named: readonly (readonly [usage: string, resource?: string])[]) =>
  `?${named
    .flatMap(([usage, resource]) => [
      `usage=${encodeURIComponent(usage)}`,
      ...(resource === undefined ? [] : [`resource=${encodeURIComponent(resource)}`]),
    ])
    .join("&")}`;

const hundred = Array.from({ length: 100 }, (_, n) => ["report", `r-${n}`] as const);

function busy(options: Partial<AresServerOptions<typeof prices>> & { make?: (now: () => number) => Ledger } = {}) {
  const { make = (now) => memoryLedger({ now }), ...rest } = options;
  let now = () => 1_800_000_000_000;
  const ledger = counted(make(() => now()));
  const w = world({ ...rest, ledger });
  now = () => w.clock.ms;
  async function asked(named: Parameters<typeof pairs>[0]) {
    ledger.calls.length = 0;
    const response = await w.get(pairs(named));
    return { status: response.status, body: await response.json(), trips: [...ledger.calls] };
  }
  return { ...w, ledger, asked };
}

function withoutFindAll(now: () => number): Ledger {
  const { findAll: _, ...verbs } = memoryLedger({ now });
  return verbs;
}

describe("a GET with many pairs", () => {
  it("answers each pair in its place, with its usage and resource, and the first at the top", async () => {
    const { post, asked, ares } = busy();
    await post({ usage: "report", resource: "r-1" });
    ares.next(() => json(402, { error: "Insufficient credits" }));
    await post({ usage: "image", resource: "r-2" });

    const { body } = await asked([
      ["report", "r-1"],
      ["image", "r-2"],
      ["image", "r-1"],
      ["report", "r-1"],
    ]);

    const answer = LookUpsAnswer.parse(body);
    expect(answer.answers.map(({ usage, resource, charge }) => [usage, resource, charge?.status])).toEqual([
      ["report", "r-1", "charged"],
      ["image", "r-2", "declined"],
      ["image", "r-1", "absent"],
      ["report", "r-1", "charged"],
    ]);
    expect(answer.charge).toEqual(answer.answers[0]?.charge);
    expect(answer.answers[1]?.charge).toMatchObject({ code: "insufficient_credits", credits: 4 });
  });

  it("answers what a single look-up answers", async () => {
    const { post, get, asked } = busy();
    await post({ usage: "report", resource: "r-1" });
    await post({ usage: "day", resource: "monday" });
    const named = [
      ["report", "r-1"],
      ["day", "monday"],
      ["report", "r-9"],
    ] as const;

    const alone = await Promise.all(named.map(async (each) => (await (await get(pairs([each]))).json()).charge));

    expect((await asked(named)).body.answers.map(({ charge }: { charge: unknown }) => charge)).toEqual(alone);
  });

  it("tells by every success that this server takes many", async () => {
    const { get, key } = busy();
    for (const query of ["", "?charges=recent", `?charge=${key()}`, "?usage=report&resource=r-1"])
      expect((await (await get(query)).json()).lookups).toBe(1);
  });

  it("asks the ledger once for 100 pairs, and counts as one read", async () => {
    const { asked, post } = busy({ rateLimit: { reads: 2, charges: 60 } });
    await post({ usage: "report", resource: "r-7" });

    const { body, trips } = await asked(hundred);

    expect(trips).toEqual(["findAll"]);
    expect(body.answers).toHaveLength(100);
    expect(body.answers[7].charge.status).toBe("charged");
    expect((await asked(hundred)).status).toBe(200);
    expect((await asked(hundred)).status).toBe(429);
  });

  it("asks a ledger that can't find many for ten rows at a time", async () => {
    const { asked, post, ledger } = busy({ make: withoutFindAll });
    await post({ usage: "report", resource: "r-42" });

    const { body, trips } = await asked(hundred);

    expect(trips).toEqual(Array(100).fill("find"));
    expect(ledger.most()).toBe(10);
    expect(body.answers[42].charge.status).toBe("charged");
  });

  it("follows a resource whose paid time is over to its present row, beside others", async () => {
    const { asked, post, clock } = busy();
    await post({ usage: "day", resource: "d-1" });
    await post({ usage: "day", resource: "d-2" });
    clock.ms += 2_000;
    await post({ usage: "day", resource: "d-1" });

    const { body, trips } = await asked([["day", "d-1"], ["day", "d-2"], ...hundred.slice(0, 50)]);

    const [renewed, over, other] = body.answers;
    expect([renewed.charge.status, over.charge.status, other.charge.status]).toEqual(["charged", "absent", "absent"]);
    expect(renewed.charge.createdAt).toBe(clock.ms);
    expect(trips).toEqual(["findAll", "newest", "find"]);
  });

  it("revokes an expired claim before it says absent, so that no charge follows unseen", async () => {
    const { asked, post, ledger, clock, ares } = busy({ onError: () => {} });
    const begin = ledger.begin;
    let late: (() => Promise<boolean>) | undefined;
    // The worker is frozen between its claim and its begin.
    ledger.begin = (id, options) => {
      late = () => begin(id, options);
      return Promise.reject(new Error("frozen"));
    };
    await post({ usage: "report", resource: "r-1" });
    clock.ms += 60_000;

    const { body } = await asked([
      ["report", "r-0"],
      ["report", "r-1"],
      ["report", "r-1"],
    ]);

    expect(body.answers.map(({ charge }: { charge: object }) => charge)).toEqual(Array(3).fill({ status: "absent" }));
    expect(await late?.()).toBe(false);
    expect(ares.book).toEqual([]);
  });

  it("finds each spelling of a resource, in the same round trip", async () => {
    const { asked, post } = busy();
    await post({ usage: "report", resource: "r\u00e9sum\u00e9" });

    const { body, trips } = await asked([
      ["report", " r\u00e9sum\u00e9 "],
      ["report", "re\u0301sume\u0301"],
      ["report", "resume"],
    ]);

    expect(body.answers.map(({ charge }: { charge: { status: string } }) => charge.status)).toEqual(["charged", "charged", "absent"]);
    expect(trips).toEqual(["findAll"]);
  });

  it("shows nobody another user's charges", async () => {
    const { asked, post, session } = busy();
    await post({ usage: "report", resource: "r-1" });
    session.auth = { userId: "user-2", getAccessToken: async () => "token" };

    expect((await asked(hundred)).body.answers.every(({ charge }: { charge: { status: string } }) => charge.status === "absent")).toBe(
      true,
    );
  });

  it("says of a pair that is not valid why, as it was asked, and answers the others", async () => {
    const { asked, post } = busy();
    await post({ usage: "report", resource: "r-1" });

    const { status, body } = await asked([
      ["report", ""],
      ["no\u0000name", "r"],
      ["report"],
      ["report", "r-1"],
      ["gone from the list", "r-1"],
    ]);

    expect(status).toBe(200);
    expect(body.charge).toBeUndefined();
    const bad = { code: "invalid_request", message: expect.any(String) };
    expect(body.answers).toEqual([
      { usage: "report", resource: "", ...bad },
      { usage: "no\u0000name", resource: "r", ...bad },
      { usage: "report", ...bad },
      { usage: "report", resource: "r-1", charge: expect.objectContaining({ status: "charged" }) },
      { usage: "gone from the list", resource: "r-1", charge: { status: "absent" } },
    ]);
  });

  it.each([
    ["101 pairs", pairs([...hundred.map(([usage]) => [usage, "r"] as const), ["report", "r"]])],
    ["a query of more than 4,096 characters", `${pairs([["report", "r"]])}&more=${"x".repeat(4_096)}`],
    ["a resource before the first of two usages", "?resource=r&usage=report&usage=image&resource=i"],
    ["two resources behind one of two usages", "?usage=report&resource=r&resource=s&usage=image&resource=i"],
  ])("is refused before anybody is asked: %s", async (_, query) => {
    const asked: string[] = [];
    const { get } = world({
      auth: async () => {
        asked.push("auth");
        return null;
      },
    });

    const response = await get(query);

    expect([response.status, (await response.json()).code, asked]).toEqual([400, "invalid_request", []]);
  });

  it("may be exactly as long as it may", async () => {
    const query = pairs([
      ["report", "r"],
      ["image", "i"],
    ]);
    const filled = `${query}&app=${"x".repeat(4_096 - query.length - "&app=".length + 1)}`;

    expect((await world().get(filled)).status).toBe(200);
    expect((await world().get(`${filled}x`)).status).toBe(400);
  });

  it("is refused as a whole when the ledger fails: nothing is called absent", async () => {
    const { get } = world({ onError: () => {}, ledger: { ...memoryLedger(), findAll: () => Promise.reject(new Error("down")) } });

    const response = await get(pairs(hundred.slice(0, 2)));

    expect([response.status, (await response.json()).code]).toEqual([503, "ledger_unavailable"]);
  });
});
