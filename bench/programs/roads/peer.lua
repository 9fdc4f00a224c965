-- Shortest roads: what is computed stands in main.lm.md.

local function graph(n)
  local roads, seed = {}, 42
  for place = 0, n - 1 do
    local own = { { to = (place + 1) % n, length = 1000 } }
    for i = 2, 5 do
      seed = (seed * 16807) % 2147483647
      local to = seed % n
      seed = (seed * 16807) % 2147483647
      own[i] = { to = to, length = 1 + seed % 1000 }
    end
    roads[place] = own
  end
  return roads
end

local function push(heap, stop)
  local at = #heap + 1
  heap[at] = stop
  while at > 1 do
    local above = (at - at % 2) / 2
    if heap[above].distance <= heap[at].distance then
      return
    end
    heap[above], heap[at] = heap[at], heap[above]
    at = above
  end
end

local function pop(heap)
  local first = heap[1]
  local last = table.remove(heap)
  local count = #heap
  if count == 0 then
    return first
  end
  heap[1] = last
  local at = 1
  while true do
    local least, below = at, at * 2
    if below <= count and heap[below].distance < heap[least].distance then
      least = below
    end
    if below + 1 <= count and heap[below + 1].distance < heap[least].distance then
      least = below + 1
    end
    if least == at then
      return first
    end
    heap[least], heap[at] = heap[at], heap[least]
    at = least
  end
end

local function distances(roads, n)
  local best = {}
  for place = 0, n - 1 do
    best[place] = 1000000000
  end
  best[0] = 0
  local heap = { { distance = 0, place = 0 } }
  while #heap > 0 do
    local stop = pop(heap)
    if stop.distance <= best[stop.place] then
      for _, road in ipairs(roads[stop.place]) do
        local distance = stop.distance + road.length
        if distance < best[road.to] then
          best[road.to] = distance
          push(heap, { distance = distance, place = road.to })
        end
      end
    end
  end
  return best
end

require("harness")(function(n)
  local best, sum = distances(graph(n), n), 0
  for place = 0, n - 1 do
    sum = (sum * 31 + best[place]) % 1000000007
  end
  return sum
end)
