// One module of a newer Node's types. All other code is checked against the oldest supported Node, which has none of it.
/// <reference path="../../node_modules/types-node-22/sqlite.d.ts" />

import type { DatabaseSync } from "node:sqlite";
import type { D1Database, KVNamespace } from "@cloudflare/workers-types";
import type { PGlite } from "@electric-sql/pglite";
import type { Client as Libsql } from "@libsql/client";
import type { NeonQueryFunction } from "@neondatabase/serverless";
import type { RedisClientType } from "@redis/client";
import type { Redis as UpstashRedis } from "@upstash/redis";
import type { Database as BetterSqlite3 } from "better-sqlite3";
import type { Cluster, Redis } from "ioredis";
import type { Redis as Valkey } from "iovalkey";
import type { Client as PgClient, Pool as PgPool } from "pg";
import type { Sql } from "postgres";
import type {
  fromBetterSqlite3,
  fromD1,
  fromIoredis,
  fromIovalkey,
  fromLibsql,
  fromNeon,
  fromNodeRedis,
  fromNodeSqlite,
  fromPg,
  fromPglite,
  fromPostgresJs,
  fromUpstash,
} from "../../src/server";

// The compiler is the test: the clients of the real packages fit. A store without compare-and-set does not fit.
export type Fits = [
  Fit<PgPool, typeof fromPg>,
  Fit<PgClient, typeof fromPg>,
  Fit<Sql, typeof fromPostgresJs>,
  Fit<PGlite, typeof fromPglite>,
  Fit<NeonQueryFunction<false, false>, typeof fromNeon>,
  Fit<NeonQueryFunction<false, true>, typeof fromNeon>,
  Fit<Libsql, typeof fromLibsql>,
  Fit<BetterSqlite3, typeof fromBetterSqlite3>,
  Fit<DatabaseSync, typeof fromNodeSqlite>,
  Fit<D1Database, typeof fromD1>,
  Fit<Redis, typeof fromIoredis>,
  Fit<Cluster, typeof fromIoredis>,
  Fit<Valkey, typeof fromIovalkey>,
  Fit<RedisClientType, typeof fromNodeRedis>,
  Fit<UpstashRedis, typeof fromUpstash>,
];

/** A client without types would fit everywhere. */
export type AllHaveTypes = Nothing<
  { [At in keyof Fits]: 0 extends 1 & Fits[At] ? At : never }[number]
>;

// @ts-expect-error a KV cache has no statements
export type KvForSql = Fit<KVNamespace, typeof fromD1>;
// @ts-expect-error a KV cache runs no scripts
export type KvForRedis = Fit<KVNamespace, typeof fromUpstash>;
export type GetAndSet = Fit<
  // @ts-expect-error a store that can only get and set has nothing to compare with
  { get(key: string): Promise<string>; set(key: string, value: string): Promise<void> },
  typeof fromIoredis
>;
// @ts-expect-error D1 answers later
export type LaterForAtOnce = Fit<D1Database, typeof fromNodeSqlite>;
// @ts-expect-error and node:sqlite at once
export type AtOnceForLater = Fit<DatabaseSync, typeof fromD1>;

type Fit<Client extends Parameters<From>[0], From extends (client: never) => unknown> = Client;
type Nothing<Left extends never> = Left;
