-- Netting by tiles, which are functions here: what is computed stands in main.lm.md.

local MODULUS = 2147483647

local function mix(a, b)
  return (a * 48271 + b * 16807 + 12345) % MODULUS
end

local function booked(positions, trades)
  local after = {}
  for i, position in ipairs(positions) do
    after[i] = position
  end
  for _, t in ipairs(trades) do
    local amount = t.price * t.size
    after[t.buyer + 1] = after[t.buyer + 1] - amount
    after[t.seller + 1] = after[t.seller + 1] + amount
  end
  return after
end

local function digest(day, positions)
  local sum = day
  for _, position in ipairs(positions) do
    sum = mix(sum, position % MODULUS)
  end
  return sum
end

local function node(left, right)
  return mix(mix(1, left), right)
end

local function trade(seed)
  local buyer = seed % 64
  return {
    buyer = buyer,
    seller = (buyer + 1 + math.floor(seed / 64) % 63) % 64,
    price = 1 + math.floor(seed / 4096) % 500,
    size = 1 + math.floor(seed / 32768) % 100,
  }
end

local function root(leaves)
  local level = leaves
  while #level > 1 do
    local above = {}
    for i = 1, #level - 1, 2 do
      above[#above + 1] = node(level[i], level[i + 1])
    end
    if #level % 2 == 1 then
      above[#above + 1] = level[#level]
    end
    level = above
  end
  return level[1]
end

require("harness")(function(n)
  local positions, leaves, trades, seed = {}, {}, {}, 42
  for i = 1, 64 do
    positions[i] = 0
  end
  for i = 1, n do
    seed = (seed * 16807) % MODULUS
    trades[#trades + 1] = trade(seed)
    if i % 100 == 0 or i == n then
      positions = booked(positions, trades)
      leaves[#leaves + 1] = digest(#leaves, positions)
      trades = {}
    end
  end
  return root(leaves)
end)
