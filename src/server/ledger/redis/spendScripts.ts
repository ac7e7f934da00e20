/** The bodies of the operations that know what a user spends. */
export const spendScripts = {
  // Workers of 0.1 don't count. Their rows are counted here, each once, and are never given back: too much for one window.
  // The pages are short, because everybody else waits meanwhile. A row that ARES declined itself is left out.
  beginWithin: `
local r = read(row)
if not r or r.attempt ~= a.attempt or (r.status ~= 'claimed' and r.status ~= 'sending') then return 'no' end
if r.status == 'claimed' then
  local from = math.max(tonumber(redis.call('HGET', spentKey(r.userId), 'swept') or '0'), (math.floor(now / widths[2]) - 60) * widths[2])
  local page = redis.call('ZRANGEBYSCORE', root .. 'user:' .. r.userId, whole(from), '+inf', 'WITHSCORES', 'LIMIT', 0, 200)
  for i = 1, #page, 2 do
    local key = root .. 'charge:' .. page[i]
    local f = redis.call('HMGET', key, 'counted', 'status', 'outcome', 'hundredths')
    if f[2] and not f[1] then
      local counts = f[2] ~= 'declined' or string.find(f[3], '"note"', 1, true)
      if counts then add({ userId = r.userId, createdAt = page[i + 1], hundredths = f[4] }, 1) end
      redis.call('HSET', key, 'counted', counts and 'old' or '0')
    end
  end
  local last = tonumber(page[#page] or from)
  redis.call('HSET', spentKey(r.userId), 'swept', whole(last))
  if #page == 400 and last > from then return 'again' end
  local kept = buckets(r.userId)
  local sums = {}
  for _, each in ipairs(kept) do sums[each.width] = (sums[each.width] or 0) + each.hundredths end
  local cost = tonumber(r.hundredths)
  if (a.minute and (sums[widths[1]] or 0) + cost > a.minute) or (a.day and (sums[widths[2]] or 0) + cost > a.day) then
    change(r, { leaseUntil = whole(now) })
    return saySpent('over ' .. r.hundredths, kept)
  end
end
change(r, { status = 'sending', leaseUntil = whole(now + a.leaseMs) })
return 'yes'`,

  spent: `return saySpent('spent', buckets(a.userId))`,
};
