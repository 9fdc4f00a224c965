// What every C peer shares: `PEER N ROUNDS` prints the result, then the milliseconds of each round.

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double now_ms(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

static int bench_main(int argc, char **argv, int64_t (*run)(int64_t)) {
  if (argc != 3) return 2;
  // Volatile: the compiler may not know the argument, nor that rounds are alike.
  volatile int64_t n = atoll(argv[1]);
  int rounds = atoi(argv[2]);
  double *times = malloc(rounds * sizeof *times);
  volatile int64_t result = 0;
  for (int i = 0; i < rounds; i++) {
    double start = now_ms();
    result = run(n);
    times[i] = now_ms() - start;
  }
  printf("%lld\n", (long long)result);
  for (int i = 0; i < rounds; i++) printf("%.3f\n", times[i]);
  free(times);
  return 0;
}
