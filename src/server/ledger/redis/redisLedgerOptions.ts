import type { Ledger } from "../ledger";
import type { RedisConnection } from "./connection";

/** What `redisLedger` returns. */
export interface RedisLedger extends Ledger {
  /** Writes the ledger's epoch, so that the first customer meets no new ledger. May run at every start. */
  setup(): Promise<void>;
}

/** The options of `redisLedger`. */
export interface RedisLedgerOptions extends RedisConnection {
  /**
   * Stands in front of every key. The prefix is the keys' hash tag, so a cluster keeps all keys together.
   * @default "ares"
   */
  prefix?: string;
  /**
   * Refuses a claim or a begin that not enough replicas confirm in time (`WAIT`), 1,000 ms by default.
   * `wait` needs one connection, not a pool and not a cluster client.
   */
  wait?: { replicas: number; timeoutMs?: number };
  /**
   * How far the clock that mints keys may run ahead of the server's, in milliseconds. A new ledger refuses keys of its
   * first moments, because they could be older than the ledger.
   * @default 2000
   */
  skewMs?: number;
}
