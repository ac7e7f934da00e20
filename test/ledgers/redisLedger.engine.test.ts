import { Cluster, Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import {
  type Claim,
  fromIoredis,
  type Ledger,
  type RedisLedger,
  redisLedger,
} from "../../src/server";
import { rowsWithin } from "../../src/server/ledger/askLedger";
import { world } from "../server/world";
import { freePort } from "../setup/freePort.mjs";
import { type Engine, pause, redisServer, startRedis, suiteOn } from "./engines";
import { keepsTheRules } from "./keepsTheRules";
import { leavesNoTrace } from "./leavesNoTrace";
import { modelRuns } from "./ledgerModel";
import { redisAt } from "./redisClock";

function order(changes: Partial<Claim> = {}): Claim {
  const facts = {
    attempt: "a",
    key: "k",
    fingerprint: "f",
    userId: "u",
    usage: "export-pdf",
    resource: null,
    hundredths: 100,
  };
  return {
    ...facts,
    mintedAt: Date.now() + 60_000,
    leaseMs: 60_000,
    retainMs: 600_000,
    ...changes,
  };
}

describe.skipIf(redisServer === null)(suiteOn("redisLedger", redisServer), () => {
  let engine: Engine;
  let redis: Redis;
  let ledger: Ledger;
  beforeAll(async () => {
    engine = await startRedis();
    redis = new Redis(engine.port, "127.0.0.1");
    ledger = redisLedger(fromIoredis(redis));
  });
  afterEach(() => redis.flushall());
  afterAll(async () => {
    redis?.disconnect();
    await engine?.stop();
  });

  test("tells its address and how many rows it holds", async () => {
    await ledger.claim("row", order());
    await ledger.claim("other", order({ key: "other" }));

    expect(await ledger.store?.place?.()).toEqual({ host: `127.0.0.1:${engine.port}`, rows: 2 });
  });

  test("goes on when the server has forgotten its scripts", async () => {
    await ledger.claim("row", order());
    await redis.script("FLUSH");

    expect(await ledger.begin("row", { attempt: "a", leaseMs: 1000 })).toBe(true);
  });

  test("removes ended rows and every trace of them with later claims, and nothing that has a time to live exists", async () => {
    for (let n = 0; n < 6; n++) {
      await ledger.claim(`row-${n}`, order({ retainMs: 1, leaseMs: 0, userId: `user-${n}` }));
      await ledger.begin(`row-${n}`, { attempt: "a", leaseMs: 0 });
      if (n < 4) await ledger.settle(`row-${n}`, { attempt: "a", to: "charged", outcome: {} });
    }
    await pause(5);
    await ledger.claim("next", order({ key: "next" }));
    await ledger.claim("after", order({ key: "after" }));

    const keys = await redis.keys("*");

    expect(keys.filter((key) => key.includes("charge:")).sort()).toEqual(
      ["after", "next", "row-4", "row-5"].map((id) => `{ares}:charge:${id}`),
    );
    expect(keys.filter((key) => key.includes("user:")).sort()).toEqual(
      ["u", "user-4", "user-5"].map((id) => `{ares}:user:${id}`),
    );
    expect(keys.filter((key) => key.includes("keys:")).sort()).toEqual(
      ["u", "user-4", "user-5"].map((id) => `{ares}:keys:${id}`),
    );
    expect(await redis.zcard("{ares}:all")).toBe(4);
    expect(await redis.zrange("{ares}:status:charged", "0", "-1")).toEqual([]);
    expect(await Promise.all(keys.map((key) => redis.ttl(key)))).toEqual(keys.map(() => -1));
  });

  test("leaves no trace of a user who is erased", () =>
    leavesNoTrace(ledger, async () => {
      const readers = {
        hash: (key: string) => redis.hgetall(key),
        zset: (key: string) => redis.zrange(key, "0", "-1"),
        string: (key: string) => redis.get(key),
      };
      const found: string[] = [];
      for (const key of await redis.keys("*")) {
        const kind = await redis.type(key);
        if (!(kind === "hash" || kind === "zset" || kind === "string")) throw new Error(kind);
        found.push(`${key} ${JSON.stringify(await readers[kind](key))}`);
      }
      return found;
    }));

  test("sets the epoch anew when everything was lost, and refuses older keys", async () => {
    const before = await ledger.health();
    await ledger.claim("row", order());
    await pause(5);
    await redis.flushall();

    expect(await ledger.claim("row", order({ mintedAt: Date.now() - 1 }))).toEqual({ k: "reset" });
    expect((await ledger.health()).epoch).toBeGreaterThan(before.epoch);
    expect(await ledger.find("row")).toBeNull();
  });

  test("two prefixes are two ledgers", async () => {
    const other = redisLedger({ ...fromIoredis(redis), prefix: "other" });
    await ledger.claim("row", order());

    expect(await other.find("row")).toBeNull();
    expect((await other.claim("row", order({ attempt: "b" }))).k).toBe("mine");
  });

  test.each([
    ["appendonly", "no", "Set appendonly yes"],
    ["appendfsync", "everysec", "appendfsync always"],
    ["maxmemory-policy", "allkeys-lru", "noeviction"],
  ])("health warns of %s %s", async (name, value, warning) => {
    const former = (await redis.config("GET", name))[1] ?? "";
    await redis.config("SET", name, value);

    const { durable, warnings } = await ledger.health();
    await redis.config("SET", name, former);

    expect(durable).toBe(false);
    expect(warnings.join()).toContain(warning);
  });

  test("serves a user of Redis who may run no dangerous command, and says that it is not told whether it is durable", async () => {
    await redis.call("ACL", "SETUSER", "app", "on", ">secret", "~*", "+@all", "-@dangerous");
    const limited = new Redis({
      port: engine.port,
      host: "127.0.0.1",
      username: "app",
      password: "secret",
      enableReadyCheck: false,
    });
    const {
      post,
      get,
      key,
      clock,
      ares,
      ledger: restricted,
    } = world({ ledger: redisLedger(fromIoredis(limited)) });
    // A ledger refuses the keys of its own first moments.
    await restricted.health();
    await redis.set("{ares}:epoch", "1");
    clock.ms = Date.now();
    const paid = key();

    const answers = [
      await post({ usage: "image" }, { "Idempotency-Key": paid }),
      await get(`?charge=${paid}`),
      await get(`?charge=${key()}`),
    ];
    const told = await Promise.all(
      answers.slice(1).map(async (answer) => (await answer.json()).charge.status),
    );
    const { durable, warnings } = await restricted.health();
    await expect(limited.call("INFO")).rejects.toThrow("NOPERM");
    limited.disconnect();

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect([told, ares.book.length]).toEqual([["charged", "absent"], 1]);
    expect([durable, warnings.length]).toEqual([undefined, 1]);
  });

  test.each<[string, (ledger: RedisLedger) => Promise<unknown>]>([
    ["setup()", (ledger) => ledger.setup()],
    ["a look-up", (ledger) => ledger.find("row")],
    ["a list", (ledger) => ledger.list({})],
  ])(
    "begins to remember at %s, so that the first customer meets no new ledger",
    async (_, first) => {
      const connection = fromIoredis(redis);
      const fresh = (prefix: string) => redisLedger({ ...connection, prefix, skewMs: 50 });
      const prefix = crypto.randomUUID();
      const before = Date.now();
      await first(fresh(prefix));
      const { epoch } = await fresh(prefix).health();
      expect(epoch - before).toBeGreaterThanOrEqual(0);
      expect(await fresh(prefix).claim("row", order({ mintedAt: epoch }))).toEqual({ k: "reset" });
      await vi.waitUntil(async () => (await fresh(prefix).health()).now > epoch + 60);

      const claimed = await fresh(prefix).claim("row", order({ mintedAt: Date.now() }));

      expect(claimed).toEqual({ k: "mine" });
      expect(
        await fresh(crypto.randomUUID()).claim("row", order({ mintedAt: Date.now() })),
      ).toEqual({ k: "reset" });
    },
  );

  test("lists a long book a page at a time", async () => {
    for (let n = 0; n < 450; n++)
      await ledger.claim(`row-${n}`, order({ key: `${n}`, leaseMs: n % 3 === 0 ? 0 : 60_000 }));
    await ledger.begin("row-7", { attempt: "a", leaseMs: 60_000 });

    expect((await ledger.list({ userId: "u", limit: 1000 })).length).toBe(450);
    expect((await ledger.list({ userId: "u", status: "sending" })).map(({ id }) => id)).toEqual([
      "row-7",
    ]);
    expect((await ledger.list({ limit: 3 })).length).toBe(3);
  });

  test.each<[string, () => number]>([
    ["of many moments", Date.now],
    // A script's page holds fewer rows than this moment.
    ["of one millisecond", () => 1_800_000_000_000],
  ])("lists each of 1,300 rows %s once, in one list and by pages of any size", async (_, now) => {
    const ledger = redisLedger(redisAt(fromIoredis(redis), now));
    const ids = Array.from({ length: 1_300 }, (_, n) => `row-${n}`);
    await Promise.all(
      ids.map((id) => ledger.claim(id, order({ key: id, mintedAt: now() + 60_000 }))),
    );
    const sorted = ids.toSorted();
    for (const filter of [
      {},
      { userId: "u" },
      { status: "claimed" as const },
      { userId: "u", status: "claimed" as const },
    ]) {
      const whole = (await ledger.list({ ...filter, limit: 2_000 })).map(({ id }) => id);
      expect(whole.toSorted()).toEqual(sorted);
      for (const limit of [500, 501, 700]) {
        const turned: string[] = [];
        for (let page = await ledger.list({ ...filter, limit }); page.length > 0; ) {
          turned.push(...page.map(({ id }) => id));
          page = await ledger.list({ ...filter, limit, before: page.at(-1) });
        }
        expect(turned).toEqual(whole);
      }
    }
  });

  test("reads no row older than a day for a user's declined rows of a day, not of this user and not of others", async () => {
    const declined = async (id: string, userId: string, ageMs: number) => {
      await ledger.claim(id, order({ key: id, userId }));
      await ledger.begin(id, { attempt: "a", leaseMs: 60_000 });
      await ledger.settle(id, { attempt: "a", to: "declined", outcome: {} });
      const createdAt = `${Date.now() - ageMs}`;
      await redis.hset(`{ares}:charge:${id}`, "createdAt", createdAt);
      for (const set of ["all", `user:${userId}`, "status:declined"])
        await redis.zadd(`{ares}:${set}`, createdAt, id);
    };
    const [day, old] = [86_400_000, 2 * 86_400_000];
    for (let n = 0; n < 600; n++) await declined(`old-${n}`, "other", old + n);
    for (let n = 0; n < 20; n++) await declined(`mine-${n}`, "u", old + n);
    for (let n = 0; n < 20; n++) await declined(`today-${n}`, "other", 0);
    // A user with more rows than all declined ones of everybody.
    for (let n = 0; n < 700; n++) await ledger.claim(`row-${n}`, order({ key: `row-${n}` }));
    await declined("today", "u", 0);
    await redis.config("RESETSTAT");

    const rows = await rowsWithin(ledger, { userId: "u", status: "declined" }, day);

    const calls = async (name: string) =>
      Number(
        new RegExp(`cmdstat_${name}:calls=(\\d+)`).exec(await redis.info("commandstats"))?.[1] ?? 0,
      );
    expect(rows.map(({ id }) => id)).toEqual(["today"]);
    // One script, and the 21 rows of all users that were declined today.
    expect([await calls("evalsha"), await calls("hgetall")]).toEqual([1, 21]);
  });
});

describe.skipIf(redisServer === null)(suiteOn("a cluster of Redis", redisServer), () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startRedis({
      "cluster-enabled": "yes",
      "cluster-announce-ip": "127.0.0.1",
      "cluster-port": `${await freePort()}`,
    });
    const node = new Redis(engine.port, "127.0.0.1");
    await node.call("CLUSTER", "ADDSLOTSRANGE", "0", "16383");
    for (
      let n = 0;
      n < 200 && !String(await node.call("CLUSTER", "INFO")).includes("cluster_state:ok");
      n++
    )
      await pause(50);
    node.disconnect();
  });
  afterAll(() => engine?.stop());

  keepsTheRules(
    "a cluster",
    async () => {
      const cluster = new Cluster([{ host: "127.0.0.1", port: engine.port }]);
      return { ledger: redisLedger(fromIoredis(cluster)), close: () => cluster.disconnect() };
    },
    { modelRuns },
  );
});
