-- A queue of customers: what is computed stands in main.lm.md.

local function is_before(a, b)
  return a.time < b.time or (a.time == b.time and a.serial < b.serial)
end

local function push(heap, event)
  local at = #heap + 1
  heap[at] = event
  while at > 1 do
    local above = (at - at % 2) / 2
    if not is_before(heap[at], heap[above]) then
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
    if below <= count and is_before(heap[below], heap[least]) then
      least = below
    end
    if below + 1 <= count and is_before(heap[below + 1], heap[least]) then
      least = below + 1
    end
    if least == at then
      return first
    end
    heap[least], heap[at] = heap[at], heap[least]
    at = least
  end
end

require("harness")(function(n)
  local counters = 500
  local heap = { { time = 0, serial = 0, counter = -1 } }
  local line, free, worked = {}, {}, {}
  for i = 0, counters - 1 do
    free[i + 1] = i
    worked[i] = 0
  end
  local head, seed, serial, come, waited, longest, served = 0, 42, 1, 0, 0, 0, 0
  while served < n do
    local event = pop(heap)
    local now = event.time
    if event.counter < 0 then
      line[#line + 1] = now
      come = come + 1
      if come < n then
        seed = (seed * 16807) % 2147483647
        push(heap, { time = now + seed % 5, serial = serial, counter = -1 })
        serial = serial + 1
      end
    else
      free[#free + 1] = event.counter
      served = served + 1
    end
    longest = math.max(longest, #line - head)
    while head < #line and #free > 0 do
      head = head + 1
      waited = waited + now - line[head]
      local counter = table.remove(free)
      seed = (seed * 16807) % 2147483647
      local work = 1 + seed % 2000
      worked[counter] = worked[counter] + work
      push(heap, { time = now + work, serial = serial, counter = counter })
      serial = serial + 1
    end
  end
  local sum = (waited + longest * 7919) % 1000000007
  for i = 0, counters - 1 do
    sum = (sum * 31 + worked[i]) % 1000000007
  end
  return sum
end)
