import { rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  postgresServer,
  redisServer,
  startPostgres,
  startRedis,
  suiteOn,
} from "../ledgers/engines";
import { newFolder } from "../ledgers/newFolder";
import { daily } from "./daily";
import { printRotation } from "./measured";
import { runRotation } from "./rotation";
import type { EngineChoice } from "./services/openEngine.mjs";

interface Opened {
  engine: EngineChoice;
  stop(): Promise<void>;
}

async function openSqlite(): Promise<Opened> {
  const directory = newFolder("sqlite");
  return {
    engine: { on: "sqlite", file: join(directory, "ares.db") },
    stop: async () => rmSync(directory, { recursive: true, force: true }),
  };
}

async function openPostgres(): Promise<Opened> {
  const { port, stop } = await startPostgres();
  return { engine: { on: "postgres", port }, stop };
}

async function openRedis(): Promise<Opened> {
  const { port, stop } = await startRedis({ appendfsync: "everysec" });
  return { engine: { on: "redis", port }, stop };
}

/**
 * A freeze lasts half a minute, so the small run of each day is on one engine.
 */
const isLong = daily(0, { long: 1 }) === 1;
const sideBySide = { concurrent: !isLong };
const engines = [
  { name: "PostgreSQL", binary: postgresServer, open: openPostgres },
  ...(isLong
    ? [
        { name: "SQLite, one file, WAL", binary: "", open: openSqlite },
        { name: "Redis, AOF `everysec`", binary: redisServer, open: openRedis },
      ]
    : []),
];
const size = {
  users: daily(60, { long: 200 }),
  refreshes: daily(300, { long: 10_000 }),
  kills: daily(3, { long: 13 }),
  freezes: daily(1, { long: 4 }),
  lostReplies: 0.05,
};

describe(
  "four servers that renew the tokens of many users at a provider that rotates and detects reuse",
  sideBySide,
  () => {
    describe.each(engines)("on $name", ({ name, binary, open }) => {
      test.skipIf(binary === null)(
        `lose a link only where a reply was lost, or a server was killed or frozen before it had stored the answer, on ${suiteOn(name, binary)}`,
        async () => {
          const { engine, stop } = await open();
          try {
            const verdict = await runRotation({ engine, ...size });
            printRotation("this package", name, verdict);

            const { kills: killed, freezes: frozen } = size;
            expect(verdict).toMatchObject({
              unexplained: [],
              reconnectsInVain: 0,
              ofAnotherUser: 0,
              figures: { killed, frozen },
            });
            expect(verdict.figures.refreshes).toBeGreaterThanOrEqual(size.refreshes);
            expect(verdict.figures.lost).toBeGreaterThan(0);
          } finally {
            await stop();
          }
        },
      );
    });
  },
);

/** As when a server is frozen in the middle of a write. */
describe.runIf(isLong)("a lock that keeps all servers from storing for half a minute", () => {
  test.each([
    ["SQLite, one file, WAL", "", openSqlite],
    ["PostgreSQL", postgresServer, openPostgres],
  ])(
    "costs no link but those whose replies could not be stored, on %s",
    async (name, binary, open) => {
      expect(binary).not.toBeNull();
      const { engine, stop } = await open();
      try {
        const calm = { kills: 0, freezes: 0, locks: 1, users: 60, refreshes: 600 };
        const verdict = await runRotation({ engine, ...size, ...calm });
        printRotation("this package, one lock", name, verdict);

        expect(verdict).toMatchObject({ unexplained: [], reconnectsInVain: 0, ofAnotherUser: 0 });
      } finally {
        await stop();
      }
    },
  );
});

/** No link that ends without a reason proves something only if the same harness finds such links elsewhere. */
describe("the same harness finds links that end for no such reason", sideBySide, () => {
  test.each([
    ["each server renews by itself", "each by itself"],
    ["this package, but no claim is kept", "claims are forgotten"],
  ] as const)("where %s", async (title, way) => {
    const { engine, stop } = await openSqlite();
    try {
      const refreshes = daily(100, { long: 1_000 });
      const calm = { kills: 0, freezes: 0 };
      const verdict = await runRotation({ engine, way, ...size, ...calm, refreshes });
      printRotation(title, "SQLite", verdict);

      expect(verdict.unexplained.length).toBeGreaterThan(10);
    } finally {
      await stop();
    }
  });
});
