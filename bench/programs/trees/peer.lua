-- Binary trees: what is computed stands in main.lm.md.

local leaf = {}

local function tree(depth)
  if depth == 0 then
    return leaf
  end
  return { tree(depth - 1), tree(depth - 1) }
end

local function size(t)
  if t[1] == nil then
    return 1
  end
  return 1 + size(t[1]) + size(t[2])
end

require("harness")(function(n)
  local total = 0
  for _ = 1, 4 do
    total = total + size(tree(n))
  end
  return total
end)
