import * as z from "zod/mini";
import type { RedisConnection } from "../server/index";
import type { TokenStore, TokenWrite } from "./tokenStore";

/** The options of `redisTokens`. */
export interface RedisTokensOptions extends RedisConnection {
  /**
   * Stands in front of every key, as the prefix of `redisLedger` does. Both may share one.
   * @default "ares"
   */
  prefix?: string;
}

/**
 * Keeps the links between users and ARES in Redis or Valkey, through the client that the ledger uses. Tokens are encrypted
 * before they reach Redis.
 *
 * Redis must keep an append-only file and must not evict keys. A write that a failover forgets may cost a user one more press
 * of "Connect ARES".
 *
 * @example
 * const tokens = redisTokens(fromIoredis(new Redis()))
 */
export function redisTokens({ eval: run, prefix = "ares" }: RedisTokensOptions): TokenStore {
  const root = prefix.includes("{") ? `${prefix}:` : `{${prefix}}:`;

  async function call(script: string, id: string, args: string[] = []): Promise<string> {
    const answer = await run(script, [`${root}token:${id}`, root], args);
    if (typeof answer !== "string")
      throw new Error(`redisTokens: a script answered ${typeof answer} instead of text.`);
    return answer;
  }

  return {
    async read(id) {
      const answer = await call(READ, id);
      const space = answer.indexOf(" ");
      const json = answer.slice(space + 1);
      return {
        row: json === "" ? null : Row.parse(JSON.parse(json)),
        now: Number(answer.slice(0, space)),
      };
    },
    async write(id, row, was) {
      const holds = row.holds ?? "";
      return Written.parse(
        await call(WRITE, id, [was ?? "", row.revision, holds, JSON.stringify(row)]),
      );
    },
    async remove(id) {
      await call(REMOVE, id);
    },
  };
}

const READ = `
local time = redis.call('TIME')
local now = string.format('%.0f', tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000))
return now .. ' ' .. (redis.call('HGET', KEYS[1], 'row') or '')`;

/** `holds:` leads from what a row holds to the row's key. */
const WRITE = `
local row, root = KEYS[1], KEYS[2]
local was, revision, holds, json = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local kept = redis.call('HGET', row, 'revision') or ''
if kept == revision then return 'written' end
if kept ~= was then return 'stale' end
local holder = holds ~= '' and redis.call('GET', root .. 'holds:' .. holds)
if holder and holder ~= row then return 'taken' end
local before = redis.call('HGET', row, 'holds') or ''
if before ~= '' and before ~= holds then redis.call('DEL', root .. 'holds:' .. before) end
if holds ~= '' then redis.call('SET', root .. 'holds:' .. holds, row) end
redis.call('HSET', row, 'revision', revision, 'holds', holds, 'row', json)
return 'written'`;

const REMOVE = `
local row, root = KEYS[1], KEYS[2]
local holds = redis.call('HGET', row, 'holds') or ''
if holds ~= '' then redis.call('DEL', root .. 'holds:' .. holds) end
redis.call('DEL', row)
return 'removed'`;

const Written = /* @__PURE__ */ (() =>
  z.enum(["written", "stale", "taken"] satisfies TokenWrite[]))();

const Row = /* @__PURE__ */ (() =>
  z.object({
    revision: z.string(),
    version: z.string(),
    account: z.string(),
    holds: z.nullable(z.string()),
    accessToken: z.string(),
    refreshToken: z.nullable(z.string()),
    storedAt: z.number(),
    expiresAt: z.number(),
    signedInSince: z.number(),
    step: z.enum(["stored", "claimed", "sent"]),
    stepUntil: z.number(),
    retryAt: z.number(),
    refusedAt: z.nullable(z.number()),
    ended: z.boolean(),
  }))();
