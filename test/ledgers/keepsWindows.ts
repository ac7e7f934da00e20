import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Ledger, type SqlQuery, sqlLedger } from "../../src/server";
import type { SqlDialect } from "../../src/server/ledger/sql/dialect";
import { tableClock } from "./tableClock";

/** A ledger whose clock a test sets. */
export interface TimedLedger {
  ledger: Ledger;
  setClock(ms: number): unknown;
  /** How many numbers the engine keeps of what one user spends. */
  numbers(userId: string): Promise<number>;
  close?: () => unknown;
}

/** The first moment of a bucket of either window. */
const START = 1_800_000_000_000;
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** Opens a ledger in SQL whose clock stands in a table. */
export async function timedSql(dialect: SqlDialect, query: SqlQuery): Promise<TimedLedger> {
  const clock = await tableClock(dialect, query);
  await clock.set(START);
  const ledger = sqlLedger({ dialect, query: clock.on(query), table: "timed", random: () => 1 });
  await ledger.setup();
  return {
    ledger,
    setClock: clock.set,
    async numbers(userId) {
      const { rows } = await query(
        `SELECT count(*) AS numbers FROM timed_spent WHERE user_id = '${userId}'`,
        [],
      );
      return Number(Object.values(rows[0] ?? {})[0]);
    },
  };
}

/** Checks how long a charge counts, and how much an engine keeps for that. */
export function keepsWindows(engine: string, open: () => Promise<TimedLedger>) {
  describe(`what a user spends on ${engine}`, () => {
    let timed: TimedLedger;
    beforeAll(async () => {
      timed = await open();
    });
    afterAll(() => timed?.close?.());

    async function claimed(userId: string): Promise<string> {
      const id = crypto.randomUUID();
      const facts = {
        attempt: "a",
        key: id,
        fingerprint: "f",
        usage: "image",
        resource: null,
        hundredths: 100,
        leaseMs: DAY,
      };
      const times = { mintedAt: START + 365 * DAY, retainMs: Number.POSITIVE_INFINITY };
      expect(await timed.ledger.claim(id, { ...facts, ...times, userId })).toEqual({ k: "mine" });
      return id;
    }
    async function charge(userId: string) {
      expect(await timed.ledger.begin(await claimed(userId), { attempt: "a", leaseMs: DAY })).toBe(
        true,
      );
    }

    test.each([
      ["minute", { width: 1_000, still: MINUTE - 100, over: MINUTE + 1_100 }],
      ["day", { width: DAY / 60, still: DAY - MINUTE, over: DAY + 25 * MINUTE }],
    ] as const)(
      "counts for a %s, and at most a sixtieth of it longer",
      async (window, { width, still, over }) => {
        const { ledger, setClock } = timed;
        const spent = async (userId: string) => (await ledger.spent?.(userId))?.[window];
        const within = async (id: string, most: number) =>
          (await ledger.beginWithin?.(id, { attempt: "a", leaseMs: DAY, most: { [window]: most } }))
            ?.k;

        for (const from of [START, START + width - 1]) {
          const userId = crypto.randomUUID();
          await setClock(from);
          await charge(userId);

          await setClock(from + still);
          const second = await claimed(userId);
          expect([await within(second, 199), await within(second, 200)]).toEqual(["over", "yes"]);
          expect(await spent(userId)).toBe(200);

          await setClock(from + over);
          expect(await spent(userId)).toBe(100);
          const third = await claimed(userId);
          expect([await within(third, 199), await within(third, 200)]).toEqual(["over", "yes"]);
          expect(await spent(userId)).toBe(200);
        }
      },
    );

    test("is at most 122 numbers, after any number of charges", async () => {
      const userId = crypto.randomUUID();
      const sizes: number[] = [];
      let at = START;
      for (const step of [DAY / 60, 1_000]) {
        for (let n = 0; n < 70; n++) {
          at += step;
          await timed.setClock(at);
          await charge(userId);
          sizes.push(await timed.numbers(userId));
        }
      }

      expect([Math.max(...sizes), sizes.at(-1)]).toEqual([122, 122]);
    });
  });
}
