import { beforeEach, describe, expect, test, vi } from "vitest";
import type { Answer } from "../../src/client/answer";
import { type Query, searchOf } from "../../src/client/connection";
import { createLookUps } from "../../src/client/lookups";
import type { LookUp } from "../../src/contract";
import { type AskedLookUp, lookUpsOf } from "./lookUps";

type Server = (asked: readonly AskedLookUp[]) => Partial<Answer>;

const addressOf = (query: Query) => `/api/ares?${searchOf(query)}`;
const chargeOf = ({ resource }: AskedLookUp) => ({
  status: resource?.startsWith("paid") ? "charged" : "absent",
});
const kit: Server = (asked) => ({
  body: { answers: asked.map((each) => ({ ...each, charge: chargeOf(each) })) },
});
const refusal = (status: number, code: string): Partial<Answer> => ({
  ok: false,
  status,
  body: { code },
});

function startPage(server: Server) {
  const asked: Query[] = [];
  let answers = server;
  const read = async (query: Query): Promise<Answer> => {
    asked.push(query);
    return {
      status: 200,
      ok: true,
      contract: true,
      body: undefined,
      ...answers(lookUpsOf(addressOf(query))),
    };
  };
  const lookUps = createLookUps(read);
  return {
    ...lookUps,
    lookUp: (asked: LookUp, isWanted = () => true) => lookUps.lookUp(asked, isWanted),
    asked,
    sizes: () => asked.map((query) => lookUpsOf(addressOf(query)).length),
    serve: (server: Server) => {
      answers = server;
    },
  };
}

const report = (resource: string): LookUp => ["report", resource, null];
const resources = (many: number, name = "r") =>
  Array.from({ length: many }, (_, n) => `${n % 3 ? name : "paid"}-${n}`);

/** Looks all up in one tick, and gives the status of each. */
async function lookAll({ lookUp }: ReturnType<typeof startPage>, names: readonly string[]) {
  const answers = Promise.allSettled(names.map((name) => lookUp(report(name))));
  await vi.runAllTimersAsync();
  return (await answers).map((answer) =>
    answer.status === "fulfilled"
      ? (answer.value.body?.charge?.status ?? answer.value.body?.code)
      : "failed",
  );
}
const expected = (names: readonly string[]) =>
  names.map((resource) => chargeOf({ resource }).status);

beforeEach(() => {
  vi.useFakeTimers();
  return () => void vi.useRealTimers();
});

describe("look-ups of one tick", () => {
  test("travel together", async () => {
    const page = startPage(kit);
    const names = resources(50);
    expect(await lookAll(page, names)).toEqual(expected(names));
    expect(page.sizes()).toEqual([50]);
  });

  test("travel in requests of at most 100 look-ups, in 3,600 characters of one parameter", async () => {
    const page = startPage(kit);
    const short = Promise.all(
      Array.from({ length: 201 }, (_, n) => page.lookUp([`k${n}`]).catch(() => {})),
    );
    await vi.runAllTimersAsync();
    await short;
    expect(page.sizes().sort()).toEqual([1, 100, 100]);
    page.asked.length = 0;

    const names = [...resources(250), ...resources(60, "ü".repeat(40))];
    expect(await lookAll(page, names)).toEqual(expected(names));
    expect(page.sizes().reduce((sum, size) => sum + size)).toBe(310);
    const lengths = page.asked.map((query) => searchOf(query).length - "lookups=".length);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(3600);
    expect(Math.max(...lengths)).toBeGreaterThan(3300);
    expect(page.asked.every((query) => query.length === 1)).toBe(true);
  });

  test("are not sent when nobody wants their answer any more", async () => {
    const page = startPage(kit);
    const unwanted = page.lookUp(report("r-1"), () => false).catch(() => "not asked");
    const wanted = page.lookUp(report("r-2"));
    await vi.runAllTimersAsync();
    expect(await unwanted).toBe("not asked");
    expect((await wanted).body?.charge?.status).toBe("absent");
    expect(page.sizes()).toEqual([1]);
  });

  test.each([400, 413, 414, 422, 431])(
    "are asked one by one, once, when their list is refused with %i",
    async (status) => {
      const page = startPage((asked) =>
        asked.length > 1 ? refusal(status, "whatever") : kit(asked),
      );
      const names = resources(20);
      expect(await lookAll(page, names)).toEqual(expected(names));
      expect(page.sizes()).toEqual([20, ...Array(20).fill(1)]);
    },
  );

  test("are told the refusal that each of them then gets alone", async () => {
    const page = startPage((asked) =>
      asked.length > 1 || asked[0]?.resource === "wrong"
        ? refusal(400, "invalid_request")
        : kit(asked),
    );
    expect(await lookAll(page, ["paid-1", "wrong"])).toEqual(["charged", "invalid_request"]);
    expect(page.sizes()).toEqual([2, 1, 1]);
  });

  test.each([401, 403, 404, 429, 503])(
    "are not asked again by themselves after a refusal with %i",
    async (status) => {
      const page = startPage(() => refusal(status, "told"));
      expect(await lookAll(page, resources(3))).toEqual(["told", "told", "told"]);
      expect(page.sizes()).toEqual([3]);
    },
  );

  test("get the whole answer of a server that can't look", async () => {
    const page = startPage(() => ({
      contract: false,
      body: { message: "Success", user: { credits: 5 } },
    }));
    const answer = page.lookUp(report("r-1"));
    void page.lookUp(report("r-2"));
    await vi.runAllTimersAsync();
    expect(await answer).toMatchObject({
      ok: true,
      contract: false,
      body: { user: { credits: 5 } },
    });
    expect(page.sizes()).toEqual([2]);
  });

  test("find a key by its name alone", async () => {
    const page = startPage((asked) => ({
      body: { answers: asked.map((each) => ({ ...each, charge: { status: "declined" } })) },
    }));
    const answer = page.lookUp(["key-1"]);
    await vi.runAllTimersAsync();
    expect((await answer).body?.charge?.status).toBe("declined");
  });

  test("believe no answer that names another resource", async () => {
    const page = startPage(kit);
    // Each answer stands one place too far.
    page.serve((asked) => {
      const { body } = kit(asked);
      const answers = Array.isArray(body?.answers) ? body.answers : [];
      return {
        body: {
          answers: asked.length > 1 ? [...answers.slice(1), ...answers.slice(0, 1)] : answers,
        },
      };
    });
    const names = resources(7);
    expect(await lookAll(page, names)).toEqual(expected(names));
  });

  test("keep a refusal of one look-up from the others", async () => {
    const page = startPage(kit);
    page.serve((asked) => ({
      body: {
        answers: asked.map((each, n) =>
          n === 1 ? { ...each, code: "unknown_usage" } : { ...each, charge: chargeOf(each) },
        ),
      },
    }));
    expect(await lookAll(page, ["paid-1", "r-2", "paid-3"])).toEqual([
      "charged",
      "unknown_usage",
      "charged",
    ]);
  });

  test("believe what is paid beside the refusal of its price", async () => {
    const page = startPage((asked) => ({
      body: {
        answers: asked.map((each) => ({
          ...each,
          charge: chargeOf(each),
          code: "price_unavailable",
        })),
      },
    }));
    const answer = page.lookUp(report("paid-1"));
    await vi.runAllTimersAsync();
    expect(await answer).toMatchObject({ ok: true, body: { charge: { status: "charged" } } });
  });

  test("share the refusal of their request", async () => {
    const page = startPage(kit);
    page.serve(() => ({ ok: false, status: 429, body: { code: "rate_limited" } }));
    expect(await lookAll(page, ["r-1", "r-2"])).toEqual(["rate_limited", "rate_limited"]);
    expect(page.sizes()).toEqual([2]);
  });

  test("share the trouble of the first request, and ask anew in a later tick", async () => {
    const page = startPage(() => {
      throw new TypeError("Failed to fetch");
    });
    expect(await lookAll(page, resources(5))).toEqual(Array(5).fill("failed"));
    expect(page.sizes()).toEqual([5]);
    page.serve(kit);
    expect(await lookAll(page, ["paid-1", "r-2"])).toEqual(["charged", "absent"]);
  });
});
