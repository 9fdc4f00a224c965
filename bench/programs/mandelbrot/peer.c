// The Mandelbrot set: what is computed stands in main.lm.md.

#include "../bench.h"

static int64_t run(int64_t n) {
  int64_t inside = 0;
  for (int64_t py = 0; py < n; py++) {
    double ci = 2.0 * (double)py / (double)n - 1.0;
    for (int64_t px = 0; px < n; px++) {
      double cr = 2.0 * (double)px / (double)n - 1.5;
      double zr = 0, zi = 0, tr = 0, ti = 0;
      for (int k = 0; k < 50 && tr + ti <= 4.0; k++) {
        zi = 2.0 * zr * zi + ci;
        zr = tr - ti + cr;
        tr = zr * zr;
        ti = zi * zi;
      }
      if (tr + ti <= 4.0) inside++;
    }
  }
  return inside;
}

int main(int argc, char **argv) { return bench_main(argc, argv, run); }
