import { eraseScripts } from "./eraseScripts";
import { listScripts } from "./listScripts";
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
  elseif forgotten(ended) then
    forget(ended)
  end
end
local r = read(row)
if skewed and (not r or forgotten(r)) then return 'skew' end
if r and forgotten(r) then
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
if a.head and redis.call('HGET', root .. 'charge:' .. a.head.id, 'attempt') ~= a.head.attempt then return 'gone' end
if not r and a.mintedAt < since + a.skewMs then return 'reset' end
if a.most and (not r or r.status == 'declined') then
  -- The oldest row of a full window has to leave it.
  local oldest = redis.call('ZREVRANGE', root .. 'user:' .. a.userId, a.most.rows - 1, a.most.rows - 1, 'WITHSCORES')[2]
  local left = oldest and tonumber(oldest) + a.most.windowMs - now or 0
  if left > 0 then return 'over ' .. whole(left) end
end
if r then
  forget(r)
  -- A late repeat of the declined key must still meet its refusal.
  if r.status == 'declined' then
    r.id = r.id .. ' ' .. r.key
    store(r)
  end
end
local new = {
  id = a.id, status = 'claimed', attempt = a.attempt, key = a.key, fingerprint = a.fingerprint, userId = a.userId, usage = a.usage,
  hundredths = whole(a.hundredths), createdAt = whole(now), leaseUntil = whole(now + a.leaseMs),
  retainUntil = whole(now + a.unchargedMs), retainMs = whole(a.retainMs), unchargedMs = whole(a.unchargedMs),
  outcome = '{}', redeemedBy = '[]', redeemToken = '',
}
if a.resource ~= cjson.null then
  new.resource = a.resource
  redis.call('HSET', root .. 'newest:' .. a.userId, a.fingerprint, a.id)
end
store(new)
return 'mine'`,

  begin: `
local r = read(row)
if not r or r.attempt ~= a.attempt or (r.status ~= 'claimed' and r.status ~= 'sending') then return 'no' end
change(r, { status = 'sending', leaseUntil = whole(now + a.leaseMs) })
return 'yes'`,

  // A repeated settlement changes nothing: the first answer of a charge is its evidence.
  settle: `
local r = read(row)
if not r or r.attempt ~= a.attempt then return 'no' end
if r.status == a.to then return 'yes' end
if r.status ~= 'sending' and not (r.status == 'unknown' and a.to ~= 'claimed') then return 'no' end
local fields = { status = a.to, outcome = a.outcome, leaseUntil = whole(now), retainUntil = retained(r, a.to) }
if a.to ~= 'claimed' then fields.settledAt = whole(now) end
change(r, fields)
if a.to == 'claimed' then redis.call('HDEL', row, 'settledAt') end
return 'yes'`,

  find: `
epoch()
local r = read(row)
if not r or forgotten(r) then return 'absent' end
return say('row', r)`,

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
change(r, { status = a.to, settledAt = whole(now), retainUntil = retained(r, a.to), outcome = cjson.encode(outcome) })
-- A corrected end counts as spent again.
if corrects then redis.call('DEL', spentKey(r.userId)) end
return 'yes'`,

  // After WAIT: does the server that answers now have the write?
  standing: `
local r = read(row)
if r and r.attempt == a.attempt and r.status == a.status then return 'yes' end
return 'no'`,

  // Removes a trial's rows, not all in one run, because everybody else waits meanwhile.
  drop: `
for _, id in ipairs(redis.call('ZRANGE', root .. 'all', 0, 199)) do
  local r = read(root .. 'charge:' .. id)
  if r then forget(r) else redis.call('ZREM', root .. 'all', id) end
end
if redis.call('ZCARD', root .. 'all') > 0 then return 'more' end
redis.call('DEL', root .. 'epoch')
return 'gone'`,

  epoch: `return 'epoch ' .. whole(epoch()) .. ' ' .. whole(now)`,
};

export type RedisOperation = keyof (typeof bodies &
  ReturnType<typeof spendScripts> &
  ReturnType<typeof eraseScripts> &
  typeof listScripts);

/** The one script of an operation; its text never changes, so a server keeps it compiled. */
export function redisScript(operation: RedisOperation): string {
  // A spread at the top of a module would stay in bundles that have no Redis.
  return (
    redisPrelude() + { ...bodies, ...spendScripts(), ...eraseScripts(), ...listScripts }[operation]
  );
}
