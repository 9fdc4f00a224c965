# Shortest roads: what is computed stands in main.lm.md.

from heapq import heappop, heappush

from harness import bench


def graph(n):
    roads = []
    seed = 42
    for place in range(n):
        own = [((place + 1) % n, 1000)]
        for _ in range(4):
            seed = (seed * 16807) % 2147483647
            to = seed % n
            seed = (seed * 16807) % 2147483647
            own.append((to, 1 + seed % 1000))
        roads.append(own)
    return roads


def distances(roads):
    best = [1000000000] * len(roads)
    best[0] = 0
    heap = [(0, 0)]
    while heap:
        reached, place = heappop(heap)
        if reached > best[place]:
            continue
        for to, length in roads[place]:
            distance = reached + length
            if distance < best[to]:
                best[to] = distance
                heappush(heap, (distance, to))
    return best


def run(n):
    total = 0
    for distance in distances(graph(n)):
        total = (total * 31 + distance) % 1000000007
    return total


bench(run)
