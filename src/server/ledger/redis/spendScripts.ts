/** The bodies of the operations that know what a user spends. */
export const spendScripts = {
  beginWithin: `
local r = read(row)
if not r or r.attempt ~= a.attempt or (r.status ~= 'claimed' and r.status ~= 'sending') then return 'no' end
if r.status == 'claimed' then
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
