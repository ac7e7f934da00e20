import { afterEach, describe, expect, test } from "vitest";
import {
  type Engine,
  postgresServer,
  redisServer,
  startPostgres,
  startRedis,
  suiteOn,
} from "../ledgers/engines";
import { daily } from "./daily";
import { printTrial } from "./measured";
import { openWire } from "./openWire";
import { runTrial } from "./trial";

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

/** Four servers reach their ledger over a wire that loses answers after the engine's write. The judge has a good wire. */
async function chargeOverBadWire(on: "redis" | "postgres", name: string, engine: Engine) {
  stops.push(engine.stop);
  const wire = await openWire(engine.port);
  stops.push(wire.stop);
  const verdict = await runTrial({
    ledger: { on, port: wire.port },
    judgeReads: { on, port: engine.port },
    intents: daily(120, { long: 300 }),
    duplicates: 3,
    attempts: 20,
    onceUp: () => wire.loseReplies(0.05),
  });
  printTrial(`one reply in twenty lost, ${wire.lost} in all`, name, verdict);
  return { ...verdict, lost: wire.lost };
}

describe("when one reply of the ledger's engine in twenty is lost after the write", () => {
  test.skipIf(redisServer === null)(
    `nothing is charged twice, nothing forgotten and nothing counted twice, on ${suiteOn("Redis", redisServer)}`,
    async () => {
      const { lost, complaints, miscounted } = await chargeOverBadWire(
        "redis",
        "Redis",
        await startRedis(),
      );

      expect(lost).toBeGreaterThan(5);
      expect(complaints).toMatchObject({ doubled: 0, contradicted: 0, unbooked: 0 });
      expect(miscounted).toBe(0);
    },
  );

  test.skipIf(postgresServer === null)(
    `nothing is charged twice, nothing forgotten and nothing counted twice, on ${suiteOn("PostgreSQL", postgresServer)}`,
    async () => {
      const { lost, complaints, miscounted } = await chargeOverBadWire(
        "postgres",
        "PostgreSQL",
        await startPostgres(),
      );

      expect(lost).toBeGreaterThan(5);
      expect(complaints).toMatchObject({ doubled: 0, contradicted: 0, unbooked: 0 });
      expect(miscounted).toBe(0);
    },
  );
});
