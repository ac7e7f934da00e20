import { createClient } from "@redis/client";
import { Redis } from "ioredis";
import { Redis as Valkey } from "iovalkey";
import { fromIoredis, fromIovalkey, fromNodeRedis, redisLedger } from "../../src/server";
import { redisServer, startRedis } from "./engines";
import { type Drivers, everyDriverKeepsTheRules } from "./keepsTheRules";

const onRedis: Drivers = {
  ioredis: async ({ port }) => {
    const redis = new Redis(port, "127.0.0.1");
    return {
      ledger: redisLedger({ ...fromIoredis(redis), prefix: "by-ioredis" }),
      close: () => redis.disconnect(),
    };
  },
  "node-redis": async ({ port }) => {
    const client = createClient({ url: `redis://127.0.0.1:${port}` });
    client.on("error", () => {});
    await client.connect();
    return {
      ledger: redisLedger({ ...fromNodeRedis(client), prefix: "{by-node-redis}" }),
      close: () => client.close(),
    };
  },
  iovalkey: async ({ port }) => {
    const valkey = new Valkey(port, "127.0.0.1");
    return {
      ledger: redisLedger({ ...fromIovalkey(valkey), prefix: "by-iovalkey" }),
      close: () => valkey.disconnect(),
    };
  },
};

everyDriverKeepsTheRules("Redis", redisServer, startRedis, onRedis);
