import { createClient } from "@redis/client";
import { Redis } from "ioredis";
import { Pool } from "pg";
import postgres from "postgres";
import { afterAll, beforeAll, describe } from "vitest";
import { redisTokens } from "../../src/connect/redisTokens";
import { sqlTokens } from "../../src/connect/sqlTokens";
import { fromIoredis, fromNodeRedis, fromPg, fromPostgresJs } from "../../src/server";
import {
  type Engine,
  postgresServer,
  redisServer,
  startPostgres,
  startRedis,
  suiteOn,
} from "../ledgers/engines";
import { keepsTheTokenRules } from "./tokenRules";

describe.skipIf(redisServer === null)(suiteOn("Redis", redisServer), () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startRedis();
  });
  afterAll(() => engine?.stop());

  keepsTheTokenRules("Redis through ioredis", async () => {
    const redis = new Redis(engine.port, "127.0.0.1");
    return { tokens: redisTokens(fromIoredis(redis)), close: () => redis.disconnect() };
  });
  keepsTheTokenRules("Redis through node-redis", async () => {
    const client = createClient({ url: `redis://127.0.0.1:${engine.port}` });
    client.on("error", () => {});
    await client.connect();
    const tokens = redisTokens({ ...fromNodeRedis(client), prefix: "{other}" });
    return { tokens, close: () => client.close() };
  });
});

describe.skipIf(postgresServer === null)(suiteOn("PostgreSQL", postgresServer), () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startPostgres();
  });
  afterAll(() => engine?.stop());
  const place = () => ({
    host: "127.0.0.1",
    port: engine.port,
    user: "ares",
    database: "postgres",
    max: 10,
  });

  keepsTheTokenRules("PostgreSQL through pg", async () => {
    const pool = new Pool(place());
    pool.on("error", () => {});
    const tokens = sqlTokens({ dialect: "postgres", query: fromPg(pool) });
    await tokens.setup();
    return { tokens, close: () => pool.end() };
  });
  keepsTheTokenRules("PostgreSQL through postgres.js", async () => {
    const sql = postgres({ ...place(), onnotice: () => {} });
    const query = fromPostgresJs(sql);
    const tokens = sqlTokens({ dialect: "postgres", query, table: "public.other_tokens" });
    await tokens.setup();
    return { tokens, close: () => sql.end() };
  });
  keepsTheTokenRules("PostgreSQL under serializable", async () => {
    const options = "-c default_transaction_isolation=serializable";
    const pool = new Pool({ ...place(), options });
    pool.on("error", () => {});
    const tokens = sqlTokens({ dialect: "postgres", query: fromPg(pool), table: "strict_tokens" });
    await tokens.setup();
    return { tokens, close: () => pool.end() };
  });
});
