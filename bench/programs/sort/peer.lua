-- Quicksort: what is computed stands in main.lm.md.

local floor = math.floor

require("harness")(function(n)
  local xs, seed = {}, 42
  for i = 1, n do
    seed = (seed * 16807) % 2147483647
    xs[i] = seed
  end
  local stack = { 1, n }
  local top = 2
  while top > 0 do
    local lo, hi = stack[top - 1], stack[top]
    top = top - 2
    if lo < hi then
      -- Places count from 1 here; the same pivots as in the other languages.
      local pivot = xs[floor((lo + hi - 2) / 2) + 1]
      local i, j = lo, hi
      while i <= j do
        while xs[i] < pivot do
          i = i + 1
        end
        while xs[j] > pivot do
          j = j - 1
        end
        if i <= j then
          xs[i], xs[j] = xs[j], xs[i]
          i, j = i + 1, j - 1
        end
      end
      stack[top + 1], stack[top + 2], stack[top + 3], stack[top + 4] = lo, j, i, hi
      top = top + 4
    end
  end
  local sum = 0
  for i = 1, n, 1000 do
    sum = (sum * 31 + xs[i]) % 1000000007
  end
  return sum
end)
