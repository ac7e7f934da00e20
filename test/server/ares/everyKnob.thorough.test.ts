import { describe, expect, it } from "vitest";
import { definePrices, memoryLedger, mintKey } from "../../../src/server";
import { createAresSimulator, createTestServer, type KnobSettings } from "../../../src/testing";
import { Knobs } from "../../../src/testing/simulator/knobs";

/**
 * What an app and its user see of one step. `code` is "charged" or the refusal's code. `state` is the same key's later
 * answer. `book` is what ARES took.
 */
interface Seen {
  status: number;
  code: string;
  state: string;
  book: number[];
}

/** The balance in the answer, where there is one. */
type Charged = Seen & { told: unknown };

const charged: Seen = { status: 200, code: "charged", state: "charged", book: [1] };
const unaffordable: Seen = {
  status: 402,
  code: "insufficient_credits",
  state: "declined",
  book: [],
};
const notAllowed: Seen = { status: 403, code: "declined", state: "declined", book: [] };
const mustReconnect: Seen = { status: 401, code: "reconnect", state: "absent", book: [] };
const unknown: Seen = { status: 409, code: "outcome_unknown", state: "unknown", book: [] };

/** The results under the documented settings: ten credits, and a price of one. */
const documented = {
  /** The balance, or the code that says why there is none. */
  balance: 10 as number | string,
  balanceAfter: 9 as number | string,
  /** A charge that the user can pay, and the new balance in its answer. */
  charge: charged,
  balanceTold: undefined as number | undefined,
  /** A charge of half a credit. */
  half: { ...charged, book: [0.5] },
  /** A charge above the balance. */
  tooMuch: unaffordable,
  /** A charge with an expired token, which can be renewed, or can't. */
  expired: charged,
  ended: mustReconnect,
  /** A charge by an app that ARES does not know. */
  stranger: notAllowed,
  /** A negative amount, from a browser that claims to have seen such a price. */
  negative: { status: 400, code: "invalid_request", state: "absent", book: [] } as Seen,
};
type Documented = typeof documented;

/** A server's time limit for ARES, and an ARES that is slower. That ARES deducts, and nobody hears of it. */
const TIMEOUT_MS = 300;
const TOO_SLOW_MS = 3_000;
const late: Partial<Documented> = {
  charge: { ...unknown, book: [1] },
  half: { ...unknown, book: [0.5] },
  tooMuch: unknown,
  expired: unknown,
  ended: unknown,
  stranger: unknown,
};
const unread = { balance: "ares_unreachable", balanceAfter: "ares_unreachable" };

type Row<K extends keyof Knobs> = [
  value: NonNullable<KnobSettings[K]>,
  differs: Partial<Documented>,
  alongside?: KnobSettings,
];
const refusedWith = (status: 400 | 402 | 403 | 409) => ({ insufficientStatus: status });

/** Knobs of the OAuth endpoints, which no charge meets. `test/connect` turns them. */
type OfOAuth =
  | "refreshTtlMs"
  | "rotation"
  | "pkce"
  | "refreshRedirect"
  | "tokenErrors"
  | "tokenBody";

/** Every knob, each of its values, and the difference from the documented case. */
const table: { [K in Exclude<keyof Knobs, OfOAuth>]: Row<K>[] } = {
  insufficientStatus: [
    [400, {}],
    [402, {}],
    [403, {}],
    [409, {}],
  ],
  insufficientText: [
    ["Insufficient credits", {}],
    ["You don't have enough credits", {}, refusedWith(400)],
    ["Not enough tokens", {}, refusedWith(403)],
    ["Your token balance is too low", {}, refusedWith(403)],
    ["Out of credits", {}, refusedWith(409)],
    // Here neither the status nor the text says it. The user must at least be told no untruth.
    ["", { tooMuch: unaffordable }, refusedWith(402)],
    ["No", { tooMuch: notAllowed }, refusedWith(400)],
    ["No", { tooMuch: notAllowed }, refusedWith(403)],
    ["Conflict", { tooMuch: unknown }, refusedWith(409)],
  ],
  usageBody: [
    ["minimal", {}],
    ["usage", {}],
    ["balance", { balanceTold: 9 }],
  ],
  userShape: [
    ["nested", {}],
    ["flat", {}],
    ["fractional", { balance: 10.004, balanceAfter: 9.004 }],
  ],
  expiredAs: [
    [401, {}],
    [403, {}],
  ],
  fractions: [
    ["int", { half: notAllowed }],
    ["0.01", {}],
    ["any", {}],
  ],
  nonPositiveCredits: [
    ["refuse", {}],
    ["accept", {}],
  ],
  unknownClient: [
    [400, {}],
    // An ARES that answers with 401 seems to speak of the token.
    [401, { stranger: mustReconnect }],
    [403, {}],
    [404, {}],
    ["accept", { stranger: charged }],
  ],
  latencyMs: [
    [0, {}],
    [30, {}],
    [{ user: 30 }, {}],
    [{ usage: 30 }, {}],
    [{ user: TOO_SLOW_MS }, unread],
    [{ usage: TOO_SLOW_MS }, late],
    [TOO_SLOW_MS, { ...unread, ...late }],
  ],
  readLagMs: [
    [0, {}],
    [60_000, { balanceAfter: 10 }],
  ],
  tokenTtlMs: [
    [1_800_000, {}],
    [1000, {}],
    [1, {}],
  ],
};

const rows = Object.entries(table).flatMap(([knob, values]) =>
  values.map(([value, differs, alongside = {}]) => ({
    name: `${knob}: ${[value, ...Object.values(alongside)].map((each) => JSON.stringify(each)).join(" with ")}`,
    settings: Knobs.parse({ ...alongside, [knob]: value }),
    expected: { ...documented, ...differs },
  })),
);

/** The kit's server in front of an ARES with these settings. */
function open(settings: Knobs, { clientId = "mine", credits = 10 } = {}) {
  let time = 1_800_000_000_000;
  const now = () => time;
  const simulator = createAresSimulator({
    users: { ada: credits },
    clients: ["mine"],
    now,
    ...settings,
  });
  const ledger = memoryLedger({ now });
  const prices = definePrices({ "export-pdf": 1, half: 0.5 });
  const { fetch } = createTestServer({
    simulator,
    prices,
    timeoutMs: isTooSlow(settings) ? TIMEOUT_MS : 20_000,
    server: { clientId, ledger, now },
  });
  // As a sign-in service keeps it: made once, and read again only after ARES refused it.
  simulator.tokenOf("ada");

  async function balance(): Promise<number | string> {
    const answer = await fetch("/api/ares");
    const body = await answer.json();
    return answer.ok ? body.user.credits : body.code;
  }
  async function charge(
    body: { usage: string; credits?: number } = { usage: "export-pdf" },
    key = mintKey(time),
  ): Promise<Charged> {
    const headers = { "Content-Type": "application/json", "Idempotency-Key": key };
    const charges = simulator.charges.length;
    const sentAt = Date.now();
    const answer = await fetch("/api/ares", {
      method: "POST",
      headers,
      body: JSON.stringify(body),
    });
    const said = await answer.json();
    // ARES finishes a request that it has begun, also when nobody waits for it any more, and on a busy machine a little later.
    const isUnderWay = () =>
      simulator.charges.length === charges && Date.now() - sentAt < TOO_SLOW_MS + 3_000;
    while (isTooSlow(settings) && isUnderWay())
      await new Promise((resolve) => setTimeout(resolve, 20));
    const state = (await (await fetch(`/api/ares?charge=${key}`)).json()).charge.status;
    expect((await ledger.list({})).map(({ status }) => status)).toEqual(
      state === "absent" ? rowsOfNone(said.code) : [state],
    );
    const book = simulator.charges.map(({ credits }) => credits);
    return {
      status: answer.status,
      code: said.code ?? said.status,
      state,
      book,
      told: said.user?.credits,
    };
  }
  return {
    simulator,
    balance,
    charge,
    newKey: () => mintKey(time),
    pass: (ms: number) => {
      time += ms;
    },
  };
}

/** A charge that never reached the ledger and a charge that was given back are both "absent" to a reader. */
const rowsOfNone = (code: string) => (code === "reconnect" ? ["claimed"] : []);

function isTooSlow({ latencyMs }: Knobs): boolean {
  return Object.values(typeof latencyMs === "number" ? { latencyMs } : latencyMs).some(
    (ms) => ms > TIMEOUT_MS,
  );
}

const seen = ({ told, ...rest }: Charged): Seen => rest;

describe.concurrent.each(rows)("with ARES set to $name", ({ settings, expected }) => {
  it("tells the balance, or that it could not be read", async () => {
    expect(await open(settings).balance()).toBe(expected.balance);
  });

  it("charges once what can be paid, and answers its key the same for ever", async () => {
    const world = open(settings);
    const key = world.newKey();

    const { told, ...answer } = await world.charge({ usage: "export-pdf" }, key);
    const again = await world.charge({ usage: "export-pdf" }, key);

    expect(answer).toEqual(expected.charge);
    expect(told).toBe(expected.balanceTold);
    expect(seen(again)).toEqual(answer);
    expect(world.simulator.balanceOf("ada")).toBe(9);
    expect(world.simulator.requests.usage).toBe(1);
    expect(await world.balance()).toBe(expected.balanceAfter);
  });

  it("charges half a credit, or says that it was not allowed", async () => {
    expect(seen(await open(settings).charge({ usage: "half" }))).toEqual(expected.half);
  });

  it("charges nothing when there are too few credits", async () => {
    const world = open(settings, { credits: 0.25 });

    expect(seen(await world.charge())).toEqual(expected.tooMuch);
    expect(world.simulator.balanceOf("ada")).toBe(0.25);
  });

  it("renews a token whose time is over, and charges once", async () => {
    const world = open(settings);
    world.pass(settings.tokenTtlMs);

    expect(seen(await world.charge())).toEqual(expected.expired);
  });

  it("uses a token to the last moment of its time", async () => {
    const world = open(settings);
    const before = world.simulator.tokenOf("ada");
    world.pass(settings.tokenTtlMs - 1);

    expect(seen(await world.charge())).toEqual(expected.charge);
    expect(world.simulator.tokenOf("ada")).toBe(before);
  });

  it("charges nothing with a connection that has ended", async () => {
    const world = open(settings);
    world.simulator.expireToken("ada", { refreshable: false });

    expect(seen(await world.charge())).toEqual(expected.ended);
    expect(world.simulator.balanceOf("ada")).toBe(10);
  });

  it("charges for an app that ARES does not know only if ARES does", async () => {
    expect(seen(await open(settings, { clientId: "stranger" }).charge())).toEqual(
      expected.stranger,
    );
  });

  it("asks ARES for no negative amount", async () => {
    const world = open(settings);

    expect(seen(await world.charge({ usage: "export-pdf", credits: -5 }))).toEqual(
      expected.negative,
    );
    expect(world.simulator.requests.usage).toBe(0);
    expect(world.simulator.balanceOf("ada")).toBe(10);
  });
});

describe("the table", () => {
  it("names every value of every knob that has a list of them", () => {
    const turned = Object.entries(Knobs.shape).filter(([knob]) => knob in table);
    const lists = turned.flatMap(([knob, { def }]): { knob: string; values: unknown[] }[] => {
      const inner = def.innerType.def;
      if (inner.type === "literal") return [{ knob, values: inner.values }];
      return inner.type === "enum" ? [{ knob, values: Object.values(inner.entries) }] : [];
    });

    expect(lists.length).toBeGreaterThan(5);
    expect(lists.map(({ knob }) => ({ knob, values: valuesOf(knob) }))).toEqual(lists);
  });
});

function valuesOf(knob: string): unknown[] {
  return Object.entries(table).flatMap(([name, values]) =>
    name === knob ? values.map(([value]) => value) : [],
  );
}
