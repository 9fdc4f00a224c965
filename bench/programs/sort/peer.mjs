// Quicksort: what is computed stands in main.lm.md.

import { bench } from "../bench.mjs";

bench((n) => {
  const xs = [];
  let seed = 42;
  for (let i = 0; i < n; i++) {
    seed = (seed * 16807) % 2147483647;
    xs.push(seed);
  }
  const stack = [0, n - 1];
  while (stack.length > 0) {
    const hi = stack.pop();
    const lo = stack.pop();
    if (lo >= hi) continue;
    const pivot = xs[(lo + hi) >> 1];
    let i = lo;
    let j = hi;
    while (i <= j) {
      while (xs[i] < pivot) i++;
      while (xs[j] > pivot) j--;
      if (i <= j) {
        const t = xs[i];
        xs[i++] = xs[j];
        xs[j--] = t;
      }
    }
    stack.push(lo, j, i, hi);
  }
  let sum = 0;
  for (let i = 0; i < n; i += 1000) sum = (sum * 31 + xs[i]) % 1000000007;
  return sum;
});
