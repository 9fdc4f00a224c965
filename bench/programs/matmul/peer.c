// Product of matrices: what is computed stands in main.lm.md.

#include "../bench.h"

static double **matrix(int64_t n, double seed) {
  double **rows = malloc(n * sizeof *rows);
  for (int64_t i = 0; i < n; i++) {
    rows[i] = malloc(n * sizeof **rows);
    for (int64_t j = 0; j < n; j++) rows[i][j] = seed * (double)(i - j) * (double)(i + j);
  }
  return rows;
}

static void release(double **rows, int64_t n) {
  for (int64_t i = 0; i < n; i++) free(rows[i]);
  free(rows);
}

static int64_t run(int64_t n) {
  double **a = matrix(n, 0.5), **b = matrix(n, 0.25), **c = matrix(n, 0);
  for (int64_t i = 0; i < n; i++)
    for (int64_t j = 0; j < n; j++) {
      double sum = 0;
      for (int64_t k = 0; k < n; k++) sum += a[i][k] * b[k][j];
      c[i][j] = sum;
    }
  double trace = 0;
  for (int64_t i = 0; i < n; i++) trace += c[i][i];
  release(a, n);
  release(b, n);
  release(c, n);
  return (int64_t)trace;
}

int main(int argc, char **argv) { return bench_main(argc, argv, run); }
