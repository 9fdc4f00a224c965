-- A JSON parser: what is computed stands in main.lm.md.

local byte, sub = string.byte, string.sub
local SPACE, QUOTE, COMMA, ZERO, NINE = byte(" "), byte('"'), byte(","), byte("0"), byte("9")

local function document(n)
  local parts = {}
  for i = 0, n - 1 do
    parts[i + 1] = ('{"id": %d, "name": "item %d", "tags": ["a", "b", null], "on": %s}')
      :format(i, i, tostring(i % 2 == 0))
  end
  return "[" .. table.concat(parts, ", ") .. "]"
end

local text, at

local function skip()
  while byte(text, at) == SPACE do
    at = at + 1
  end
end

local function str()
  at = at + 1
  local start = at
  while byte(text, at) ~= QUOTE do
    at = at + 1
  end
  at = at + 1
  return sub(text, start, at - 2)
end

local parse

local function items()
  local out = {}
  at = at + 1
  skip()
  while sub(text, at, at) ~= "]" do
    out[#out + 1] = parse()
    skip()
    if byte(text, at) == COMMA then
      at = at + 1
      skip()
    end
  end
  at = at + 1
  return { kind = "items", nodes = out }
end

local function fields()
  local names, values = {}, {}
  at = at + 1
  skip()
  while sub(text, at, at) ~= "}" do
    names[#names + 1] = str()
    skip()
    at = at + 1
    values[#values + 1] = parse()
    skip()
    if byte(text, at) == COMMA then
      at = at + 1
      skip()
    end
  end
  at = at + 1
  return { kind = "fields", names = names, nodes = values }
end

function parse()
  skip()
  local c = sub(text, at, at)
  if c == "{" then
    return fields()
  elseif c == "[" then
    return items()
  elseif c == '"' then
    return { kind = "text", value = str() }
  elseif c == "n" then
    at = at + 4
    return { kind = "null" }
  elseif c == "t" then
    at = at + 4
    return { kind = "flag", value = true }
  elseif c == "f" then
    at = at + 5
    return { kind = "flag", value = false }
  end
  local value = 0
  local digit = byte(text, at)
  while digit >= ZERO and digit <= NINE do
    value = value * 10 + digit - ZERO
    at = at + 1
    digit = byte(text, at)
  end
  return { kind = "number", value = value }
end

local function total(node)
  local kind = node.kind
  if kind == "number" then
    return node.value
  elseif kind == "text" then
    return #node.value
  elseif kind == "flag" then
    return node.value and 1 or 0
  elseif kind == "null" then
    return 0
  end
  local sum = 0
  for _, part in ipairs(node.nodes) do
    sum = sum + total(part)
  end
  return sum
end

require("harness")(function(n)
  text, at = document(n), 1
  return total(parse())
end)
