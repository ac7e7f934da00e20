import { redisPrelude } from "./prelude";
import { spendScripts } from "./spendScripts";

/** The body of each operation. Its answer is a word, sometimes followed by JSON, so no client parses it as JSON. */
const bodies = {
  claim: `
local since = epoch()
local skewed = a.now and math.abs(now - a.now) > a.maxSkewMs
for _, id in ipairs(skewed and {} or redis.call('ZRANGEBYSCORE', root .. 'ends', '-inf', whole(now), 'LIMIT', 0, 4)) do
  local ended = read(root .. 'charge:' .. id)
  if not ended then
    redis.call('ZREM', root .. 'ends', id)
  elseif over(ended) then
    forget(ended)
  end
end
local r = read(row)
if skewed and (not r or over(r)) then return 'skew' end
if r and over(r) then
  forget(r)
  r = nil
end
if r then
  if r.fingerprint ~= a.fingerprint then return 'mismatch' end
  local free = r.status == 'claimed' and (tonumber(r.leaseUntil) <= now or r.attempt == a.attempt)
  local declined = r.status == 'declined' and r.key ~= a.key
  if not free and not declined then return say('seen', r) end
end
local holder = redis.call('HGET', root .. 'keys:' .. a.userId, a.key)
if holder and holder ~= a.id then return 'mismatch' end
if skewed then return 'skew' end
if r then
  forget(r)
elseif a.mintedAt < since + a.skewMs then
  return 'reset'
end
local new = {
  id = a.id, status = 'claimed', attempt = a.attempt, key = a.key, fingerprint = a.fingerprint, userId = a.userId, usage = a.usage,
  hundredths = whole(a.hundredths), createdAt = whole(now), leaseUntil = whole(now + a.leaseMs), retainUntil = whole(now + a.retainMs),
  outcome = '{}', redeemedBy = '[]', redeemToken = '', counted = '0',
}
if a.resource ~= cjson.null then new.resource = a.resource end
local flat = {}
for field, value in pairs(new) do
  flat[#flat + 1] = field
  flat[#flat + 1] = value
end
redis.call('HSET', row, unpack(flat))
redis.call('ZADD', root .. 'all', new.createdAt, new.id)
redis.call('ZADD', root .. 'user:' .. new.userId, new.createdAt, new.id)
redis.call('HSET', root .. 'keys:' .. new.userId, new.key, new.id)
enter(new)
return 'mine'`,

  begin: `
local r = read(row)
if not r or r.attempt ~= a.attempt or (r.status ~= 'claimed' and r.status ~= 'sending') then return 'no' end
change(r, { status = 'sending', leaseUntil = whole(now + a.leaseMs) })
return 'yes'`,

  ...spendScripts,

  // A repeated settlement changes nothing: the first answer of a charge is its evidence.
  settle: `
local r = read(row)
if not r or r.attempt ~= a.attempt then return 'no' end
if r.status == a.to then return 'yes' end
if r.status ~= 'sending' and not (r.status == 'unknown' and a.to ~= 'claimed') then return 'no' end
local fields = { status = a.to, outcome = a.outcome, leaseUntil = whole(now), retainUntil = longer(r) }
if a.to ~= 'claimed' then fields.settledAt = whole(now) end
change(r, fields)
if a.to == 'claimed' then redis.call('HDEL', row, 'settledAt') end
return 'yes'`,

  find: `
epoch()
local r = read(row)
if not r or over(r) then return 'absent' end
return say('row', r)`,

  findAll: `
epoch()
local found = {}
for _, id in ipairs(a.ids) do
  local r = read(root .. 'charge:' .. id)
  if r and not over(r) then
    r.readAt = whole(now)
    found[#found + 1] = r
  end
end
return 'rows ' .. (#found == 0 and '[]' or cjson.encode(found))`,

  // The notes tell one write from every other: a driver's second sending finds its own write.
  use: `
local r = read(row)
if not r or r.attempt ~= a.attempt or r.status == 'declined' then return 'no' end
local notes = r.redeemToken or ''
if notes == a.notes then return 'yes' end
if notes ~= a.seen then return 'no' end
redis.call('HSET', row, 'redeemedBy', a.redeemedBy, 'redeemToken', a.notes)
return 'yes'`,

  resolve: `
local r = read(row)
if not r then return 'no' end
local corrects = r.attempt == a.attempt and r.status == 'declined' and a.to == 'charged'
if not corrects and (a.attempt or not (r.status == 'unknown' or lost(r))) then return 'no' end
local outcome = cjson.decode(r.outcome)
outcome.note = a.note
change(r, { status = a.to, settledAt = whole(now), retainUntil = longer(r), outcome = cjson.encode(outcome) })
return 'yes'`,

  // Reads one short page, because everybody else waits meanwhile, and tells the place where the next page begins. The smaller
  // of the two sets is read. Ids are compared by bytes, as sorted sets do: Lua's own comparison follows the server's locale.
  list: `
epoch()
local found, limit = {}, a.limit
local function follows(r)
  if r.createdAt ~= a.before then return tonumber(r.createdAt) < (tonumber(a.before) or math.huge) end
  for i = 1, math.min(#r.id, #a.beforeId) do
    local mine, its = string.byte(r.id, i), string.byte(a.beforeId, i)
    if mine ~= its then return mine < its end
  end
  return #r.id < #a.beforeId
end
local function take(id)
  local r = read(root .. 'charge:' .. id)
  if not r or over(r) or not follows(r) then return end
  if a.stored and a.stored ~= r.status then return end
  if a.status and a.status ~= (lost(r) and 'unknown' or r.status) then return end
  if (a.userId and a.userId ~= r.userId) or (a.key and a.key ~= r.key) then return end
  r.readAt = whole(now)
  found[#found + 1] = r
end
local function say(next)
  return 'rows {"rows":' .. (#found == 0 and '[]' or cjson.encode(found)) .. (next and ',"next":' .. cjson.encode(next) or '') .. '}'
end
if a.userId and a.key then
  local id = redis.call('HGET', root .. 'keys:' .. a.userId, a.key)
  if id then take(id) end
  return say()
end
local status, user = a.stored and root .. 'status:' .. a.stored, a.userId and root .. 'user:' .. a.userId
local source = status or user or root .. 'all'
if status and user and redis.call('ZCARD', user) < redis.call('ZCARD', status) then source = user end
local at = redis.call('ZSCORE', source, a.beforeId) == a.before and redis.call('ZREVRANK', source, a.beforeId)
local from = at and at + 1 or redis.call('ZCOUNT', source, '(' .. a.before, '+inf')
local page = redis.call('ZREVRANGE', source, from, from + 499, 'WITHSCORES')
for i = 1, #page, 2 do
  take(page[i])
  if #found >= limit then return say() end
end
return say(#page == 1000 and { before = page[1000], beforeId = page[999] } or nil)`,

  // After WAIT: does the server that answers now have the write?
  standing: `
local r = read(row)
if r and r.attempt == a.attempt and r.status == a.status then return 'yes' end
return 'no'`,

  epoch: `return 'epoch ' .. whole(epoch()) .. ' ' .. whole(now)`,
};

export type RedisOperation = keyof typeof bodies;

/** The one script of an operation; its text never changes, so a server keeps it compiled. */
export function redisScript(operation: RedisOperation): string {
  return redisPrelude + bodies[operation];
}
