# A queue of customers: what is computed stands in main.lm.md.

from heapq import heappop, heappush

from harness import bench


def run(n):
    counters = 500
    heap = [(0, 0, -1)]
    line = []
    free = list(range(counters))
    worked = [0] * counters
    head, seed, serial, come, waited, longest, served = 0, 42, 1, 0, 0, 0, 0
    while served < n:
        now, _, done = heappop(heap)
        if done < 0:
            line.append(now)
            come += 1
            if come < n:
                seed = (seed * 16807) % 2147483647
                heappush(heap, (now + seed % 5, serial, -1))
                serial += 1
        else:
            free.append(done)
            served += 1
        longest = max(longest, len(line) - head)
        while head < len(line) and free:
            waited += now - line[head]
            head += 1
            counter = free.pop()
            seed = (seed * 16807) % 2147483647
            work = 1 + seed % 2000
            worked[counter] += work
            heappush(heap, (now + work, serial, counter))
            serial += 1
    total = (waited + longest * 7919) % 1000000007
    for work in worked:
        total = (total * 31 + work) % 1000000007
    return total


bench(run)
