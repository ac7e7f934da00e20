import { windowMs } from "../spending";

/**
 * The body of the operation that holds users within limits. No sum of a user is less than what the user's charges of its window
 * add up to. A sum that leaves no room may be too high: charges have left its window, or were not made. Then the user's rows are added up.
 *
 * A function, so that a bundler leaves it out of a server without this ledger.
 */
export const spendScripts = () => ({
  beginWithin: `
local r = read(row)
if not r or r.attempt ~= a.attempt or (r.status ~= 'claimed' and r.status ~= 'sending') then return 'no' end

local cost = tonumber(r.hundredths)
local function charges(ms)
  local all = {}
  for _, id in ipairs(redis.call('ZRANGEBYSCORE', root .. 'user:' .. r.userId, '(' .. whole(now - ms), '+inf')) do
    local each = redis.call('HMGET', root .. 'charge:' .. id, 'status', 'createdAt', 'hundredths')
    if unsettled({ status = each[1] }) or each[1] == 'charged' then
      all[#all + 1] = { at = tonumber(each[2]), hundredths = tonumber(each[3]) }
    end
  end
  return all
end
local function sum(window, ms, most)
  local kept = redis.call('HGET', spentKey(r.userId), window)
  if kept and tonumber(kept) + cost <= most then return tonumber(kept), 0 end
  local all, total = charges(ms), 0
  for _, each in ipairs(all) do total = total + each.hundredths end
  local excess = total + cost - most
  if excess <= 0 then return total, 0 end
  for _, each in ipairs(all) do
    excess = excess - each.hundredths
    if excess <= 0 then return total, each.at + ms - now end
  end
  return total, ms
end

if r.status == 'claimed' then
  local minute, minuteWait = sum('minute', ${windowMs.minute}, a.minute or math.huge)
  local day, dayWait = sum('day', ${windowMs.day}, a.day or math.huge)
  local wait = math.max(minuteWait, dayWait)
  if wait > 0 then
    change(r, { leaseUntil = whole(now) })
    return 'over ' .. whole(wait)
  end
  redis.call('HSET', spentKey(r.userId), 'minute', whole(minute + cost), 'day', whole(day + cost))
end
change(r, { status = 'sending', leaseUntil = whole(now + a.leaseMs) })
return 'yes'`,
});
