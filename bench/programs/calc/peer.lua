-- A calculator: what is computed stands in main.lm.md.

local function statement(i, seed)
  local a, b, c = seed % 50, seed % 47, seed % 1000
  local kind = i % 4
  if kind == 0 then
    return ("v%d = (v%d + %d) * v%d - %d"):format(i % 50, a, c, b, i % 97)
  elseif kind == 1 then
    return ("v%d = v%d * %d + v%d / (%d + 1)"):format(i % 50, a, b + 1, b, a)
  elseif kind == 2 then
    return ("v%d = -v%d + ((v%d - %d) * 3 + %d) * 2"):format(i % 50, a, b, c, i % 11)
  end
  return ("v%d = %d * %d / (%d + 1) - -v%d * (v%d + v%d)"):format(i % 50, c, c, b, a, b, a)
end

local function is_digit(c)
  return c ~= nil and c >= 48 and c <= 57
end

local function is_letter(c)
  return c ~= nil and c >= 97 and c <= 122
end

local function tokens(line)
  local found, i, n = {}, 1, #line
  while i <= n do
    local c = line:byte(i)
    if c == 32 then
      i = i + 1
    elseif is_digit(c) then
      local value = 0
      while is_digit(line:byte(i)) do
        value = value * 10 + line:byte(i) - 48
        i = i + 1
      end
      found[#found + 1] = { kind = "number", value = value }
    elseif is_letter(c) then
      local start = i
      while is_letter(line:byte(i)) or is_digit(line:byte(i)) do
        i = i + 1
      end
      found[#found + 1] = { kind = "name", text = line:sub(start, i - 1) }
    else
      found[#found + 1] = { kind = "mark", text = line:sub(i, i) }
      i = i + 1
    end
  end
  return found
end

local POWERS = { ["+"] = 1, ["-"] = 1, ["*"] = 2, ["/"] = 2 }

local expression

local function primary(p)
  local token = p.all[p.at]
  p.at = p.at + 1
  if token.kind == "number" then
    return { kind = "literal", value = token.value }
  elseif token.kind == "name" then
    return { kind = "variable", name = token.text }
  elseif token.text == "-" then
    return { kind = "negated", operand = primary(p) }
  end
  local inner = expression(p, 1)
  p.at = p.at + 1
  return inner
end

function expression(p, least)
  local left = primary(p)
  while true do
    local token = p.all[p.at]
    local op = token and token.text
    local power = op and POWERS[op] or 0
    if power < least then
      return left
    end
    p.at = p.at + 1
    left = { kind = "binary", op = op, left = left, right = expression(p, power + 1) }
  end
end

local function value(tree, variables)
  if tree.kind == "literal" then
    return tree.value
  elseif tree.kind == "variable" then
    return variables[tree.name] or 1
  elseif tree.kind == "negated" then
    return -value(tree.operand, variables)
  end
  local a, b = value(tree.left, variables), value(tree.right, variables)
  if tree.op == "+" then
    return (a + b) % 1000003
  elseif tree.op == "-" then
    return (a - b) % 1000003
  elseif tree.op == "*" then
    return (a * b) % 1000003
  end
  return b == 0 and 0 or math.floor(a / b)
end

require("harness")(function(n)
  local variables, seed = {}, 42
  for i = 0, n - 1 do
    seed = (seed * 16807) % 2147483647
    local all = tokens(statement(i, seed))
    variables[all[1].text] = value(expression({ all = all, at = 3 }, 1), variables)
  end
  local names = {}
  for name in pairs(variables) do
    names[#names + 1] = name
  end
  table.sort(names)
  local sum = 0
  for _, name in ipairs(names) do
    sum = (sum * 31 + #name + variables[name] % 1000003) % 1000000007
  end
  return sum
end)
