import { createAresSimulator, type FaultName, faultNames } from "ares-react/testing";
import { describe, expect, it } from "vitest";
import { ask, charge } from "./ask";

const connection = (code: string, message = "fetch failed") => ({
  rejects: { name: "TypeError", message, cause: { code } },
});

/** What a caller sees, and whether ARES deducted. */
const table: Record<
  FaultName,
  | {
      deducts: boolean;
      rejects?: object;
      status?: number;
      body?: RegExp;
      header?: [string, string];
    }
  | "hangs"
  | "hangs, deducts"
> = {
  "drop-before-charge": { deducts: false, ...connection("ECONNRESET") },
  "drop-after-charge": { deducts: true, ...connection("ECONNRESET") },
  refused: { deducts: false, ...connection("ECONNREFUSED") },
  "dns-failure": { deducts: false, ...connection("ENOTFOUND") },
  "connect-timeout": { deducts: false, ...connection("UND_ERR_CONNECT_TIMEOUT") },
  "cut-body-after": { deducts: true, ...connection("UND_ERR_SOCKET", "terminated") },
  "stall-body-after": "hangs, deducts",
  hang: "hangs",
  "hang-after-charge": "hangs, deducts",
  slow: { deducts: true, status: 200, body: /Success/ },
  "500-before": { deducts: false, status: 500, body: /error/ },
  "500-after": { deducts: true, status: 500, body: /error/ },
  "502-after": { deducts: true, status: 502, body: /<html>/ },
  "503-before": { deducts: false, status: 503, body: /<html>/ },
  "garbage-200-after": { deducts: true, status: 200, body: /^\{"message":"Succ$/ },
  "empty-200-after": { deducts: true, status: 200, body: /^$/ },
  "huge-200-after": { deducts: true, status: 200, body: /^.{1048576,}$/ },
  "error-200-after": { deducts: true, status: 200, body: /"Success".*"error"/ },
  "html-200-before": { deducts: false, status: 200, body: /^<!doctype html>/ },
  "not-success-200": { deducts: false, status: 200, body: /^\{"message":"Failed"\}$/ },
  "302": {
    deducts: false,
    status: 302,
    body: /^$/,
    header: ["Location", "https://joinares.com/oauth"],
  },
  "401": { deducts: false, status: 401, body: /^\{"error":"Invalid token"\}$/ },
  "403": { deducts: false, status: 403, body: /^\{"error":"Forbidden"\}$/ },
  "403-expired": { deducts: false, status: 403, body: /^\{"error":"Token expired"\}$/ },
  "404": { deducts: false, status: 404, body: /error/ },
  insufficient: { deducts: false, status: 402, body: /^\{"error":"Insufficient credits"\}$/ },
  "429": { deducts: false, status: 429, body: /error/ },
  "429-retry-after": { deducts: false, status: 429, body: /error/, header: ["Retry-After", "7"] },
};

function expectSeen(seen: unknown, expected: (typeof table)[FaultName]): void {
  if (typeof expected === "string") {
    expect(seen).toMatchObject({ name: "TimeoutError" });
    return;
  }
  const { rejects, status, body = /^/, header } = expected;
  expect(seen).toMatchObject(rejects ?? { status, text: expect.stringMatching(body) });
  if (header) expect(headerOf(seen, header[0])).toBe(header[1]);
}

function headerOf(seen: unknown, name: string): string | null {
  if (!(seen instanceof Object && "headers" in seen)) return null;
  const { headers } = seen;
  return headers instanceof Headers ? headers.get(name) : null;
}

describe.each(faultNames)("fault: %s", (name) => {
  const expected = table[name];
  const options = { ms: 5, retryAfterSeconds: 7 };
  // Only who waits in vain gives up: on a busy machine, an answer may come late.
  const givesUp = () =>
    typeof expected === "string" ? { signal: AbortSignal.timeout(40) } : undefined;

  it("shows the caller what it should, deducts or does not, and strikes once", async () => {
    const simulator = createAresSimulator({ users: { ada: 10 } });
    simulator.fail(name, options);

    const seen = await charge(simulator, "ada", {}, {}, givesUp()).catch(
      (reason: unknown) => reason,
    );

    expectSeen(seen, expected);
    const deducts = typeof expected === "string" ? expected === "hangs, deducts" : expected.deducts;
    expect(simulator.charges).toHaveLength(deducts ? 1 : 0);
    expect(simulator.balanceOf("ada")).toBe(deducts ? 9 : 10);

    expect((await charge(simulator, "ada")).status).toBe(200);
  });

  it("strikes a read of the balance the same way and moves nothing", async () => {
    const simulator = createAresSimulator({ users: { ada: 10 } });
    simulator.fail(name, { ...options, on: "user" });

    const seen = await ask(simulator, "ada", {
      ...givesUp(),
      headers: { Authorization: `Bearer ${simulator.tokenOf("ada")}` },
    }).catch((reason: unknown) => reason);

    if (typeof expected === "string") expect(seen).toMatchObject({ name: "TimeoutError" });
    else expect(seen).toMatchObject(expected.rejects ?? { status: expected.status });
    expect(simulator.balanceOf("ada")).toBe(10);
  });
});

describe("an answer of one's own", () => {
  it.each([
    [{ status: 418, body: '{"error":"teapot"}' }, 418, 10],
    [{ status: 202, body: "{}", charges: true }, 202, 9],
    [{ status: 204, body: "ignored", charges: true }, 204, 9],
    [{ status: 307, headers: { Location: "https://example.org" } }, 307, 10],
  ])("%o is given", async (fault, status, balance) => {
    const simulator = createAresSimulator({ users: { ada: 10 } });
    simulator.fail(fault);

    expect((await charge(simulator, "ada")).status).toBe(status);
    expect(simulator.balanceOf("ada")).toBe(balance);
  });
});

describe("scripts", () => {
  it("strike one after the other, each on its own route, as often as they say", async () => {
    const simulator = createAresSimulator({ users: { ada: 10 } });
    simulator.fail("500-before", { on: "usage" });
    simulator.fail("429", { on: "user", times: 2 });
    simulator.fail("404", { on: "usage" });

    const seen = [];
    for (const call of [ask, charge, charge, ask, ask, charge])
      seen.push((await call(simulator, "ada")).status);

    expect(seen).toEqual([429, 500, 404, 429, 200, 200]);
    expect(simulator.requests.log.map(({ fault }) => fault)).toEqual([
      "429",
      "500-before",
      "404",
      "429",
      null,
      null,
    ]);
  });

  it("mean the next charge, unless they name the route: a read of the balance before it goes well", async () => {
    const simulator = createAresSimulator({ users: { ada: 10 } });
    simulator.fail("drop-after-charge");

    expect((await ask(simulator, "ada")).status).toBe(200);
    await expect(charge(simulator, "ada")).rejects.toThrow();
    expect(simulator.charges).toHaveLength(1);
  });

  it("strike until they are taken back, when they always strike", async () => {
    const simulator = createAresSimulator();
    simulator.fail("500-before", { times: "always", on: "user" });
    for (let i = 0; i < 5; i++) expect((await ask(simulator, "user_1")).status).toBe(500);
    expect(simulator.faults).toEqual([{ fault: "500-before", on: "user", left: "always" }]);

    simulator.heal();

    expect((await ask(simulator, "user_1")).status).toBe(200);
  });

  it("hide a refusal of ARES as well as a deduction", async () => {
    const simulator = createAresSimulator({ users: { ada: 0 } });
    simulator.fail("502-after");

    expect((await charge(simulator, "ada")).status).toBe(502);
    expect(simulator.charges).toEqual([]);
  });
});

describe("random faults", () => {
  const run = async (seed: number, on?: "user" | "usage") => {
    const simulator = createAresSimulator({ users: { ada: 1000 } });
    simulator.failRandomly({
      seed,
      rates: { "drop-after-charge": 0.3, "500-before": 0.3 },
      ...(on ? { on } : {}),
    });
    const seen = [];
    for (let i = 0; i < 60; i++)
      seen.push(
        await charge(simulator, "ada").then(
          ({ status }) => status,
          () => "dropped",
        ),
      );
    return { seen, charges: simulator.charges.length };
  };

  it("are the same in every run of one seed", async () => {
    expect(await run(7)).toEqual(await run(7));
    expect((await run(7)).seen).not.toEqual((await run(8)).seen);
  });

  it("come about as often as they should, and the book knows what really happened", async () => {
    const { seen, charges } = await run(7);
    const count = (what: unknown) => seen.filter((each) => each === what).length;

    expect(count("dropped")).toBeGreaterThan(8);
    expect(count(500)).toBeGreaterThan(8);
    expect(count(200)).toBeGreaterThan(12);
    expect(charges).toBe(count(200) + count("dropped"));
  });

  it("keep to their route", async () => {
    expect((await run(7, "user")).charges).toBe(60);
  });

  it("may not add up to more than every request", () => {
    expect(() =>
      createAresSimulator().failRandomly({ seed: 1, rates: { "401": 0.6, "429": 0.6 } }),
    ).toThrow(/1\.2/);
  });
});

describe("a caller who hangs up", () => {
  it("is let go at once, with the signal's own reason, and is charged all the same", async () => {
    const simulator = createAresSimulator({ users: { ada: 10 }, latencyMs: 30 });
    const controller = new AbortController();
    const pending = charge(simulator, "ada", {}, {}, { signal: controller.signal });
    const reason = new Error("navigated away");

    controller.abort(reason);

    await expect(pending).rejects.toBe(reason);
    expect(simulator.charges).toEqual([]);
    await expect.poll(() => simulator.balanceOf("ada")).toBe(9);
  });

  it("is never heard when they hung up before they called", async () => {
    const simulator = createAresSimulator();

    await expect(ask(simulator, "user_1", { signal: AbortSignal.abort() })).rejects.toMatchObject({
      name: "AbortError",
    });
    expect(simulator.requests.user).toBe(0);
  });

  it("is let go through the signal of a Request too", async () => {
    const simulator = createAresSimulator();
    simulator.fail("hang", { on: "user" });

    await expect(
      simulator.fetch(
        new Request("https://oauth.joinares.com/v1/user", { signal: AbortSignal.timeout(20) }),
      ),
    ).rejects.toMatchObject({ name: "TimeoutError" });
  });
});
