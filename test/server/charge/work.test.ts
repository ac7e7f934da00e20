import { describe, expect, it } from "vitest";
import { keyWithTerms } from "../../../src/contract";
import { type Ledger, memoryLedger } from "../../../src/server";
import { headersOfNext } from "../paid/headersOfNext";
import { json, world } from "../world";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const DAY = 24 * 60 * MINUTE;

/** What the next request of the key meets. `once` sends one, and tells whether it was served. */
type Once = () => Promise<"served" | "used_up" | "charge_in_progress">;

interface Stage extends ReturnType<typeof world> {
  k: string;
  /** Builds requests of this key to `withCharge`. Each answer of `answers` is given once, then "picture". */
  route(
    options?: { usage?: "image" | "report" | "day"; resource?: string; repeats?: number },
    answers?: (() => Response | Promise<Response>)[],
  ): Once;
  /** Builds requests of this key to `ares.charge`. */
  action(options?: {
    usage?: "image" | "report" | "day";
    resource?: string;
    repeats?: number;
    from?: "request" | "headers" | "key";
  }): Once;
}

function stage(change: (ledger: Ledger) => Ledger = (same) => same): Stage {
  const clock = { ms: 1_800_000_000_000 };
  const now = () => clock.ms;
  const w = { ...world({ rateLimit: false, now, ledger: change(memoryLedger({ now })) }), clock };
  const request = (headers: Record<string, string> = {}) =>
    new Request("https://app.example/api/work", {
      method: "POST",
      headers: { "Sec-Fetch-Site": "same-origin", ...headers },
    });
  const known = (code: string) => {
    if (code === "used_up" || code === "charge_in_progress") return code;
    throw new Error(`refused with ${code}`);
  };

  const staged: Stage = {
    ...w,
    k: w.key(),
    route({ usage = "image", ...options } = {}, answers = []) {
      const { k } = staged;
      const charging = w.server.withCharge({ usage, ...options }, () =>
        (answers.shift() ?? (() => new Response("picture")))(),
      );
      return async () => {
        const answer = await charging(request({ "Idempotency-Key": k }));
        const body = await answer.text();
        return answer.headers.has("Idempotency-Replayed") ? "served" : known(JSON.parse(body).code);
      };
    },
    action({ usage = "image", from = "request", ...options } = {}) {
      const { k } = staged;
      const headers = headersOfNext({ host: "app.example", origin: "https://app.example" });
      const given = {
        request: request({ "Idempotency-Key": k }),
        headers,
        key: request(),
      };
      const key = from === "request" ? {} : { key: k };
      return () =>
        w.server.charge(given[from], { usage, ...options, ...key }).then(
          () => "served" as const,
          (error) => known(error.code),
        );
    },
  };
  return staged;
}

async function look({ get, k }: Pick<Stage, "get" | "k">) {
  const { charge } = await (await get(`?charge=${k}`)).json();
  const { answers } = await (
    await get(`?lookups=${encodeURIComponent(JSON.stringify([[k]]))}`)
  ).json();
  expect(answers[0].charge).toEqual(charge);
  const { status, work, repeatsLeft, servedUntil } = charge;
  return { status, work, repeatsLeft, servedUntil };
}

const never = () => new Promise<Response>(() => {});
const failed = () => json(500, {});
const refused = () => json(422, {});

/** Waits until the key's row has a use. */
async function begun({ ledger }: Stage) {
  await expect.poll(async () => (await ledger.list({}))[0]?.redeemedBy.length).toBe(1);
}

async function rowId({ ledger }: Stage): Promise<string> {
  return (await ledger.list({}))[0]?.id ?? "";
}

const lost = (deduct: () => void) => {
  deduct();
  return json(500, {});
};

const cases: [name: string, play: (s: Stage) => Promise<Once>, told: object][] = [
  [
    "charged, and no work was asked for",
    async (s) => {
      await s.post({ usage: "image" }, { "Idempotency-Key": s.k });
      return s.route();
    },
    { work: "none" },
  ],
  [
    "work that runs",
    async (s) => {
      const once = s.route({}, [never]);
      void once();
      await begun(s);
      return once;
    },
    { work: "running" },
  ],
  [
    "work whose server died, within the lease",
    async (s) => {
      const once = s.route({}, [never]);
      void once();
      await begun(s);
      s.clock.ms += 29 * SECOND;
      return once;
    },
    { work: "running" },
  ],
  [
    "work whose server died",
    async (s) => {
      const once = s.route({ repeats: 0 }, [never]);
      void once();
      await begun(s);
      s.clock.ms += 30 * SECOND;
      return once;
    },
    { work: "none" },
  ],
  [
    "work whose server died, and that the next request ended",
    async (s) => {
      const once = s.route({ repeats: 3 }, [never]);
      void once();
      await begun(s);
      s.clock.ms += 30 * SECOND;
      await once();
      return once;
    },
    { work: "ended", repeatsLeft: 3 },
  ],
  [
    "work whose server died, a day later",
    async (s) => {
      const once = s.route({}, [never]);
      void once();
      await begun(s);
      s.clock.ms += DAY + MINUTE;
      return once;
    },
    { work: "none" },
  ],
  ...[0, 1, 2, 5].map((repeats): (typeof cases)[number] => [
    `work that ended, with repeats: ${repeats}`,
    async (s) => {
      const once = s.route({ repeats });
      await once();
      return once;
    },
    { work: "ended", repeatsLeft: repeats },
  ]),
  [
    "work that was repeated twice of three times",
    async (s) => {
      const once = s.route({ repeats: 3 });
      for (let n = 0; n < 3; n++) await once();
      return once;
    },
    { work: "ended", repeatsLeft: 1 },
  ],
  [
    "work that ended, just within ten minutes",
    async (s) => {
      const once = s.route();
      await once();
      s.clock.ms += 10 * MINUTE - 1;
      return once;
    },
    { work: "ended", repeatsLeft: 1 },
  ],
  [
    "work that ended, ten minutes later",
    async (s) => {
      const once = s.route({ repeats: 5 });
      await once();
      s.clock.ms += 10 * MINUTE;
      return once;
    },
    { work: "ended", repeatsLeft: 0 },
  ],
  [
    "work that failed and was given back",
    async (s) => {
      const once = s.route({ repeats: 0 }, [failed]);
      await once();
      return once;
    },
    { work: "none" },
  ],
  [
    "work that failed, a day later",
    async (s) => {
      const once = s.route({}, [failed]);
      await once();
      s.clock.ms += DAY + MINUTE;
      return once;
    },
    { work: "none" },
  ],
  [
    "work that was refused five times",
    async (s) => {
      const once = s.route(
        {},
        Array.from({ length: 5 }, () => refused),
      );
      for (let n = 0; n < 5; n++) await once();
      return once;
    },
    { work: "none" },
  ],
  [
    "work that was refused six times: asking was the work",
    async (s) => {
      const once = s.route(
        { repeats: 2 },
        Array.from({ length: 6 }, () => refused),
      );
      for (let n = 0; n < 6; n++) await once();
      return once;
    },
    { work: "ended", repeatsLeft: 2 },
  ],
  [
    "work that ended, and an operator gave it back",
    async (s) => {
      const once = s.route({ repeats: 0 });
      await once();
      await s.server.charges.release(await rowId(s));
      return once;
    },
    { work: "none" },
  ],
  [
    "the work of a resource that is paid",
    async (s) => {
      const once = s.route({ usage: "report", resource: "r", repeats: 0 });
      await once();
      s.clock.ms += 2 * DAY;
      return once;
    },
    { work: "none" },
  ],
  [
    "the work of a resource whose paid time is over, within ten minutes",
    async (s) => {
      const once = s.route({ usage: "day", resource: "d", repeats: 0 });
      await once();
      s.clock.ms += 10 * MINUTE - 1;
      return once;
    },
    { work: "none" },
  ],
  [
    "the work of a resource whose paid time is over",
    async (s) => {
      const once = s.route({ usage: "day", resource: "d", repeats: 5 });
      await once();
      s.clock.ms += 10 * MINUTE;
      return once;
    },
    { work: "ended", repeatsLeft: 0 },
  ],
  ...(["request", "headers"] as const).map((from): (typeof cases)[number] => [
    `ares.charge with the key of a page, from its ${from}`,
    async (s) => {
      const once = s.action({ from });
      await once();
      return once;
    },
    { work: "ended", repeatsLeft: 5, servedUntil: 1_800_000_000_000 + DAY },
  ]),
  ...[0, 1, 2].map((repeats): (typeof cases)[number] => [
    `ares.charge with repeats: ${repeats}`,
    async (s) => {
      const once = s.action({ repeats });
      await once();
      return once;
    },
    { work: "ended", repeatsLeft: repeats, servedUntil: 1_800_000_000_000 + DAY },
  ]),
  ...[1, 3, 5].map((given): (typeof cases)[number] => [
    `ares.charge that gave its charge again, ${given} times`,
    async (s) => {
      const once = s.action();
      for (let n = 0; n <= given; n++) await once();
      return once;
    },
    { work: "ended", repeatsLeft: 5 - given, servedUntil: 1_800_000_000_000 + DAY },
  ]),
  [
    "ares.charge, just within a day",
    async (s) => {
      const once = s.action();
      await once();
      s.clock.ms += DAY - 1;
      return once;
    },
    { work: "ended", repeatsLeft: 5, servedUntil: 1_800_000_000_000 + DAY },
  ],
  [
    "ares.charge, a day later",
    async (s) => {
      const once = s.action();
      await once();
      s.clock.ms += DAY;
      return once;
    },
    { work: "ended", repeatsLeft: 0, servedUntil: 1_800_000_000_000 + DAY },
  ],
  [
    "ares.charge, whose charge an operator gave back",
    async (s) => {
      const once = s.action();
      for (let n = 0; n < 6; n++) await once();
      await s.server.charges.release(await rowId(s));
      return once;
    },
    { work: "ended", repeatsLeft: 5, servedUntil: 1_800_000_000_000 + DAY },
  ],
  [
    "ares.charge, whose charge was confirmed later",
    async (s) => {
      s.ares.next(lost);
      const once = s.action({ repeats: 0 });
      await expect(once()).rejects.toThrow("outcome_unknown");
      await s.server.charges.resolve(await rowId(s), "charged", "seen in ARES's book");
      return once;
    },
    { work: "none" },
  ],
  [
    "ares.charge, whose charge was confirmed later and given once",
    async (s) => {
      s.ares.next(lost);
      const once = s.action({ repeats: 2 });
      await expect(once()).rejects.toThrow("outcome_unknown");
      await s.server.charges.resolve(await rowId(s), "charged", "seen in ARES's book");
      await once();
      return once;
    },
    { work: "ended", repeatsLeft: 2, servedUntil: 1_800_000_000_000 + DAY },
  ],
  [
    "ares.charge for a resource that is paid",
    async (s) => {
      const once = s.action({ usage: "report", resource: "r", repeats: 0 });
      await once();
      s.clock.ms += 2 * DAY;
      return once;
    },
    { work: "none" },
  ],
  [
    "ares.charge for a resource whose paid time is over",
    async (s) => {
      const once = s.action({ usage: "day", resource: "d" });
      await once();
      s.clock.ms += 10 * MINUTE;
      return once;
    },
    { work: "ended", repeatsLeft: 0 },
  ],
  [
    "ares.charge with a key that the app names, which has no end",
    async (s) => {
      const once = s.action({ from: "key" });
      for (let n = 0; n < 10; n++) await once();
      s.clock.ms += DAY + MINUTE;
      return once;
    },
    { work: "none" },
  ],
];

describe.each(cases)("a look by the key of %s", (_, play, told) => {
  it("tells the work, as the next requests of the key find it", async () => {
    const s = stage();
    const once = await play(s);

    const seen = await look(s);

    expect(seen).toEqual({ status: "charged", ...told });
    switch (seen.work) {
      case "none":
        expect(await once()).toBe("served");
        break;
      case "running":
        expect(await once()).toBe("charge_in_progress");
        break;
      case "ended":
        for (let left = seen.repeatsLeft; left > 0; left--) expect(await once()).toBe("served");
        expect(await once()).toBe("used_up");
    }
    expect(s.ares.book).toHaveLength(1);
  });
});

describe("a look", () => {
  it("does not tell the work of what is not charged, nor of a resource that is asked for by its name", async () => {
    const s = stage();
    expect(await look(s)).toEqual({ status: "absent" });
    s.ares.next(() => json(402, {}));
    await s.post({ usage: "image" }, { "Idempotency-Key": s.k });
    expect(await look(s)).toEqual({ status: "declined" });

    await s.post({ usage: "report", resource: "r" });
    const { charge } = await (await s.get("?usage=report&resource=r")).json();
    expect([charge.status, charge.work]).toEqual(["charged", undefined]);
  });

  it("leaves the work out where a ledger of the app does not tell its uses", async () => {
    const silent = (ledger: Ledger): Ledger => ({
      ...ledger,
      list: async (filter) => (await ledger.list(filter)).map(({ uses: _, ...row }) => row),
    });
    for (const way of ["route", "action"] as const) {
      const s = stage(silent);
      await s[way]()();

      expect(await look(s)).toEqual({ status: "charged" });
    }
  });
});

describe("one charge of ares.charge", () => {
  it("notes in its row how often it is given again, where that has an end", async () => {
    const s = stage();
    await s.action()();
    await s.server.charge(
      new Request("https://app.example/", {
        method: "POST",
        headers: { "Sec-Fetch-Site": "same-origin" },
      }),
      { usage: "report", resource: "r" },
    );

    const rows = await s.ledger.list({});
    const noted = Object.fromEntries(rows.map(({ usage, outcome }) => [usage, outcome.repeats]));
    expect(noted).toEqual({ report: undefined, image: 5 });
  });

  const owner = async ({ get }: Stage) => (await (await get()).json()).owner;

  it.each(["request", "headers", "key"] as const)(
    "is given at most six times to a page, whose key comes as the %s",
    async (from) => {
      const s = stage();
      s.k = keyWithTerms(s.k, { owner: await owner(s), credits: 4 });
      const once = s.action({ from });
      const given: string[] = [await once()];
      for (let hour = 0; hour < 23; hour++) {
        given.push(...(await Promise.all([once(), once()])));
        s.clock.ms += 60 * MINUTE;
      }

      expect(given.filter((answer) => answer === "served")).toHaveLength(6);
      expect(s.ares.book).toHaveLength(1);
    },
  );

  it("is given no seventh time, when an operator's word was corrected by ARES's own", async () => {
    const s = stage();
    let answer: (reply: Response) => void = () => {};
    s.ares.next(
      (deduct) =>
        new Promise((resolve) => {
          deduct();
          answer = resolve;
        }),
    );
    const once = s.action();
    const first = once();
    await expect.poll(async () => (await s.ledger.list({}))[0]?.status).toBe("sending");
    s.clock.ms += 60 * SECOND;
    await s.server.charges.resolve(await rowId(s), "not_charged", "not in ARES's book");
    answer(json(200, { message: "Success" }));

    const given = [await first];
    for (let n = 0; n < 10; n++) given.push(await once());
    expect(given.filter((each) => each === "served")).toHaveLength(6);
  });
});
