# Fibonacci numbers: what is computed stands in main.lm.md.

from harness import bench


def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


bench(fib)
