import { createAresSimulator } from "ares-react/testing";
import { describe, expect, it } from "vitest";
import { ask, charge } from "./ask";

it.each([400, 402, 403, 409] as const)(
  "knob insufficientStatus: %i says too few credits, in its own words",
  async (insufficientStatus) => {
    const simulator = createAresSimulator({
      users: { ada: 0 },
      insufficientStatus,
      insufficientText: "Not enough",
    });

    const { status, body } = await charge(simulator, "ada");

    expect({ status, body }).toEqual({ status: insufficientStatus, body: { error: "Not enough" } });
    simulator.fail("insufficient");
    simulator.topUp("ada", 10);
    expect((await charge(simulator, "ada")).status).toBe(insufficientStatus);
    expect(simulator.charges).toEqual([]);
  },
);

it.each([
  ["minimal", { message: "Success" }],
  ["usage", { message: "Success", usage: { client_id: "app", usage: "export-pdf", credits: 1 } }],
  [
    "balance",
    {
      message: "Success",
      usage: { client_id: "app", usage: "export-pdf", credits: 1 },
      user: { id: expect.any(String), credits: 9 },
    },
  ],
] as const)("knob usageBody: %s", async (usageBody, body) => {
  const simulator = createAresSimulator({ users: { ada: 10 }, usageBody });

  expect((await charge(simulator, "ada")).body).toEqual(body);
});

it.each([
  ["nested", { message: "Success", user: { credits: 10 } }, false],
  [
    "flat",
    {
      message: "Success",
      credits: 10,
      name: "ada",
      email: "ada@example.com",
      user: { credits: 10 },
    },
    true,
  ],
  ["fractional", { message: "Success", user: { credits: 10.004 } }, false],
] as const)("knob userShape: %s", async (userShape, body, flat) => {
  const simulator = createAresSimulator({ users: { ada: 10 }, userShape });

  const answer = (await ask(simulator, "ada")).body;

  expect(answer).toMatchObject(body);
  expect(Object.keys(Object(answer)).includes("email")).toBe(flat);
});

it.each([
  [401, { error: "Invalid token" }],
  [403, { error: "Token expired" }],
] as const)("knob expiredAs: %i", async (expiredAs, body) => {
  const simulator = createAresSimulator({ expiredAs });
  simulator.tokenOf("user_1");
  simulator.expireToken("user_1");

  expect(await ask(simulator, "user_1")).toMatchObject({ status: expiredAs, body });
  expect(await charge(simulator, "user_1")).toMatchObject({ status: expiredAs, body });
  expect(simulator.charges).toEqual([]);
});

describe("knob fractions", () => {
  it.each([
    ["int", 2, 8],
    ["int", 0.5, null],
    ["0.01", 0.29, 9.71],
    ["0.01", 1.1, 8.9],
    ["0.01", 0.005, null],
    ["any", 0.0001, 9.99],
    ["any", 1.1, 8.9],
    ["any", 1.101, 8.89],
  ] as const)("%s: %d leaves %s", async (fractions, credits, left) => {
    const simulator = createAresSimulator({ users: { ada: 10 }, fractions });

    expect((await charge(simulator, "ada", { credits })).status).toBe(left === null ? 400 : 200);
    expect(simulator.balanceOf("ada")).toBe(left ?? 10);
  });
});

it("knob nonPositiveCredits: an obeyed negative amount adds credits, and the book says so", async () => {
  const simulator = createAresSimulator({ users: { ada: 10 }, nonPositiveCredits: "accept" });

  expect((await charge(simulator, "ada", { credits: -5 })).status).toBe(200);
  expect((await charge(simulator, "ada", { credits: 0 })).status).toBe(200);

  expect(simulator.balanceOf("ada")).toBe(15);
  expect(simulator.charges.map(({ credits }) => credits)).toEqual([-5, 0]);
});

describe("knob unknownClient", () => {
  it.each([400, 401, 403, 404] as const)(
    "%i refuses a client id that is not known",
    async (unknownClient) => {
      const simulator = createAresSimulator({
        users: { ada: 10 },
        clients: ["mine"],
        unknownClient,
      });

      expect((await charge(simulator, "ada", { client_id: "other" })).status).toBe(unknownClient);
      expect((await charge(simulator, "ada", { client_id: "mine" })).status).toBe(200);
      expect(simulator.charges).toHaveLength(1);
    },
  );

  it("accept charges for it all the same", async () => {
    const simulator = createAresSimulator({
      users: { ada: 10 },
      clients: ["mine"],
      unknownClient: "accept",
    });

    expect((await charge(simulator, "ada", { client_id: "other" })).status).toBe(200);
  });
});

describe("knob latencyMs", () => {
  const timed = async (work: () => Promise<unknown>) => {
    const start = performance.now();
    await work();
    return performance.now() - start;
  };

  it("holds both routes, or each", async () => {
    const simulator = createAresSimulator({ latencyMs: 40 });
    expect(await timed(() => ask(simulator, "user_1"))).toBeGreaterThan(35);
    expect(await timed(() => charge(simulator, "user_1"))).toBeGreaterThan(35);

    simulator.set({ latencyMs: { usage: 400 } });
    const held = charge(simulator, "user_1").then(() => "charge");
    const read = ask(simulator, "user_1").then(() => "read");
    expect(await Promise.race([held, read])).toBe("read");
    expect(await held).toBe("charge");
  });
});

it("knob readLagMs: a read tells the balance of a while ago, a charge works on today's", async () => {
  let time = 10_000;
  const simulator = createAresSimulator({ users: { ada: 2 }, now: () => time, readLagMs: 1000 });
  const credits = async () => (await ask(simulator, "ada")).body;

  await charge(simulator, "ada", { credits: 2 });
  expect(await credits()).toMatchObject({ user: { credits: 2 } });
  expect((await charge(simulator, "ada")).status).toBe(402);

  time += 1000;
  expect(await credits()).toMatchObject({ user: { credits: 0 } });
});

describe("set", () => {
  it("changes what it names and keeps the rest", () => {
    const simulator = createAresSimulator({ expiredAs: 401, usageBody: "minimal" });

    simulator.set({ usageBody: "balance" });

    expect(simulator.knobs).toMatchObject({
      expiredAs: 401,
      usageBody: "balance",
      insufficientStatus: 402,
    });
  });

  it("refuses what can't be, in a sentence, and keeps its settings", () => {
    const simulator = createAresSimulator();

    // @ts-expect-error 418 is no such status
    expect(() => simulator.set({ insufficientStatus: 418 })).toThrow(
      /kept its settings.*insufficientStatus/s,
    );
    // @ts-expect-error no such knob
    expect(() => createAresSimulator({ insuficientStatus: 402 })).toThrow(/insuficientStatus/);
    expect(simulator.knobs.insufficientStatus).toBe(402);
  });
});
