import { evalCached } from "./connection";
import type { RedisConnection } from "./redisLedger";

/**
 * Lets `redisLedger` work through `@upstash/redis`, over HTTP.
 *
 * Upstash copies to its replicas afterwards and can't be made to wait, so a failover may forget the last
 * charges. Use one region, without eviction; for more than that take `sqlLedger` on PostgreSQL.
 *
 * @example
 * const ledger = redisLedger(fromUpstash(Redis.fromEnv()))
 */
export function fromUpstash(redis: UpstashClient): RedisConnection {
  return {
    eval: evalCached(
      (sha, keys, args) => redis.evalsha(sha, keys, args),
      (script, keys, args) => redis.eval(script, keys, args),
    ),
  };
}

/** The part of a client of `@upstash/redis` that is used. */
export interface UpstashClient {
  eval(script: string, keys: string[], args: string[]): Promise<unknown>;
  evalsha(sha: string, keys: string[], args: string[]): Promise<unknown>;
}
