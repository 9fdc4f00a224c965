// The sieve of Eratosthenes: what is computed stands in main.lm.md.

#include "../bench.h"

static int64_t run(int64_t n) {
  char *composite = calloc(n, 1);
  int64_t count = 0;
  for (int64_t i = 2; i < n; i++) {
    if (composite[i]) continue;
    count++;
    for (int64_t j = i * i; j < n; j += i) composite[j] = 1;
  }
  free(composite);
  return count;
}

int main(int argc, char **argv) { return bench_main(argc, argv, run); }
