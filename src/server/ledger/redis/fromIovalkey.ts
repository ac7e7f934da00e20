import { fromIoredis, type IoredisClient } from "./fromIoredis";
import type { RedisConnection } from "./redisLedger";

/**
 * Lets `redisLedger` work through `iovalkey`, the client of Valkey that speaks as `ioredis` does.
 *
 * @example
 * const ledger = redisLedger(fromIovalkey(new Redis()))
 */
export function fromIovalkey(valkey: IoredisClient): RedisConnection & { command: NonNullable<RedisConnection["command"]> } {
  return fromIoredis(valkey);
}
