# Products modulo a prime: what is computed stands in main.lm.md.

from harness import bench


def run(n):
    x = 123456789
    total = 0
    for _ in range(n):
        x = (x * 1812433253 + 12345) % 2147483647
        total += x % 1000
    return total


bench(run)
