import { Redis } from "ioredis";
import { afterEach, describe, expect, test } from "vitest";
import { type Customer, charge } from "../../src/cli/prove/customer";
import { type Intent, makeIntent } from "../../src/cli/prove/intents";
import { startAres } from "../../src/cli/prove/startAres";
import { startFleet } from "../../src/cli/prove/startFleet";
import { pause, redisServer, startRedis, suiteOn } from "../ledgers/engines";
import { takeBuild } from "./buildUnderTest";
import { printControlRow, printRow } from "./measured";
import { openWire } from "./openWire";
import { baskets, prices } from "./prices";
import { openLedger } from "./services/openLedger.mjs";
import type { LedgerChoice } from "./trial";

const INTENTS = 200;
const WIDTH = 40;

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

/** Two replicas in a row behind one master. The first is promoted later, and still has a replica to wait for. */
async function startReplicated() {
  const engines = [await startRedis(), await startRedis(), await startRedis()] as const;
  for (const { stop } of engines) stops.push(stop);
  const [master, replica, second] = engines;
  const [link, front] = [await openWire(master.port), await openWire(master.port)];
  stops.push(link.stop, front.stop);

  const desk = new Redis(replica.port, "127.0.0.1");
  const secondDesk = new Redis(second.port, "127.0.0.1");
  stops.push(
    () => desk.disconnect(),
    () => secondDesk.disconnect(),
  );
  await desk.call("REPLICAOF", "127.0.0.1", String(link.port));
  await secondDesk.call("REPLICAOF", "127.0.0.1", String(replica.port));
  await eventually(
    async () => [desk, secondDesk].map((each) => each.info("replication")),
    /master_link_status:up/,
  );

  return {
    port: front.port,
    partition: () => link.cut(),
    async failOver() {
      await desk.call("REPLICAOF", "NO", "ONE");
      front.leadTo(replica.port);
      await eventually(async () => [desk.info("replication")], /role:master[\s\S]*state=online/);
    },
  };
}

async function eventually(read: () => Promise<Promise<string>[]>, wanted: RegExp): Promise<void> {
  for (let tries = 0; tries < 150; tries++) {
    if ((await Promise.all(await read())).every((text) => wanted.test(text))) return;
    await pause(100);
  }
  throw new Error(`Redis never said ${wanted}.`);
}

/** Charges behind a partition, promotes the replica that missed these charges, and asks with the same keys again. */
async function chargeAcrossFailover(wait: LedgerChoice["wait"]) {
  const redis = await startReplicated();
  const build = takeBuild();
  stops.push(build.remove);
  const ares = await startAres(build.part);
  stops.push(ares.stop);
  const choice: LedgerChoice = { on: "redis", port: redis.port, ...(wait && { wait }) };
  const fleet = await startFleet(build.service("app"), {
    ares: ares.url,
    ledger: choice,
    prices,
    timeoutMs: 1_500,
  });
  stops.push(fleet.stop);
  const { ledger, close } = await openLedger(choice);
  stops.push(close);
  // The replica must know the ledger's epoch before the two lose each other.
  await ledger.health();
  await pause(2_200);

  const intents = Array.from({ length: INTENTS }, (_, n) => makeIntent(n, 1, baskets));
  redis.partition();
  const behindPartition = await askAll(intents, {
    urls: fleet.urls,
    history: [],
    attempts: 1,
    random: Math.random,
  });
  const deductionsBehindPartition = (await ares.deductions()).length;
  await redis.failOver();
  const afterFailover = await askAll(intents, {
    urls: fleet.urls,
    history: [],
    attempts: 20,
    random: Math.random,
  });

  const counts = new Map<string, number>();
  for (const { userId, usage } of await ares.deductions()) {
    counts.set(`${userId} ${usage}`, (counts.get(`${userId} ${usage}`) ?? 0) + 1);
  }
  const doubled = [...counts.values()].filter((count) => count > 1).length;
  const answers = sumOf(behindPartition) + sumOf(afterFailover);
  return {
    behindPartition,
    deductionsBehindPartition,
    afterFailover,
    answers,
    deductions: sumOf(Object.fromEntries(counts)),
    doubled,
  };
}

/** How many requests got each code as their answer. */
async function askAll(
  intents: readonly Intent[],
  customer: Customer,
): Promise<Record<string, number>> {
  const left = [...intents];
  const worker = async () => {
    for (let intent = left.pop(); intent; intent = left.pop())
      for (const key of intent.keys) await charge(customer, intent, key);
  };
  await Promise.all(Array.from({ length: WIDTH }, worker));
  const counts: Record<string, number> = {};
  for (const { code } of customer.history) counts[code] = (counts[code] ?? 0) + 1;
  return counts;
}

function sumOf(counts: Record<string, number>): number {
  return Object.values(counts).reduce((sum, each) => sum + each, 0);
}

describe.skipIf(redisServer === null)(
  `a failover of ${suiteOn("Redis", redisServer)} behind a partition`,
  () => {
    test("refuses, and charges nothing twice, when every write waits for one replica", async () => {
      const result = await chargeAcrossFailover({ replicas: 1, timeoutMs: 40 });
      const { behindPartition, afterFailover, answers: requests, deductions, doubled } = result;
      const booked = `${behindPartition.ledger_unavailable} refusals, then ${afterFailover.charged} charged`;
      printRow({
        what: "failover behind a partition, `WAIT 1`",
        on: "Redis",
        intents: `${INTENTS}`,
        requests,
        deductions,
        booked,
        doubled,
      });

      expect(result.behindPartition).toEqual({ ledger_unavailable: INTENTS });
      expect(result.deductionsBehindPartition).toBe(0);
      expect(result.doubled).toBe(0);
      expect(result.afterFailover.charged).toBeGreaterThan(0);
    });

    test("charges twice what the promoted replica never heard of, when no write waits", async () => {
      const result = await chargeAcrossFailover(undefined);
      const { deductions, doubled } = result;
      printControlRow(
        "this kit, Redis failover behind a partition without `WAIT`",
        `${INTENTS}`,
        deductions,
        doubled,
      );

      expect(result.doubled).toBeGreaterThan(INTENTS / 2);
    });
  },
);
