-- Breaking lines: what is computed stands in main.lm.md.

local SYLLABLES = { "ka", "ro", "mi", "ten", "so", "lu", "fer", "an", "dit", "o", "bel", "gra" }

local function document(n)
  local parts, seed = {}, 42
  for i = 1, n do
    seed = (seed * 16807) % 2147483647
    parts[#parts + 1] = SYLLABLES[seed % 12 + 1]
    parts[#parts + 1] = SYLLABLES[math.floor(seed / 12) % 12 + 1]
    if seed % 3 == 0 then
      parts[#parts + 1] = SYLLABLES[math.floor(seed / 144) % 12 + 1]
    end
    parts[#parts + 1] = i % 200 == 0 and ".\n\n" or i % 12 == 0 and ". " or " "
  end
  return table.concat(parts)
end

local function filled(words, width)
  local gaps = #words - 1
  if gaps < 1 then
    return table.concat(words, " ")
  end
  local blanks = width
  for _, word in ipairs(words) do
    blanks = blanks - #word
  end
  local parts = { words[1] }
  for i = 1, gaps do
    local size = math.floor(blanks * i / gaps) - math.floor(blanks * (i - 1) / gaps)
    parts[#parts + 1] = (" "):rep(size)
    parts[#parts + 1] = words[i + 1]
  end
  return table.concat(parts)
end

local function set_paragraph(paragraph)
  local set, line, width, begins = {}, {}, 0, true
  for word in paragraph:gmatch("[^ ]+") do
    local shown = begins and word:sub(1, 1):upper() .. word:sub(2):lower() or word
    begins = word:sub(-1) == "."
    if width + #shown + #line > 72 then
      set[#set + 1] = #set % 2 == 0 and table.concat(line, " ") or filled(line, 72)
      line, width = {}, 0
    end
    line[#line + 1] = shown
    width = width + #shown
  end
  set[#set + 1] = table.concat(line, " ")
  return set
end

require("harness")(function(n)
  local sum, text, at = 0, document(n), 1
  while at do
    local from, to = text:find("\n\n", at, true)
    for _, line in ipairs(set_paragraph(text:sub(at, (from or 0) - 1))) do
      local _, blanks = line:gsub(" ", " ")
      local first = line:byte(1) or 0
      local capital = first >= 65 and first <= 90 and first or 1
      sum = (sum * 31 + #line * (blanks + 1) + capital) % 1000000007
    end
    at = to and to + 1
  end
  return sum
end)
