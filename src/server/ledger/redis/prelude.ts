/**
 * The start of every script. A row is one hash. Sorted sets serve for listing and forgetting. One hash per user maps
 * each key to its row, and one maps each paid resource to its newest row.
 *
 * One hash per user who charges under a cap holds two sums, see `spendScripts`.
 *
 * No row has a time to live, so no eviction policy for volatile keys reaches a charge. A `sending` or `unknown` row
 * never leaves by itself. All keys carry one hash tag, so a cluster keeps the charges and the epoch on one node:
 * a node that loses a charge loses the epoch too.
 */
export const redisPrelude = () => `
local row, root = KEYS[1], KEYS[2]
local a = cjson.decode(ARGV[1])
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)

local function whole(n) return string.format('%.0f', n) end

local function read(key)
  local flat = redis.call('HGETALL', key)
  if #flat == 0 then return nil end
  local r = {}
  for i = 1, #flat, 2 do r[flat[i]] = flat[i + 1] end
  return r
end

local function lost(r) return r.status == 'sending' and tonumber(r.leaseUntil) <= now end
local function unsettled(r) return r.status == 'sending' or r.status == 'unknown' end
local function owned(r) return r.status == 'claimed' and tonumber(r.leaseUntil) > now end
-- Only a charged or unknown row may be the proof of a charge.
local function retained(r, to)
  return whole(now + tonumber((to == 'charged' or to == 'unknown') and r.retainMs or r.unchargedMs))
end
local function forgotten(r) return tonumber(r.retainUntil) <= now and not unsettled(r) and not owned(r) end

local function say(word, r)
  r.readAt = whole(now)
  return word .. ' ' .. cjson.encode(r)
end

local function leave(r)
  redis.call('ZREM', root .. 'status:' .. r.status, r.id)
  redis.call('ZREM', root .. 'ends', r.id)
end

local function enter(r)
  redis.call('ZADD', root .. 'status:' .. r.status, r.createdAt, r.id)
  if not unsettled(r) then redis.call('ZADD', root .. 'ends', r.retainUntil, r.id) end
end

local function store(r)
  local flat = {}
  for field, value in pairs(r) do
    flat[#flat + 1] = field
    flat[#flat + 1] = value
  end
  redis.call('HSET', root .. 'charge:' .. r.id, unpack(flat))
  redis.call('ZADD', root .. 'all', r.createdAt, r.id)
  redis.call('ZADD', root .. 'user:' .. r.userId, r.createdAt, r.id)
  redis.call('HSET', root .. 'keys:' .. r.userId, r.key, r.id)
  enter(r)
end

local function spentKey(userId) return root .. 'spent:' .. userId end

local function forget(r)
  leave(r)
  redis.call('ZREM', root .. 'all', r.id)
  redis.call('ZREM', root .. 'user:' .. r.userId, r.id)
  redis.call('HDEL', root .. 'keys:' .. r.userId, r.key)
  local newest = root .. 'newest:' .. r.userId
  if r.resource and redis.call('HGET', newest, r.fingerprint) == r.id then redis.call('HDEL', newest, r.fingerprint) end
  redis.call('DEL', root .. 'charge:' .. r.id)
  if redis.call('ZCARD', root .. 'user:' .. r.userId) == 0 then redis.call('DEL', spentKey(r.userId), newest) end
end

local function change(r, fields)
  leave(r)
  for field, value in pairs(fields) do
    r[field] = value
    redis.call('HSET', row, field, value)
  end
  enter(r)
end

local function epoch()
  local kept = redis.call('GET', root .. 'epoch')
  if kept then return tonumber(kept) end
  redis.call('SET', root .. 'epoch', whole(now))
  return now
end
`;
