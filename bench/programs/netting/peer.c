// Netting by tiles, which are functions here: what is computed stands in main.lm.md.

#include "../bench.h"

enum { PARTIES = 64, DAY = 100, MODULUS = 2147483647 };

typedef struct { int64_t buyer, seller, price, size; } Trade;

static int64_t mix(int64_t a, int64_t b) { return (a * 48271 + b * 16807 + 12345) % MODULUS; }

static void booked(const int64_t *positions, const Trade *trades, int count, int64_t *after) {
  memcpy(after, positions, PARTIES * sizeof *after);
  for (int i = 0; i < count; i++) {
    int64_t amount = trades[i].price * trades[i].size;
    after[trades[i].buyer] -= amount;
    after[trades[i].seller] += amount;
  }
}

static int64_t digest(int64_t day, const int64_t *positions) {
  int64_t sum = day;
  for (int i = 0; i < PARTIES; i++) {
    int64_t rest = positions[i] % MODULUS;
    sum = mix(sum, rest < 0 ? rest + MODULUS : rest);
  }
  return sum;
}

static int64_t node(int64_t left, int64_t right) { return mix(mix(1, left), right); }

static Trade trade(int64_t seed) {
  int64_t buyer = seed % 64;
  return (Trade){buyer, (buyer + 1 + seed / 64 % 63) % 64, 1 + seed / 4096 % 500,
                 1 + seed / 32768 % 100};
}

// Each level takes the place of the one below.
static int64_t root(int64_t *level, int64_t count) {
  while (count > 1) {
    int64_t above = 0;
    for (int64_t i = 0; i + 1 < count; i += 2) level[above++] = node(level[i], level[i + 1]);
    if (count % 2 == 1) level[above++] = level[count - 1];
    count = above;
  }
  return level[0];
}

static int64_t run(int64_t n) {
  int64_t positions[PARTIES] = {0}, after[PARTIES];
  int64_t *leaves = malloc((n / DAY + 1) * sizeof *leaves), days = 0, seed = 42;
  Trade trades[DAY];
  int count = 0;
  for (int64_t i = 1; i <= n; i++) {
    seed = (seed * 16807) % MODULUS;
    trades[count++] = trade(seed);
    if (i % DAY != 0 && i != n) continue;
    booked(positions, trades, count, after);
    memcpy(positions, after, sizeof positions);
    leaves[days] = digest(days, positions);
    days++;
    count = 0;
  }
  int64_t result = root(leaves, days);
  free(leaves);
  return result;
}

int main(int argc, char **argv) { return bench_main(argc, argv, run); }
