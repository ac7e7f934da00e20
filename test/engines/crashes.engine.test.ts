import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  postgresServer,
  redisServer,
  startPostgres,
  startRedis,
  suiteOn,
} from "../ledgers/engines";
import { newFolder } from "../ledgers/newFolder";
import { daily } from "./daily";
import { printTrial } from "./measured";
import { type LedgerChoice, runTrial, type Verdict } from "./trial";

interface Opened {
  ledger: LedgerChoice;
  stop(): Promise<void>;
}

const intents = daily(250, { long: 2000 });

const engines: {
  name: string;
  setup: string;
  binary: string | null;
  start: () => Promise<Opened>;
}[] = [
  {
    name: "Redis",
    setup: "Redis, AOF `everysec`",
    binary: redisServer,
    async start() {
      const engine = await startRedis({ appendfsync: "everysec" });
      return { ledger: { on: "redis", port: engine.port }, stop: engine.stop };
    },
  },
  {
    name: "PostgreSQL",
    setup: "PostgreSQL",
    binary: postgresServer,
    async start() {
      const engine = await startPostgres();
      return { ledger: { on: "postgres", port: engine.port }, stop: engine.stop };
    },
  },
  {
    name: "a file of SQLite",
    setup: "SQLite, one file, WAL",
    binary: "",
    async start() {
      const directory = newFolder("sqlite");
      return {
        ledger: { on: "sqlite", file: join(directory, "ares.db") },
        stop: async () => rmSync(directory, { recursive: true, force: true }),
      };
    },
  },
];

describe.each(engines)(
  "four servers that are killed thirteen times",
  ({ name, setup, binary, start }) => {
    describe.skipIf(binary === null)(`on ${suiteOn(name, binary)}`, () => {
      let opened: Opened | undefined;
      let verdict: Verdict;

      beforeAll(async () => {
        opened = await start();
        verdict = await runTrial({
          ledger: opened.ledger,
          intents,
          duplicates: 4,
          attempts: 12,
          disturb: { times: 13, by: (fleet) => fleet.killOne() },
        });
        printTrial("servers killed", setup, verdict);
      }, 600_000);
      afterAll(() => opened?.stop());

      test(`charge none of ${intents} intents twice, each asked for four times at once and again later`, () => {
        expect(verdict.figures).toMatchObject({ intents, disturbances: 13 });
        expect(verdict.complaints).toMatchObject({ doubled: 0 });
      });

      test("say nothing, in the ledger or in any answer, that ARES's book contradicts", () => {
        expect(verdict.complaints).toMatchObject({ contradicted: 0 });
      });

      test("have every deduction in the ledger as charged or unknown", () => {
        expect(verdict.complaints).toMatchObject({ unbooked: 0 });
      });

      test("count what each user spends as the sum over the user's rows", () => {
        expect(verdict.miscounted).toBe(0);
      });

      test("leave no history of answers that only two charges explain", () => {
        expect(verdict.historiesThatNeedTwo).toBe(0);
      });

      test("charge most intents on a bad day", () => {
        expect(verdict.booked.charged).toBeGreaterThan(intents / 2);
      });
    });
  },
);

describe.each(engines)(
  "four servers that are killed five times under a cap of four credits a user",
  ({ name, binary, start }) => {
    test.skipIf(binary === null)(
      `charge no user more than the cap, and stop at the cap, on ${suiteOn(name, binary)}`,
      async () => {
        const opened = await start();
        try {
          const { ledger } = opened;
          const verdict = await runTrial({
            ledger,
            intents: 160,
            duplicates: 3,
            attempts: 4,
            spendCap: { perDay: 4 },
            disturb: { times: 5, by: (fleet) => fleet.killOne() },
          });

          // Each user asks for ten credits.
          expect(verdict.mostOfOneUser.counted).toBe(4);
          expect(verdict.mostOfOneUser.deducted).toBeLessThanOrEqual(4);
          expect(verdict.complaints).toMatchObject({ doubled: 0, contradicted: 0, unbooked: 0 });
          expect(verdict).toMatchObject({
            miscounted: 0,
            historiesThatNeedTwo: 0,
            figures: { disturbances: 5 },
          });
        } finally {
          await opened.stop();
        }
      },
    );
  },
);
