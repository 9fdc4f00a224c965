// Products modulo a prime: what is computed stands in main.lm.md.

#include "../bench.h"

static int64_t run(int64_t n) {
  int64_t x = 123456789, sum = 0;
  for (int64_t i = 0; i < n; i++) {
    x = (x * 1812433253 + 12345) % 2147483647;
    sum += x % 1000;
  }
  return sum;
}

int main(int argc, char **argv) { return bench_main(argc, argv, run); }
