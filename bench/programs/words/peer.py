# Counting words: what is computed stands in main.lm.md.

from harness import bench


def run(n):
    vocabulary = [f"word{i * 7919 % 5000}" for i in range(5000)]
    counts = {}
    seed = 42
    for _ in range(n):
        seed = (seed * 16807) % 2147483647
        word = vocabulary[seed % 5000]
        counts[word] = counts.get(word, 0) + 1
    total = 0
    for word in sorted(counts):
        total = (total * 31 + len(word) * counts[word]) % 1000000007
    return total


bench(run)
