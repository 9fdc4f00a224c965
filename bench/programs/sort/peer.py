# Quicksort: what is computed stands in main.lm.md.

from harness import bench


def run(n):
    xs = []
    seed = 42
    for _ in range(n):
        seed = (seed * 16807) % 2147483647
        xs.append(seed)
    stack = [0, n - 1]
    while stack:
        hi = stack.pop()
        lo = stack.pop()
        if lo >= hi:
            continue
        pivot = xs[(lo + hi) // 2]
        i = lo
        j = hi
        while i <= j:
            while xs[i] < pivot:
                i += 1
            while xs[j] > pivot:
                j -= 1
            if i <= j:
                xs[i], xs[j] = xs[j], xs[i]
                i += 1
                j -= 1
        stack += (lo, j, i, hi)
    total = 0
    for i in range(0, n, 1000):
        total = (total * 31 + xs[i]) % 1000000007
    return total


bench(run)
