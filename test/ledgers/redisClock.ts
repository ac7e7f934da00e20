import type { RedisConnection } from "../../src/server";

/** A Redis whose clock a test sets. */
export function redisAt(connection: RedisConnection, now: () => number): RedisConnection {
  return {
    eval(script, keys, args) {
      const time = `{'${Math.floor(now() / 1000)}', '${(now() % 1000) * 1000}'}`;
      return connection.eval(script.replace("redis.call('TIME')", time), keys, args);
    },
  };
}
