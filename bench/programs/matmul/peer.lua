-- Product of matrices: what is computed stands in main.lm.md.

local function matrix(n, seed)
  local rows = {}
  for i = 1, n do
    local row = {}
    for j = 1, n do
      row[j] = seed * (i - j) * (i + j - 2)
    end
    rows[i] = row
  end
  return rows
end

local function product(a, b, n)
  local out = {}
  for i = 1, n do
    local left, row = a[i], {}
    for j = 1, n do
      local sum = 0.0
      for k = 1, n do
        sum = sum + left[k] * b[k][j]
      end
      row[j] = sum
    end
    out[i] = row
  end
  return out
end

require("harness")(function(n)
  local c = product(matrix(n, 0.5), matrix(n, 0.25), n)
  local trace = 0.0
  for i = 1, n do
    trace = trace + c[i][i]
  end
  return trace < 0 and math.ceil(trace) or math.floor(trace)
end)
