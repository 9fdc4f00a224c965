# What every Python peer shares: `PEER N ROUNDS` prints the result, then the milliseconds of each
# round.

import sys
from time import perf_counter


def bench(run):
    n, rounds = map(int, sys.argv[1:3])
    times = []
    result = None
    for _ in range(rounds):
        start = perf_counter()
        result = run(n)
        times.append((perf_counter() - start) * 1e3)
    print(result, *(f"{ms:.3f}" for ms in times), sep="\n")
