// Fannkuch: what is computed stands in main.lm.md.

#include "../bench.h"

static int64_t run(int64_t n) {
  int64_t perm[16], perm1[16], count[16], max_flips = 0, checksum = 0, permutation = 0, r = n;
  for (int64_t i = 0; i < n; i++) perm1[i] = i;
  for (;;) {
    for (; r != 1; r--) count[r - 1] = r;
    memcpy(perm, perm1, n * sizeof *perm);
    int64_t flips = 0;
    for (int64_t k = perm[0]; k != 0; k = perm[0]) {
      for (int64_t i = 0, j = k; i < j; i++, j--) {
        int64_t t = perm[i];
        perm[i] = perm[j];
        perm[j] = t;
      }
      flips++;
    }
    if (flips > max_flips) max_flips = flips;
    checksum += permutation % 2 == 0 ? flips : -flips;
    for (;;) {
      if (r == n) return checksum * 100 + max_flips;
      int64_t first = perm1[0];
      for (int64_t i = 0; i < r; i++) perm1[i] = perm1[i + 1];
      perm1[r] = first;
      if (--count[r] > 0) break;
      r++;
    }
    permutation++;
  }
}

int main(int argc, char **argv) { return bench_main(argc, argv, run); }
