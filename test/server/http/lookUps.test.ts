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
    ...(findAll && {
      findAll: (ids: readonly string[]) => counting("findAll", () => findAll(ids)),
    }),
    ...(newest && {
      newest: (...asked: Parameters<typeof newest>) => counting("newest", () => newest(...asked)),
    }),
  };
}

type Asked =
  | readonly [usage: string, resource?: string | null, input?: unknown]
  | readonly [key: string];

/** The query of a page that asks for all of these. A member of one part is a key where the test gives no usage by that name. */
const listOf = (asked: readonly unknown[]) =>
  `?${new URLSearchParams({ lookups: JSON.stringify(asked) })}`;
const pairs = (named: readonly Asked[]) =>
  listOf(named.map(([usage, resource = null, input = null]) => [usage, resource, input]));
const single = ([usage, resource]: readonly [string, string]) =>
  `?${new URLSearchParams({ usage, resource })}`;

const eighty: readonly Asked[] = Array.from({ length: 80 }, (_, n) => ["report", `r-${n}`]);

function busy(
  options: Partial<AresServerOptions<typeof prices>> & {
    make?: (now: () => number) => Ledger;
  } = {},
) {
  const { make = (now) => memoryLedger({ now }), ...rest } = options;
  let now = () => 1_800_000_000_000;
  const ledger = counted(make(() => now()));
  const w = world({ ...rest, ledger });
  now = () => w.clock.ms;
  async function asked(named: readonly Asked[]) {
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

describe("a GET with many look-ups", () => {
  it("answers each in its place, with its usage and resource", async () => {
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
    expect(
      answer.answers.map(({ usage, resource, charge }) => [usage, resource, charge?.status]),
    ).toEqual([
      ["report", "r-1", "charged"],
      ["image", "r-2", "declined"],
      ["image", "r-1", "absent"],
      ["report", "r-1", "charged"],
    ]);
    expect(answer.charge).toBeUndefined();
    expect(answer.answers[1]?.charge).toMatchObject({ code: "insufficient_credits", credits: 4 });
  });

  it("answers what a single look-up answers", async () => {
    const { post, get, asked } = busy();
    await post({ usage: "report", resource: "r-1" });
    await post({ usage: "day", resource: "monday" });
    const named: (readonly [string, string])[] = [
      ["report", "r-1"],
      ["day", "monday"],
      ["report", "r-9"],
    ];

    const alone = await Promise.all(
      named.map(async (each) => (await (await get(single(each))).json()).charge),
    );

    expect(
      (await asked(named)).body.answers.map(({ charge }: { charge: unknown }) => charge),
    ).toEqual(alone);
  });

  it("asks the ledger once for 80 resources, and counts as one read", async () => {
    const { asked, post } = busy({ rateLimit: { reads: 2, charges: 60 } });
    await post({ usage: "report", resource: "r-7" });

    const { body, trips } = await asked(eighty);

    expect(trips).toEqual(["findAll"]);
    expect(body.answers).toHaveLength(80);
    expect(body.answers[7].charge.status).toBe("charged");
    expect((await asked(eighty)).status).toBe(200);
    expect((await asked(eighty)).status).toBe(429);
  });

  it("asks a ledger that can't find many for ten rows at a time", async () => {
    const { asked, post, ledger } = busy({ make: withoutFindAll });
    await post({ usage: "report", resource: "r-42" });

    const { body, trips } = await asked(eighty);

    expect(trips).toEqual(Array(80).fill("find"));
    expect(ledger.most()).toBe(10);
    expect(body.answers[42].charge.status).toBe("charged");
  });

  it("follows a resource whose paid time is over to its present row, beside others", async () => {
    const { asked, post, clock } = busy();
    await post({ usage: "day", resource: "d-1" });
    await post({ usage: "day", resource: "d-2" });
    clock.ms += 2_000;
    await post({ usage: "day", resource: "d-1" });

    const { body, trips } = await asked([["day", "d-1"], ["day", "d-2"], ...eighty.slice(0, 40)]);

    const [renewed, over, other] = body.answers;
    expect([renewed.charge.status, over.charge.status, other.charge.status]).toEqual([
      "charged",
      "absent",
      "absent",
    ]);
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

    expect(body.answers.map(({ charge }: { charge: object }) => charge)).toEqual(
      Array(3).fill({ status: "absent" }),
    );
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

    expect(body.answers.map(({ charge }: { charge: { status: string } }) => charge.status)).toEqual(
      ["charged", "charged", "absent"],
    );
    expect(trips).toEqual(["findAll"]);
  });

  it("shows nobody another user's charges", async () => {
    const { asked, post, session } = busy();
    await post({ usage: "report", resource: "r-1" });
    session.auth = { userId: "user-2", getAccessToken: async () => "token" };

    expect(
      (await asked(eighty)).body.answers.every(
        ({ charge }: { charge: { status: string } }) => charge.status === "absent",
      ),
    ).toBe(true);
  });

  it("says of one that is not valid why, and answers the others", async () => {
    const { get, post, key } = busy();
    await post({ usage: "report", resource: "r-1" });

    const response = await get(
      listOf([
        ["report", "", null],
        ["no\u0000name", "r", null],
        ["report", null, null],
        ["report", "r-1", null],
        ["gone from the list", "r-1", null],
        ["report", "r-1"],
        "report",
        null,
        ["no key"],
        [key()],
        [],
      ]),
    );
    const body = await response.json();

    expect(response.status).toBe(200);
    expect(body.charge).toBeUndefined();
    const bad = { code: "invalid_request", message: expect.any(String) };
    expect(body.answers).toEqual([
      bad,
      bad,
      bad,
      { usage: "report", resource: "r-1", charge: expect.objectContaining({ status: "charged" }) },
      { usage: "gone from the list", resource: "r-1", charge: { status: "absent" } },
      bad,
      bad,
      bad,
      { code: "idempotency_key_invalid", message: expect.any(String) },
      { key: expect.any(String), charge: { status: "absent" } },
      bad,
    ]);
  });

  it("finds the charges of keys beside those of resources, of their own user alone", async () => {
    const { get, post, key, session } = busy();
    const [mine, other] = [key(), key()];
    await post({ usage: "image" }, { "Idempotency-Key": mine });
    const states = async () => {
      const { answers } = await (
        await get(listOf([[mine], ["report", "r-1", null], [other]]))
      ).json();
      return answers.map(({ key, charge }: { key?: string; charge: { status: string } }) => [
        key,
        charge.status,
      ]);
    };

    expect(await states()).toEqual([
      [mine, "charged"],
      [undefined, "absent"],
      [other, "absent"],
    ]);
    session.auth = { userId: "user-2", getAccessToken: async () => "token" };
    expect((await states())[0]).toEqual([mine, "absent"]);
  });

  it.each([
    ["101 look-ups", listOf(Array(101).fill(["r", null, 1]))],
    [
      "a list of more than 3,600 characters as it stands in an address",
      listOf([["report", "r", "x".repeat(3_700)]]),
    ],
    ["text that is no JSON", "?lookups=report"],
    ["no list", "?lookups=%7B%7D"],
    ["an empty list", "?lookups=[]"],
    ["two usages", "?usage=report&resource=r&usage=image&resource=i"],
    ["two resources", "?usage=report&resource=r&resource=s"],
  ])("is refused before anybody is asked: %s", async (_, query) => {
    const asked: string[] = [];
    const { get } = world({
      auth: async () => {
        asked.push("auth");
        return null;
      },
    });

    const response = await get(query);

    expect([response.status, (await response.json()).code, asked]).toEqual([
      400,
      "invalid_request",
      [],
    ]);
  });

  it("may be exactly as long as it may, whatever else stands in the address", async () => {
    const query = (spare: number) =>
      listOf([
        ["report", "r", null],
        ...Array(17).fill(["report", "x".repeat(160), null]),
        ["a", "x".repeat(spare), null],
      ]);
    const room = 3_600 - (query(0).length - "?lookups=".length);

    expect((await world().get(`${query(room)}&account=${"x".repeat(900)}`)).status).toBe(200);
    expect((await world().get(query(room + 1))).status).toBe(400);
  });

  it("is refused as a whole when the ledger fails: nothing is called absent", async () => {
    const { get } = world({
      onError: () => {},
      ledger: { ...memoryLedger(), findAll: () => Promise.reject(new Error("down")) },
    });

    const response = await get(pairs(eighty.slice(0, 2)));

    expect([response.status, (await response.json()).code]).toEqual([503, "ledger_unavailable"]);
  });
});

describe("what servers and caches do to an address on its way", () => {
  const named = [
    ["report", "a b+c%20d&e=f", null],
    ["image", "résumé/42?", null],
    ["report", "r-1", null],
  ];
  const sent = `?b=2&${new URLSearchParams({ lookups: JSON.stringify(named), account: "acct 1" })}&a=1`;
  const inCapitals = (text: string) => text.replace(/%[0-9a-f]{2}/gi, (code) => code.toUpperCase());
  const bare = (text: string) =>
    text.replace(/%(5B|5D|22|2C|3F|2F)/g, (code) => decodeURIComponent(code));
  const all = (text: string) =>
    [...new URLSearchParams(text)]
      .map(
        ([name, value]) =>
          `${name}=${[...new TextEncoder().encode(value)].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join("")}`,
      )
      .join("&");

  it.each([
    ["sorts the parameters", (text: string) => `?${text.slice(1).split("&").sort().join("&")}`],
    [
      "groups them by name",
      (text: string) => `?${new URLSearchParams(Object.fromEntries(new URLSearchParams(text)))}`,
    ],
    ["writes %20 for a space", (text: string) => text.replaceAll("+", "%20")],
    [
      "writes the codes in small letters",
      (text: string) => text.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
    ],
    ["writes the codes in capitals", inCapitals],
    ["leaves brackets and quotes bare", bare],
    ["encodes every letter", (text: string) => `?${all(text)}`],
  ])("changes no answer when it %s", async (_, rewrite) => {
    const { get, post } = world();
    await post({ usage: "report", resource: "a b+c%20d&e=f" });
    await post({ usage: "image", resource: "résumé/42?" });
    const read = async (query: string) => (await (await get(query)).json()).answers;

    const { answers } = LookUpsAnswer.parse(await (await get(sent)).json());
    expect(answers.map(({ charge }) => charge?.status)).toEqual(["charged", "charged", "absent"]);
    expect(await read(rewrite(sent))).toEqual(answers);
  });
});
