/** The bodies of the operations that read several rows. */
export const listScripts = {
  findAll: `
epoch()
local found = {}
for _, id in ipairs(a.ids) do
  local r = read(root .. 'charge:' .. id)
  if r and not forgotten(r) then
    r.readAt = whole(now)
    found[#found + 1] = r
  end
end
return 'rows ' .. (#found == 0 and '[]' or cjson.encode(found))`,

  newest: `
local found = {}
for _, fingerprint in ipairs(a.fingerprints) do
  local id = redis.call('HGET', root .. 'newest:' .. a.userId, fingerprint)
  local r = id and read(root .. 'charge:' .. id)
  if r and not forgotten(r) and r.status ~= 'declined' then
    r.readAt = whole(now)
    found[#found + 1] = r
  end
end
return 'rows ' .. (#found == 0 and '[]' or cjson.encode(found))`,

  // Reads one short page, because everybody else waits meanwhile, and tells the place where the next page begins. The set
  // with fewer rows of that age is read. Older rows are not looked at. Ids are compared by bytes, as sorted sets do: Lua's own comparison follows the server's locale.
  list: `
epoch()
local found, limit, oldest = {}, a.limit, now - a.maxAgeMs
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
  if not r or forgotten(r) or not follows(r) or tonumber(r.createdAt) < oldest then return end
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
local function young(set) return redis.call('ZCOUNT', set, whole(oldest), '+inf') end
if status and user and young(user) < young(status) then source = user end
local at = redis.call('ZSCORE', source, a.beforeId) == a.before and redis.call('ZREVRANK', source, a.beforeId)
local from = at and at + 1 or redis.call('ZCOUNT', source, '(' .. a.before, '+inf')
local page = redis.call('ZREVRANGE', source, from, from + 499, 'WITHSCORES')
for i = 1, #page, 2 do
  if tonumber(page[i + 1]) < oldest then return say() end
  take(page[i])
  if #found >= limit then return say() end
end
return say(#page == 1000 and { before = page[1000], beforeId = page[999] } or nil)`,
};
