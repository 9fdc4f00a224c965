# The sieve of Eratosthenes: what is computed stands in main.lm.md.

from harness import bench


def run(n):
    composite = bytearray(n)
    count = 0
    for i in range(2, n):
        if composite[i]:
            continue
        count += 1
        for j in range(i * i, n, i):
            composite[j] = 1
    return count


bench(run)
