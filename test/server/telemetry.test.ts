import { afterEach, describe, expect, it, vi } from "vitest";
import { type Ledger, memoryLedger, type Telemetry, type TelemetryWork } from "../../src/server";
import { unhandledIn } from "./unhandledIn";
import { json, world } from "./world";

afterEach(() => void vi.useRealTimers());

const quiet: Telemetry = {
  start: () => ({ within: (run) => run(), end: () => {} }),
  event: () => {},
  unknown: () => {},
};

function fail(): never {
  throw new Error("the tracer is down");
}
const reject = async () => fail();

/** A telemetry that keeps what it is told. */
function heard() {
  const works: string[] = [];
  const outcomes: [string, unknown][] = [];
  const nameOf = (work: TelemetryWork) =>
    work.type === "ledger" ? `ledger.${work.verb}` : work.type;
  const telemetry: Telemetry = {
    ...quiet,
    start: (work) => {
      works.push(nameOf(work));
      return { within: (run) => run(), end: (outcome) => outcomes.push([nameOf(work), outcome]) };
    },
  };
  return { telemetry, works, outcomes };
}

describe.each<[string, Partial<Telemetry>]>([
  ["throws at a start", { start: fail }],
  ["throws at an event", { event: fail }],
  ["throws at a count of unknown charges", { unknown: fail }],
  ["throws instead of running the work", { start: () => ({ within: fail, end: () => {} }) }],
  [
    "throws after it ran the work",
    {
      start: () => ({
        within: (run) => {
          run();
          fail();
        },
        end: () => {},
      }),
    },
  ],
  ["never runs the work", { start: () => ({ within: () => {}, end: () => {} }) }],
  [
    "runs the work twice",
    {
      start: () => ({
        within: (run) => {
          run();
          run();
        },
        end: () => {},
      }),
    },
  ],
  [
    "runs the work late, too",
    { start: () => ({ within: (run) => void setTimeout(run, 1), end: () => {} }) },
  ],
  ["throws at an end", { start: () => ({ within: (run) => run(), end: fail }) }],
])("a telemetry that %s", (_, broken) => {
  const telemetry = { ...quiet, ...broken };

  it("changes no answer, sends each charge once, and leaves no rejection behind", async () => {
    const { post, get, key, server, ares, events } = world({ telemetry, onError: () => {} });
    const headers = { "Idempotency-Key": key() };
    const told: unknown[] = [];

    const unhandled = await unhandledIn(async () => {
      told.push((await post({ usage: "image" }, headers)).status);
      told.push((await post({ usage: "image" }, headers)).status);
      ares.next(() => json(500, {}));
      told.push((await (await post({ usage: "report", resource: "r" })).json()).code);
      told.push((await (await get()).json()).user.credits);
      told.push(
        (await server.charge(new Request("https://app.example"), { usage: "image" })).credits,
      );
      told.push((await server.reconcile()).length);
    });

    expect(told).toEqual([200, 200, "outcome_unknown", 96, 4, 1]);
    expect(ares.book).toHaveLength(2);
    expect(ares.posts()).toBe(3);
    expect(events.map(({ type }) => type)).toEqual(["charged", "replayed", "unknown", "charged"]);
    expect(unhandled).toEqual([]);
  });
});

describe("a telemetry of promises that reject", () => {
  it("leaves no rejection behind, and onError hears of them", async () => {
    const errors: unknown[] = [];
    const { post, server } = world({
      telemetry: {
        start: () => ({ within: (run) => run(), end: reject }),
        event: reject,
        unknown: reject,
      },
      onError: (error) => errors.push(error),
    });

    const unhandled = await unhandledIn(async () => {
      expect((await post({ usage: "image" })).status).toBe(200);
      await server.reconcile();
    });

    expect(unhandled).toEqual([]);
    expect(errors.length).toBeGreaterThan(5);
    expect(errors).toEqual(errors.map(() => new Error("the tracer is down")));
  });
});

describe("a telemetry that gives back what the work gave, as OpenTelemetry's context does", () => {
  it("tells onError of no charge that was refused or is unconfirmed, and of what the ledger threw once", async () => {
    const errors: unknown[] = [];
    const down = new Error("connect ECONNREFUSED");
    const switched = { paused: false, down: false };
    const memory = memoryLedger({ now: () => 1_800_000_000_000 });
    const { post, ares } = world({
      telemetry: { ...quiet, start: () => ({ within: (run) => run(), end: () => {} }) },
      paused: () => switched.paused,
      ledger: {
        ...memory,
        claim: (...args) => (switched.down ? Promise.reject(down) : memory.claim(...args)),
      },
      onError: (error) => errors.push(error),
    });
    ares.next(
      () => json(402, { error: "Insufficient credits" }),
      () => json(500, {}),
    );
    const codeOf = async () => (await (await post({ usage: "image" })).json()).code;

    const refused = [await codeOf(), await codeOf()];
    switched.paused = true;
    refused.push(await codeOf());

    expect(refused).toEqual(["insufficient_credits", "outcome_unknown", "paused"]);
    expect(errors).toEqual([]);
    Object.assign(switched, { paused: false, down: true });
    expect(await codeOf()).toBe("ledger_unavailable");
    expect(errors).toEqual([down]);
  });
});

describe("a ledger under a telemetry", () => {
  it("is asked as ever, frozen or with verbs that know themselves", async () => {
    class Strict {
      readonly #inner = memoryLedger({ now: () => 1_800_000_000_000 });
      readonly claim = (...args: Parameters<Ledger["claim"]>) => this.#inner.claim(...args);
      begin(...args: Parameters<Ledger["begin"]>) {
        return this.#inner.begin(...args);
      }
      settle(...args: Parameters<Ledger["settle"]>) {
        return this.#inner.settle(...args);
      }
      find(id: string) {
        return this.#inner.find(id);
      }
      redeem(...args: Parameters<Ledger["redeem"]>) {
        return this.#inner.redeem(...args);
      }
      list(...args: Parameters<Ledger["list"]>) {
        return this.#inner.list(...args);
      }
      resolve(...args: Parameters<Ledger["resolve"]>) {
        return this.#inner.resolve(...args);
      }
      health() {
        return this.#inner.health();
      }
    }
    const { telemetry, works } = heard();
    for (const ledger of [
      Object.freeze(new Strict()),
      Object.freeze({ ...memoryLedger({ now: () => 1_800_000_000_000 }) }),
    ]) {
      const { post, server } = world({ ledger, telemetry });
      expect((await post({ usage: "image" })).status).toBe(200);
      expect(await server.charges.list()).toHaveLength(1);
    }
    expect(works).toContain("ledger.list");
  });

  it("lacks the verbs that it lacked", () => {
    const { beginWithin: _, ...ledger } = memoryLedger();

    expect(() => world({ ledger, telemetry: quiet, spendCap: { perDay: 1 } })).toThrow(
      "beginWithin",
    );
  });

  it("that never answers is told as a timeout, so that its span is seen", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const { telemetry, outcomes } = heard();
    const ledger = { ...memoryLedger(), claim: () => new Promise<never>(() => {}) };
    const { post } = world({ ledger, telemetry, onError: () => {} });

    const answer = post({ usage: "image" });
    await vi.advanceTimersByTimeAsync(60_000);

    expect((await (await answer).json()).code).toBe("ledger_unavailable");
    expect(outcomes).toContainEqual(["ledger.claim", { error: "timeout" }]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
