import { Redis } from "ioredis";
import { Pool } from "pg";
import { afterEach, describe, expect, onTestFinished, test } from "vitest";
import {
  type Claim,
  fromIoredis,
  fromPg,
  type Ledger,
  redisLedger,
  sqlLedger,
} from "../../src/server";
import {
  type Engine,
  pause,
  postgresServer,
  redisServer,
  startPostgres,
  startRedis,
  suiteOn,
} from "./engines";

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

function order(attempt: string, mintedAt: number): Claim {
  const facts = {
    key: attempt,
    fingerprint: "request",
    userId: "user",
    usage: "export-pdf",
    resource: null,
    hundredths: 100,
  };
  return { ...facts, attempt, mintedAt, leaseMs: 60_000, retainMs: 600_000 };
}

async function openRedis(engine: Engine): Promise<Redis> {
  const redis = new Redis(engine.port, "127.0.0.1", {
    retryStrategy: () => 20,
    maxRetriesPerRequest: 500,
  });
  redis.on("error", () => {});
  closing.push(() => redis.disconnect());
  return redis;
}

/** Writes while the server is killed and started again, and returns the confirmed writes: 20 more before each crash and after the last. */
async function confirmedThroughCrashes(
  engine: Engine,
  ledger: Ledger,
  crashes: number,
): Promise<string[]> {
  const { epoch } = await ledger.health();
  const confirmed: string[] = [];
  let going = true;
  const writers = [0, 1, 2, 3].map(async (writer) => {
    for (let n = 0; going; n++) {
      const id = `${writer}-${n}`;
      const claim = await ledger.claim(id, order(id, epoch + 60_000)).catch(() => null);
      const begun =
        claim?.k === "mine" &&
        (await ledger.begin(id, { attempt: id, leaseMs: 60_000 }).catch(() => false));
      if (begun) confirmed.push(id);
      else await pause(5);
    }
  });
  const twentyMore = async () => {
    const enough = confirmed.length + 20;
    while (going && confirmed.length < enough) await pause(5);
  };
  onTestFinished(() => {
    going = false;
  });
  for (let n = 0; n < crashes; n++) {
    await twentyMore();
    await engine.crash();
  }
  await twentyMore();
  going = false;
  await Promise.all(writers);
  return confirmed;
}

async function forgotten(ledger: Ledger, ids: string[]): Promise<string[]> {
  const lost: string[] = [];
  for (const id of ids) if ((await ledger.find(id))?.status !== "sending") lost.push(id);
  return lost;
}

describe.skipIf(redisServer === null)(suiteOn("Redis, when it is killed", redisServer), () => {
  test("forgets no confirmed begin with an append-only file", async () => {
    const engine = await startRedis();
    closing.push(engine.stop);
    const ledger = redisLedger(fromIoredis(await openRedis(engine)));

    const confirmed = await confirmedThroughCrashes(engine, ledger, 3);

    expect(confirmed.length).toBeGreaterThanOrEqual(80);
    expect(await forgotten(ledger, confirmed)).toEqual([]);
  });

  test("without persistence forgets everything, notices, and refuses every older key", async () => {
    const engine = await startRedis({ appendonly: "no" });
    closing.push(engine.stop);
    const ledger = redisLedger(fromIoredis(await openRedis(engine)));
    const { epoch } = await ledger.health();
    const key = order("a", epoch + 2_000);
    await pause(10);
    await ledger.claim("row", key);

    expect(await ledger.begin("row", { attempt: "a", leaseMs: 60_000 })).toBe(true);
    await pause(100);
    await engine.crash();

    expect(await ledger.find("row")).toBeNull();
    expect(await ledger.claim("row", { ...key, attempt: "b" })).toEqual({ k: "reset" });
    expect((await ledger.health()).warnings.join()).toContain("appendonly yes");
  });
});

describe.skipIf(redisServer === null)(suiteOn("Redis with replicas", redisServer), () => {
  async function pair() {
    const master = await startRedis({ "repl-diskless-sync-delay": "0" });
    closing.push(master.stop);
    const replica = await startRedis({ replicaof: `127.0.0.1 ${master.port}` });
    closing.push(replica.stop);
    const redis = await openRedis(master);
    for (
      let n = 0;
      n < 200 && !String(await redis.info("replication")).includes("state=online");
      n++
    )
      await pause(50);
    return { master, replica, redis };
  }

  test("confirms a charge that a replica has", async () => {
    const { redis } = await pair();
    const ledger = redisLedger({ ...fromIoredis(redis), wait: { replicas: 1, timeoutMs: 2000 } });
    const { epoch, warnings } = await ledger.health();

    expect(await ledger.claim("row", order("a", epoch + 60_000))).toEqual({ k: "mine" });
    expect(await ledger.begin("row", { attempt: "a", leaseMs: 60_000 })).toBe(true);
    expect(warnings).toEqual([]);
  });

  test("refuses a charge that no replica confirms", async () => {
    const { redis, replica } = await pair();
    const ledger = redisLedger({ ...fromIoredis(redis), wait: { replicas: 1, timeoutMs: 100 } });
    const { epoch } = await ledger.health();
    await ledger.claim("row", order("a", epoch + 60_000));
    await replica.stop();
    closing.pop();

    await expect(ledger.begin("row", { attempt: "a", leaseMs: 60_000 })).rejects.toThrow(
      "0 of 1 replicas",
    );
    await expect(ledger.claim("other", order("b", epoch + 60_000))).rejects.toThrow(
      "0 of 1 replicas",
    );
  });

  test("does not take the word of a connection that was replaced between the write and the wait", async () => {
    const { redis } = await pair();
    const connection = fromIoredis(redis);
    const ledger = redisLedger({
      ...connection,
      wait: { replicas: 1, timeoutMs: 1000 },
      async command(name, ...args) {
        if (name === "WAIT")
          await redis.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "no").catch(() => null);
        return connection.command(name, ...args);
      },
    });
    const { epoch } = await ledger.health();

    await expect(ledger.claim("row", order("a", epoch + 60_000))).rejects.toThrow(
      "on another connection",
    );
  });

  test("without wait says what a failover could forget", async () => {
    const { redis } = await pair();

    expect((await redisLedger(fromIoredis(redis)).health()).warnings.join()).toContain(
      "wait: { replicas: 1 }",
    );
  });
});

describe.skipIf(postgresServer === null)(
  suiteOn("PostgreSQL, when it is killed", postgresServer),
  () => {
    test("forgets no confirmed begin", async () => {
      const engine = await startPostgres();
      closing.push(engine.stop);
      const pool = new Pool({
        host: "127.0.0.1",
        port: engine.port,
        user: "ares",
        database: "postgres",
        max: 4,
        connectionTimeoutMillis: 2000,
      });
      pool.on("error", () => {});
      closing.push(() => pool.end());
      const ledger = sqlLedger({ dialect: "postgres", query: fromPg(pool) });
      await ledger.setup();

      const confirmed = await confirmedThroughCrashes(engine, ledger, 3);

      expect(confirmed.length).toBeGreaterThanOrEqual(80);
      expect(await forgotten(ledger, confirmed)).toEqual([]);
    });
  },
);
