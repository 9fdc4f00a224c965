// Quicksort: what is computed stands in main.lm.md.

#include "../bench.h"

static int64_t run(int64_t n) {
  int64_t *xs = malloc(n * sizeof *xs), seed = 42;
  for (int64_t i = 0; i < n; i++) {
    seed = (seed * 16807) % 2147483647;
    xs[i] = seed;
  }
  int64_t stack[512], top = 0;
  stack[top++] = 0;
  stack[top++] = n - 1;
  while (top > 0) {
    int64_t hi = stack[--top], lo = stack[--top];
    if (lo >= hi) continue;
    int64_t pivot = xs[(lo + hi) / 2], i = lo, j = hi;
    while (i <= j) {
      while (xs[i] < pivot) i++;
      while (xs[j] > pivot) j--;
      if (i <= j) {
        int64_t t = xs[i];
        xs[i++] = xs[j];
        xs[j--] = t;
      }
    }
    stack[top++] = lo;
    stack[top++] = j;
    stack[top++] = i;
    stack[top++] = hi;
  }
  int64_t sum = 0;
  for (int64_t i = 0; i < n; i += 1000) sum = (sum * 31 + xs[i]) % 1000000007;
  free(xs);
  return sum;
}

int main(int argc, char **argv) { return bench_main(argc, argv, run); }
