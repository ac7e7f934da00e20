import { beforeEach, describe, expect, test, vi } from "vitest";
import type { Answer } from "../../src/client/answer";
import { type Query, searchOf } from "../../src/client/connection";
import { createLookUps } from "../../src/client/lookups";

type Server = (groups: readonly Record<string, string>[]) => Partial<Answer>;

const groupsOf = (query: Query) => {
  const groups: Record<string, string>[] = [];
  for (const [name, value] of query) {
    if (name === "usage") groups.push({});
    Object.assign(groups.at(-1) ?? {}, { [name]: value });
  }
  return groups;
};
const chargeOf = ({ resource }: Record<string, string>) => ({ status: resource?.startsWith("paid") ? "charged" : "absent" });
const several: Server = (groups) => ({
  body: { lookups: 1, charge: chargeOf(groups[0] ?? {}), answers: groups.map((group) => ({ ...group, charge: chargeOf(group) })) },
});
/** A server of before: the first pair alone, and no word of more. */
const older: Server = ([first]) => ({ body: { charge: chargeOf(first ?? {}) } });

function startPage(server: Server) {
  const asked: Query[] = [];
  let answers = server;
  const read = async (query: Query): Promise<Answer> => {
    asked.push(query);
    return { status: 200, ok: true, contract: true, body: undefined, ...answers(groupsOf(query)) };
  };
  const lookUps = createLookUps(read);
  return {
    ...lookUps,
    lookUp: (query: Query, isWanted = () => true) => lookUps.lookUp(query, isWanted),
    asked,
    sizes: () => asked.map((query) => groupsOf(query).length),
    serve: (server: Server) => {
      answers = server;
    },
  };
}

const report = (resource: string): Query => [
  ["usage", "report"],
  ["resource", resource],
];
const resources = (many: number, name = "r") => Array.from({ length: many }, (_, n) => `${n % 3 ? name : "paid"}-${n}`);

/** Looks all up in one tick, and gives the status of each. */
async function lookAll({ lookUp }: ReturnType<typeof startPage>, names: readonly string[]) {
  const answers = Promise.allSettled(names.map((name) => lookUp(report(name))));
  await vi.runAllTimersAsync();
  return (await answers).map((answer) =>
    answer.status === "fulfilled" ? (answer.value.body?.charge?.status ?? answer.value.body?.code) : "failed",
  );
}
const expected = (names: readonly string[]) => names.map((resource) => chargeOf({ resource }).status);

beforeEach(() => {
  vi.useFakeTimers();
  return () => void vi.useRealTimers();
});

describe("look-ups of one tick", () => {
  test("go alone until an answer has told that the server takes several", async () => {
    const page = startPage(several);
    const names = resources(50);
    expect(await lookAll(page, names)).toEqual(expected(names));
    expect(page.sizes()).toEqual([1, 49]);
  });

  test("travel together at once where another answer has told", async () => {
    const page = startPage(several);
    page.hear({ status: 200, ok: true, contract: true, body: { lookups: 1 } });
    const names = resources(50);
    expect(await lookAll(page, names)).toEqual(expected(names));
    expect(page.sizes()).toEqual([50]);
  });

  test("travel in requests of at most 100 look-ups and 4 kB of address", async () => {
    const page = startPage(several);
    await lookAll(page, ["r-0"]);
    const names = [...resources(250), ...resources(60, "ü".repeat(40))];
    expect(await lookAll(page, names)).toEqual(expected(names));
    expect(Math.max(...page.sizes())).toBe(100);
    expect(page.sizes().reduce((sum, size) => sum + size)).toBe(311);
    expect(Math.max(...page.asked.map((query) => searchOf(query).length))).toBeLessThan(4000);
  });

  test("are not sent when nobody wants their answer any more", async () => {
    const page = startPage(several);
    const unwanted = page.lookUp(report("r-1"), () => false).catch(() => "not asked");
    const wanted = page.lookUp(report("r-2"));
    await vi.runAllTimersAsync();
    expect(await unwanted).toBe("not asked");
    expect((await wanted).body?.charge?.status).toBe("absent");
    expect(page.sizes()).toEqual([1]);
  });

  test("go one by one to a server of an older version", async () => {
    const page = startPage(older);
    const names = resources(20);
    expect(await lookAll(page, names)).toEqual(expected(names));
    expect(page.sizes()).toEqual(Array(20).fill(1));
  });

  test("are asked again one by one when a worker of an older version answers the first alone", async () => {
    const page = startPage(several);
    await lookAll(page, ["r-0"]);
    page.serve(older);
    const names = resources(20);
    expect(await lookAll(page, names)).toEqual(expected(names));
    expect(page.sizes()).toEqual([1, 20, ...Array(19).fill(1)]);
  });

  test("believe no answer that names another resource", async () => {
    const page = startPage(several);
    await lookAll(page, ["r-0"]);
    // Each answer stands one place too far.
    page.serve((groups) => {
      const { body } = several(groups);
      const answers = Array.isArray(body?.answers) ? body.answers : [];
      return { body: { ...body, answers: groups.length > 1 ? [...answers.slice(1), ...answers.slice(0, 1)] : answers } };
    });
    const names = resources(7);
    expect(await lookAll(page, names)).toEqual(expected(names));
  });

  test("keep a refusal of one look-up from the others", async () => {
    const page = startPage(several);
    await lookAll(page, ["r-0"]);
    page.serve((groups) => ({
      body: {
        lookups: 1,
        answers: groups.map((group, n) => (n === 1 ? { ...group, code: "unknown_usage" } : { ...group, charge: chargeOf(group) })),
      },
    }));
    expect(await lookAll(page, ["paid-1", "r-2", "paid-3"])).toEqual(["charged", "unknown_usage", "charged"]);
  });

  test("believe what is paid beside the refusal of its price", async () => {
    const page = startPage((groups) => ({
      body: { lookups: 1, answers: groups.map((group) => ({ ...group, charge: chargeOf(group), code: "price_unavailable" })) },
    }));
    const answer = page.lookUp(report("paid-1"));
    await vi.runAllTimersAsync();
    expect(await answer).toMatchObject({ ok: true, body: { charge: { status: "charged" } } });
  });

  test("get nothing of the refusal that the first of a page has earned by itself", async () => {
    const page = startPage((groups) =>
      groups[0]?.resource === "wrong" ? { ok: false, status: 400, body: { code: "invalid_request" } } : several(groups),
    );
    expect(await lookAll(page, ["wrong", "paid-1", "r-2", "paid-3"])).toEqual(["invalid_request", "charged", "absent", "charged"]);
    expect(page.sizes()).toEqual([1, 1, 2]);
  });

  test("share the refusal of their request", async () => {
    const page = startPage(several);
    await lookAll(page, ["r-0"]);
    page.serve(() => ({ ok: false, status: 429, body: { code: "rate_limited" } }));
    expect(await lookAll(page, ["r-1", "r-2"])).toEqual(["rate_limited", "rate_limited"]);
    expect(page.sizes()).toEqual([1, 2]);
  });

  test("share the trouble of the first request, and ask anew in a later tick", async () => {
    const page = startPage(() => {
      throw new TypeError("Failed to fetch");
    });
    expect(await lookAll(page, resources(5))).toEqual(Array(5).fill("failed"));
    expect(page.sizes()).toEqual([1]);
    page.serve(several);
    expect(await lookAll(page, ["paid-1", "r-2"])).toEqual(["charged", "absent"]);
  });
});
