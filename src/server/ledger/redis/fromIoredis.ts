import { evalCached } from "./connection";
import type { RedisConnection } from "./redisLedger";

/**
 * Lets `redisLedger` work through `ioredis`, one server or a cluster.
 *
 * Its automatic re-sending after a lost connection is harmless here: every script answers the same attempt the same.
 *
 * @example
 * const ledger = redisLedger(fromIoredis(new Redis()))
 */
export function fromIoredis(redis: IoredisClient): RedisConnection & { command: NonNullable<RedisConnection["command"]> } {
  return {
    eval: evalCached(
      (sha, keys, args) => redis.evalsha(sha, keys.length, ...keys, ...args),
      (script, keys, args) => redis.eval(script, keys.length, ...keys, ...args),
    ),
    command: (name, ...args) => redis.call(name, ...args),
  };
}

/** The part of a client of `ioredis` that is used. */
export interface IoredisClient {
  eval(script: string, numberOfKeys: number, ...keysAndArgs: string[]): Promise<unknown>;
  evalsha(sha: string, numberOfKeys: number, ...keysAndArgs: string[]): Promise<unknown>;
  call(command: string, ...args: string[]): Promise<unknown>;
}
