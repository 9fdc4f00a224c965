-- Counting words: what is computed stands in main.lm.md.

require("harness")(function(n)
  local vocabulary = {}
  for i = 0, 4999 do
    vocabulary[i] = ("word%d"):format(i * 7919 % 5000)
  end
  local counts, seed = {}, 42
  for _ = 1, n do
    seed = (seed * 16807) % 2147483647
    local word = vocabulary[seed % 5000]
    counts[word] = (counts[word] or 0) + 1
  end
  local words = {}
  for word in pairs(counts) do
    words[#words + 1] = word
  end
  table.sort(words)
  local sum = 0
  for _, word in ipairs(words) do
    sum = (sum * 31 + #word * counts[word]) % 1000000007
  end
  return sum
end)
