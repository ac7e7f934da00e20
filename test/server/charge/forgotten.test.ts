import { describe, expect, it } from "vitest";
import { memoryLedger } from "../../../src/server";
import { json, world } from "../world";

const HOUR = 60 * 60 * 1000;

describe("when the ledger has lost everything", () => {
  it("calls a charge of before unknown, because it may have happened", async () => {
    const before = world();
    const key = before.key();
    expect((await before.post({ usage: "image" }, { key })).status).toBe(200);

    const after = world({ ledger: memoryLedger({ now: () => before.clock.ms + 1 }) });
    after.clock.ms = before.clock.ms + 1;

    const answer = await after.get(`?charge=${key}`);
    expect(await answer.json()).toMatchObject({ charge: { status: "unknown" } });
  });

  it("calls a charge absent that nobody asked it for", async () => {
    const { get, key } = world();

    const answer = await get(`?charge=${key()}`);

    expect(await answer.json()).toMatchObject({ charge: { status: "absent" } });
  });
});

describe("a key that the ledger may have forgotten in its time", () => {
  it("is refused long before: it is taken for 24 hours, and its row kept for 72", async () => {
    let now = () => 1_800_000_000_000;
    const ledger = memoryLedger({ now: () => now() });
    const kept: number[] = [];
    const { ares, clock, key, post } = world({
      ledger: {
        ...ledger,
        claim(id, claim) {
          kept.push(claim.retainMs / HOUR);
          return ledger.claim(id, claim);
        },
      },
    });
    const [last, late] = [key(), key()];
    now = () => clock.ms;

    clock.ms += 24 * HOUR;
    expect((await post({ usage: "image" }, { "Idempotency-Key": last })).status).toBe(200);
    clock.ms += 1_000;

    const refused = await post({ usage: "image" }, { "Idempotency-Key": late });
    expect(await refused.json()).toMatchObject({ code: "idempotency_key_expired" });
    expect([kept, ares.book.length]).toEqual([[72], 1]);
  });
});

describe("a press for a resource that ARES declined", () => {
  it("leaves the ledger after 72 hours, and so does one that was not sent; what was charged or is unknown stays", async () => {
    let now = () => 1_800_000_000_000;
    const ledger = memoryLedger({ now: () => now() });
    const { ares, clock, post } = world({ ledger });
    now = () => clock.ms;
    const press = (resource: string) => post({ usage: "report", resource });
    ares.next(
      () => json(402, {}),
      () => json(429, {}),
      () => json(500, {}),
    );
    for (const resource of ["declined", "not-sent", "unknown", "charged"]) await press(resource);
    const kept = async () => (await ledger.list({})).map(({ resource }) => resource).toSorted();

    clock.ms += 72 * HOUR - 60_000;
    expect(await kept()).toEqual(["charged", "declined", "not-sent", "unknown"]);
    clock.ms += 61_000;
    expect(await kept()).toEqual(["charged", "unknown"]);
    clock.ms += 365 * 24 * HOUR;
    expect(await kept()).toEqual(["charged", "unknown"]);
  });
});

describe("a charge, however old", () => {
  it.each([
    ["of a browser whose clock is right", 0],
    ["of a browser whose clock runs five minutes ahead", 5 * 60_000],
  ])(
    "reads as charged while its row lives and as unknown afterwards, never as absent: %s",
    async (_, ahead) => {
      const { post, get, clock, ares } = world();
      const key = `${clock.ms + ahead}-${"k".repeat(16)}`;
      await post({ usage: "image" }, { "Idempotency-Key": key });

      const told: string[] = [];
      const paidAt = clock.ms;
      for (const minute of minutesOfThreeDays()) {
        clock.ms = paidAt + minute * 60_000;
        const { charge } = await (await get(`?charge=${key}`)).json();
        if (told.at(-1) !== charge.status) told.push(charge.status);
      }

      expect(told).toEqual(["charged", "unknown"]);
      expect(ares.book).toHaveLength(1);
    },
  );

  it("is not held against a key that is still accepted", async () => {
    const { get, key, clock } = world();
    const fresh = key();
    clock.ms += 24 * HOUR;

    expect((await (await get(`?charge=${fresh}`)).json()).charge).toEqual({ status: "absent" });
  });

  it("reads as charged, and may be used, when an operator confirms it after three days", async () => {
    const { server, post, get, key, clock, ares } = world();
    const headers = { "Idempotency-Key": key() };
    ares.next((deduct) => {
      deduct();
      return json(500, {});
    });
    await post({ usage: "image" }, headers);
    const told = async () =>
      (await (await get(`?charge=${headers["Idempotency-Key"]}`)).json()).charge.status;
    clock.ms += 100 * HOUR;
    expect(await told()).toBe("unknown");

    const [row] = await server.charges.list({ status: "unknown" });
    await server.charges.resolve(row?.id ?? "", "charged", "in ARES's books");

    expect(await told()).toBe("charged");
    const use = new Request("https://app.example/picture", {
      headers: { "Ares-Charge": headers["Idempotency-Key"] },
    });
    expect(await server.requirePaid(use, { usage: "image" })).toMatchObject({
      charge: { id: row?.id },
    });
    clock.ms += 71 * HOUR;
    expect(await told()).toBe("charged");
    clock.ms += 2 * HOUR;
    expect(await told()).toBe("unknown");
  });
});

describe("a refusal because the ledger is younger than the key", () => {
  it.each([
    ["that has just begun", 0, 2],
    ["whose clock runs three seconds ahead", 3_000, 5],
    ["that began a minute ago", -60_000, 1],
  ])(
    "says when a ledger takes keys of this server's clock: a ledger %s",
    async (_, begun, seconds) => {
      const START = 1_800_000_000_000;
      const ahead = Math.max(0, begun);
      let now = () => START + begun;
      const ledger = memoryLedger({ now: () => now() });
      const { clock, key, post, ares } = world({ ledger });
      now = () => clock.ms + ahead;
      const old = `${clock.ms - 90_000}-${"k".repeat(16)}`;

      const refused = await post({ usage: "image" }, { "Idempotency-Key": old });

      expect(await refused.json()).toMatchObject({
        code: "ledger_reset",
        retryAfterSeconds: seconds,
        serverTime: clock.ms,
      });
      expect(refused.headers.get("Retry-After")).toBe(`${seconds}`);
      clock.ms += seconds * 1_000;
      expect((await post({ usage: "image" }, { "Idempotency-Key": key() })).status).toBe(200);
      expect(ares.book).toHaveLength(1);
    },
  );

  it("says two seconds where the ledger can't tell its age", async () => {
    const health = () => Promise.reject(new Error("no permission"));
    const { clock, post } = world({
      ledger: { ...memoryLedger({ now: () => 1_800_000_000_000 }), health },
    });

    const refused = await post(
      { usage: "image" },
      { "Idempotency-Key": `${clock.ms - 90_000}-${"k".repeat(16)}` },
    );

    expect(await refused.json()).toMatchObject({ code: "ledger_reset", retryAfterSeconds: 2 });
  });
});

/** Each minute around the ends that a key and a row have, after 24 and 72 hours; each hour between them. */
function minutesOfThreeDays(): number[] {
  const minutes = Array.from({ length: 80 * 60 + 1 }, (_, minute) => minute);
  const isNear = (minute: number, hour: number) => Math.abs(minute - hour * 60) <= 120;
  return minutes.filter((minute) => minute % 60 === 0 || isNear(minute, 24) || isNear(minute, 72));
}
