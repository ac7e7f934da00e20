import { evidenceMs } from "../erasing";

/**
 * The body of the operation that moves a user's old rows under another name. Which rows may move is said in `mayMove`.
 *
 * A function, so that a bundler leaves it out of a server without this ledger.
 */
export const eraseScripts = () => ({
  erase: `
local rows = root .. 'user:' .. a.userId
local function look(id)
  local f = redis.call('HMGET', root .. 'charge:' .. id, 'userId', 'status', 'leaseUntil', 'createdAt', 'settledAt', 'fingerprint', 'resource')
  return { userId = f[1], status = f[2], leaseUntil = f[3], createdAt = f[4], settledAt = f[5], fingerprint = f[6], resource = f[7] }
end
local function open(r) return r.status and (unsettled(r) or owned(r)) end

-- The rows that stay, and the resources of these rows.
local staying, firstOpen = {}, math.huge
local function keep(r) if r.resource then staying[r.fingerprint] = true end end
for _, id in ipairs(redis.call('ZRANGEBYSCORE', rows, whole(a.madeBefore), '+inf')) do keep(look(id)) end
for _, status in ipairs({ 'sending', 'unknown', 'claimed' }) do
  local set = root .. 'status:' .. status
  if redis.call('ZCARD', rows) < redis.call('ZCARD', set) then set = rows end
  for _, id in ipairs(redis.call('ZRANGE', set, 0, -1)) do
    local r = look(id)
    if r.userId == a.userId and open(r) then
      keep(r)
      firstOpen = math.min(firstOpen, tonumber(r.createdAt))
    end
  end
end
local function evidence(r)
  return r.status == 'charged' and tonumber(r.settledAt or 0) > firstOpen - ${evidenceMs}
end
if firstOpen < math.huge then
  for _, id in ipairs(redis.call('ZRANGE', rows, 0, -1)) do
    local r = look(id)
    if evidence(r) then keep(r) end
  end
end
local function moves(r)
  return not open(r) and not evidence(r) and not (r.resource and staying[r.fingerprint])
end

-- Rows that have moved are in the set no more, so a page follows the last row that stayed.
local after = redis.call('ZSCORE', rows, a.afterId) == a.after and redis.call('ZRANK', rows, a.afterId)
local from = after and after + 1 or redis.call('ZCOUNT', rows, '-inf', '(' .. a.after)
local page = redis.call('ZRANGE', rows, from, from + #a.names - 1)
local moved, next = 0, { after = a.after, afterId = a.afterId }
for n, id in ipairs(page) do
  local r = read(root .. 'charge:' .. id)
  if r and tonumber(r.createdAt) >= a.madeBefore then return 'done ' .. moved end
  if not r then
    redis.call('ZREM', rows, id)
  elseif moves(r) then
    forget(r)
    local name, status = a.names[n], cjson.decode(r.outcome).aresStatus
    r.id, r.attempt, r.key, r.fingerprint, r.userId = name, name, name, name, a.as
    if r.resource then r.resource = name end
    r.outcome = status and '{"aresStatus":' .. whole(status) .. '}' or '{}'
    r.redeemedBy, r.redeemToken = '[]', ''
    store(r)
    moved = moved + 1
  else
    next = { after = r.createdAt, afterId = id }
  end
end
if #page < #a.names then return 'done ' .. moved end
return 'page ' .. cjson.encode({ moved = moved, after = next.after, afterId = next.afterId })`,
});
