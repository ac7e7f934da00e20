import type { RedisConnection } from "./connection";
import { evalCached } from "./connection";
/**
 * Lets `redisLedger` work through `ioredis`, one server or a cluster.
 *
 * The client re-sends commands after a lost connection. A script gives the same attempt the same answer, so nothing breaks.
 *
 * @example
 * const ledger = redisLedger(fromIoredis(new Redis()))
 */
export function fromIoredis(
  redis: IoredisClient,
): RedisConnection & { command: NonNullable<RedisConnection["command"]> } {
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

/**
 * Lets `redisLedger` work through `iovalkey`, the client of Valkey that speaks as `ioredis` does.
 *
 * @example
 * const ledger = redisLedger(fromIovalkey(new Redis()))
 */
export function fromIovalkey(
  valkey: IoredisClient,
): RedisConnection & { command: NonNullable<RedisConnection["command"]> } {
  return fromIoredis(valkey);
}

/**
 * Lets `redisLedger` work through `redis` (node-redis), one connected client. Give the client an error listener: `health()` checks it.
 *
 * @example
 * const ledger = redisLedger(fromNodeRedis(await createClient().connect()))
 */
export function fromNodeRedis(
  client: NodeRedisClient,
): RedisConnection & { command: NonNullable<RedisConnection["command"]> } {
  return {
    eval: evalCached(
      (sha, keys, args) => client.evalSha(sha, { keys, arguments: args }),
      (script, keys, args) => client.eval(script, { keys, arguments: args }),
    ),
    command: (name, ...args) => client.sendCommand([name, ...args]),
    warnings: () => (client.listenerCount?.("error") === 0 ? [NO_LISTENER] : []),
  };
}

/** The part of a client of `redis` that is used. */
export interface NodeRedisClient {
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
  evalSha(sha: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
  sendCommand(command: string[]): Promise<unknown>;
  listenerCount?(event: "error"): number;
}

const NO_LISTENER =
  'The client of node-redis has no error listener: a lost connection ends this process. Add client.on("error", (error) => console.error(error.message)).';

/**
 * Lets `redisLedger` work through `@upstash/redis`, over HTTP.
 *
 * Upstash copies to its replicas after the answer, so a failover may forget the last charges. Use one region, without eviction; for more than that take `sqlLedger` on PostgreSQL.
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
