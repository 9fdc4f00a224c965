-- A ledger: what is computed stands in main.lm.md.

local function document(n)
  local lines, seed = {}, 42
  for i = 0, n - 1 do
    seed = (seed * 16807) % 2147483647
    local kind = seed % 2 == 0 and "debit" or "credit"
    local account = ("acc-%d"):format(seed % 997)
    local fault = i % 150
    if fault == 49 then
      lines[#lines + 1] = ("%d,%s,%d"):format(i, account, seed % 100000)
    elseif fault == 99 then
      lines[#lines + 1] = ("%d,%s,12x,%s"):format(i, account, kind)
    elseif fault == 149 then
      lines[#lines + 1] = ("%d,%s,%d,loan"):format(i, account, seed % 100000)
    else
      lines[#lines + 1] = ("%d,%s,%d,%s"):format(i, account, seed % 100000, kind)
    end
  end
  return table.concat(lines, "\n")
end

local function read(line)
  local parts = {}
  for part in line:gmatch("[^,]+") do
    parts[#parts + 1] = part
  end
  if #parts ~= 4 then
    return nil, "fields"
  end
  local cents = parts[3]:match("^[+-]?%d+$") and tonumber(parts[3])
  if not cents then
    return nil, "amount"
  end
  if parts[4] ~= "debit" and parts[4] ~= "credit" then
    return nil, "kind"
  end
  return { account = parts[2], cents = cents, is_debit = parts[4] == "debit" }
end

local function sorted_keys(map)
  local keys = {}
  for key in pairs(map) do
    keys[#keys + 1] = key
  end
  table.sort(keys)
  return keys
end

require("harness")(function(n)
  local accounts, faults = {}, {}
  for line in document(n):gmatch("[^\n]+") do
    local row, reason = read(line)
    if row then
      local known = accounts[row.account] or { balance = 0, rows = 0, largest = 0 }
      accounts[row.account] = {
        balance = known.balance + (row.is_debit and row.cents or -row.cents),
        rows = known.rows + 1,
        largest = math.max(known.largest, row.cents),
      }
    else
      faults[reason] = (faults[reason] or 0) + 1
    end
  end
  local sum = 0
  for _, name in ipairs(sorted_keys(accounts)) do
    local a = accounts[name]
    sum = (sum * 31 + a.balance % 1000003 + a.rows * 7 + a.largest + #name) % 1000000007
  end
  for _, reason in ipairs(sorted_keys(faults)) do
    sum = (sum * 31 + #reason * faults[reason]) % 1000000007
  end
  return sum
end)
