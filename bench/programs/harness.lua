-- What every peer in Lua and LuaJIT shares: `PEER N ROUNDS` prints the result, then the
-- milliseconds of each round.

return function(run)
  local n, rounds = tonumber(arg[1]), tonumber(arg[2])
  local times, result = {}, nil
  for i = 1, rounds do
    local start = os.clock()
    result = run(n)
    times[i] = ("%.3f"):format((os.clock() - start) * 1e3)
  end
  print(("%.0f"):format(result))
  print(table.concat(times, "\n"))
end
