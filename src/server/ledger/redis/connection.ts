/**
 * Runs scripts by their digest. A script's text goes only to a server that does not know the script yet.
 *
 * Repeating a script after `NOSCRIPT` is safe: the server has run nothing.
 */
export function evalCached(
  bySha: (sha: string, keys: string[], args: string[]) => Promise<unknown>,
  byText: (script: string, keys: string[], args: string[]) => Promise<unknown>,
): (script: string, keys: string[], args: string[]) => Promise<unknown> {
  const digests = new Map<string, Promise<string>>();

  return async (script, keys, args) => {
    const digest = digests.get(script) ?? sha1(script);
    digests.set(script, digest);
    try {
      return await bySha(await digest, keys, args);
    } catch (error) {
      if (!(error instanceof Error) || !error.message.includes("NOSCRIPT")) throw error;
      return byText(script, keys, args);
    }
  };
}

/** Redis names scripts by their SHA-1. No secret depends on this hash. */
async function sha1(text: string): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-1", new TextEncoder().encode(text)));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The part of a Redis client that `redisLedger` needs. `fromIoredis` and the like make one. */
export interface RedisConnection {
  /** Runs a script. The connection may try `EVALSHA` first. */
  eval: (script: string, keys: string[], args: string[]) => Promise<unknown>;
  /** Sends one command on the connection that `eval` uses: for `wait` and `health()`. */
  command?: RedisCommand;
  /** What the client itself lacks, for `health()`. */
  warnings?: () => string[];
}

/** Sends one command to Redis, and resolves to its reply. */
export type RedisCommand = (name: string, ...args: string[]) => Promise<unknown>;
