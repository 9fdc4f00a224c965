-- Products modulo a prime, see main.lm.md. Numbers of LuaJIT are doubles; 64 bits are a type of its
-- foreign interface there.
local exact = jit and load("return 0LL")() or 0

require("harness")(function(n)
  local x, sum = exact + 123456789, exact
  for _ = 1, n do
    x = (x * 1812433253 + 12345) % 2147483647
    sum = sum + x % 1000
  end
  return tonumber(sum)
end)
