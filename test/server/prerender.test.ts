import { afterEach, expect, test, vi } from "vitest";
import { createAresServer, memoryLedger } from "../../src/server";
import { pretend } from "../../src/testing";

afterEach(() => vi.restoreAllMocks());

const prices = { report: 3 };
const target = { usage: "report", resource: "r-1" } as const;
const ledger = memoryLedger();
/** A sign-in that asks nobody answers before the task has ended. */
const withoutIo = createAresServer({
  clientId: "app",
  prices,
  ledger,
  auth: async () => ({ userId: "ada", getAccessToken: async () => "token" }),
  ares: {
    fetch: async () =>
      Response.json({
        message: "Success",
        user: { id: "1", email: "ada@example.com", credits: 5 },
      }),
  },
});
const pretending = createAresServer({ ...pretend(), prices });

/** Next stops a prerender at the clock and at a random value. The prerender lasts as long as the task in which `headers()` answers. */
async function unstableValues(work: () => Promise<unknown>): Promise<string[]> {
  const seen: string[] = [];
  let prerenders = true;
  setTimeout(() => {
    prerenders = false;
  });
  const watch = (object: object, name: string) => {
    const real: unknown = Reflect.get(object, name);
    if (typeof real !== "function") throw new Error(`${name} is no function.`);
    Reflect.set(object, name, (...args: unknown[]) => {
      if (prerenders) seen.push(new Error(name).stack ?? name);
      return Reflect.apply(real, object, args);
    });
    return () => Reflect.set(object, name, real);
  };
  const ends = [
    watch(Date, "now"),
    watch(Math, "random"),
    watch(crypto, "randomUUID"),
    watch(crypto, "getRandomValues"),
  ];
  try {
    await work();
  } finally {
    for (const end of ends) end();
  }
  return seen;
}

const headers = () => new Headers({ Host: "app.example", Cookie: "user=ada" });

test.each([
  ["a sign-in without I/O", withoutIo],
  ["pretend()", pretending],
])(
  "with %s, nothing that a server component calls reads the clock before request data has come",
  async (_, ares) => {
    expect(await unstableValues(() => ares.snapshot(headers(), { charges: [target] }))).toEqual([]);
    expect(await unstableValues(() => ares.requirePaid(headers(), target).catch(() => {}))).toEqual(
      [],
    );
    expect(await unstableValues(() => ares.getUser(headers()))).toEqual([]);
  },
);

test("a clock that is read at once is seen", async () => {
  expect(await unstableValues(async () => Date.now())).toHaveLength(1);
});
