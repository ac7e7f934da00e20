import { evalCached } from "./connection";
import type { RedisConnection } from "./redisLedger";

/**
 * Lets `redisLedger` work through `redis` (node-redis), one connected client.
 *
 * @example
 * const ledger = redisLedger(fromNodeRedis(await createClient().connect()))
 */
export function fromNodeRedis(client: NodeRedisClient): RedisConnection & { command: NonNullable<RedisConnection["command"]> } {
  return {
    eval: evalCached(
      (sha, keys, args) => client.evalSha(sha, { keys, arguments: args }),
      (script, keys, args) => client.eval(script, { keys, arguments: args }),
    ),
    command: (name, ...args) => client.sendCommand([name, ...args]),
  };
}

/** The part of a client of `redis` that is used. */
export interface NodeRedisClient {
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
  evalSha(sha: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
  sendCommand(command: string[]): Promise<unknown>;
}
