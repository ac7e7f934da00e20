import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type Claim,
  type Ledger,
  type SpendLimits,
  type SqlQuery,
  sqlLedger,
} from "../../src/server";
import type { SqlDialect } from "../../src/server/ledger/sql/dialect";
import { tableClock } from "./tableClock";

/** A ledger whose clock a test sets. */
export interface TimedLedger {
  ledger: Ledger;
  setClock(ms: number): unknown;
  close?: () => unknown;
}

const START = 1_800_000_000_000;
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** Opens a ledger in SQL whose clock stands in a table. */
export async function timedSql(dialect: SqlDialect, query: SqlQuery): Promise<TimedLedger> {
  const clock = await tableClock(dialect, query);
  await clock.set(START);
  const ledger = sqlLedger({ dialect, query: clock.on(query), table: "timed", random: () => 1 });
  await ledger.setup();
  return { ledger, setClock: clock.set };
}

/** A claim of one credit under a key of its own. */
function orderOf(userId: string, key: string): Claim {
  const facts = { attempt: "a", fingerprint: "f", usage: "image", resource: null, hundredths: 100 };
  const times = { mintedAt: START + 365 * DAY, leaseMs: DAY, retainMs: Number.POSITIVE_INFINITY };
  return { ...facts, ...times, userId, key };
}

/** Checks to the millisecond how long a charge counts. */
export function keepsWindows(engine: string, open: () => Promise<TimedLedger>) {
  describe(`what a user spends on ${engine}`, () => {
    let timed: TimedLedger;
    beforeAll(async () => {
      timed = await open();
    });
    afterAll(() => timed?.close?.());

    /** Charges one credit under a limit, and gives the ledger's answer. */
    async function charge(userId: string, most: SpendLimits) {
      const id = crypto.randomUUID();
      expect(await timed.ledger.claim(id, orderOf(userId, id))).toEqual({ k: "mine" });
      return timed.ledger.beginWithin?.(id, { attempt: "a", leaseMs: DAY, most });
    }

    test.each([
      ["minute", MINUTE],
      ["day", DAY],
    ] as const)(
      "counts for a %s, to the millisecond, and a refusal tells when that has passed",
      async (window, ms) => {
        const userId = crypto.randomUUID();
        const at = async (later: number, most = 300) => {
          await timed.setClock(START + later);
          return charge(userId, { [window]: most });
        };
        const yes = { k: "yes" };

        expect([await at(0), await at(0), await at(ms / 2)]).toEqual([yes, yes, yes]);
        expect(await at(ms - 1)).toEqual({ k: "over", leftMs: 1 });
        expect(await at(ms - 1, 200)).toEqual({ k: "over", leftMs: 1 });
        expect(await at(ms - 1, 199)).toEqual({ k: "over", leftMs: ms / 2 + 1 });
        expect(await at(ms - 1, 99)).toEqual({ k: "over", leftMs: ms });

        expect([await at(ms), await at(ms)]).toEqual([yes, yes]);
        expect(await at(ms)).toEqual({ k: "over", leftMs: ms / 2 });
        expect(await at(1.5 * ms)).toEqual(yes);
        expect(await at(1.5 * ms)).toEqual({ k: "over", leftMs: ms / 2 });
      },
    );

    test("a day's limit holds over any number of minutes", async () => {
      const userId = crypto.randomUUID();
      const most = { minute: 200, day: 1_000 };
      const answers: string[] = [];
      for (let n = 0; n < 20; n++) {
        await timed.setClock(START + (n * MINUTE) / 2);
        answers.push((await charge(userId, most))?.k ?? "");
      }

      expect(answers).toEqual([...Array(10).fill("yes"), ...Array(10).fill("over")]);
    });

    test("counts a user's rows for the window of the limit, to the millisecond, and a refusal tells when one has left", async () => {
      const userId = crypto.randomUUID();
      const at = async (later: number, rows: number) => {
        await timed.setClock(START + later);
        const id = crypto.randomUUID();
        const claim = { ...orderOf(userId, id), most: { rows, windowMs: MINUTE } };
        return timed.ledger.claimWithin?.(id, claim);
      };
      const mine = { k: "mine" };

      expect([await at(0, 3), await at(0, 3), await at(MINUTE / 2, 3)]).toEqual([mine, mine, mine]);
      expect(await at(MINUTE - 1, 3)).toEqual({ k: "over", leftMs: 1 });
      expect(await at(MINUTE - 1, 1)).toEqual({ k: "over", leftMs: MINUTE / 2 + 1 });
      expect([await at(MINUTE, 3), await at(MINUTE, 3)]).toEqual([mine, mine]);
      expect(await at(MINUTE, 3)).toEqual({ k: "over", leftMs: MINUTE / 2 });
    });

    test("takes the longer wait of both windows", async () => {
      const userId = crypto.randomUUID();
      await timed.setClock(START);
      await charge(userId, {});
      await timed.setClock(START + 1_000);

      expect(await charge(userId, { minute: 199, day: 199 })).toEqual({
        k: "over",
        leftMs: DAY - 1_000,
      });
      expect(await charge(userId, { minute: 199, day: 200 })).toEqual({
        k: "over",
        leftMs: MINUTE - 1_000,
      });
    });
  });
}
