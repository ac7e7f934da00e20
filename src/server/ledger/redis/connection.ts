/**
 * Runs scripts by their digest, and sends a script's text only to a server that does not know it yet.
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

/** Redis names scripts by their SHA-1; nothing secret depends on it. */
async function sha1(text: string): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-1", new TextEncoder().encode(text)));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** What `redisLedger` needs of a client; `fromIoredis` and the like make it. */
export interface RedisConnection {
  /** Runs a script; `EVALSHA` first is the connection's own business. */
  eval: (script: string, keys: string[], args: string[]) => Promise<unknown>;
  /** Sends one command on the connection that `eval` uses: for `wait` and `health()`. */
  command?: RedisCommand;
}

export type RedisCommand = (name: string, ...args: string[]) => Promise<unknown>;
