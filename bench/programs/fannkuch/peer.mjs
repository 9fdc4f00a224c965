// Fannkuch: what is computed stands in main.lm.md.

import { bench } from "../bench.mjs";

bench((n) => {
  const perm1 = Array.from({ length: n }, (_, i) => i);
  const perm = perm1.slice();
  const count = perm1.slice();
  let maxFlips = 0;
  let checksum = 0;
  let r = n;
  for (let permutation = 0; ; permutation++) {
    for (; r !== 1; r--) count[r - 1] = r;
    for (let i = 0; i < n; i++) perm[i] = perm1[i];
    let flips = 0;
    for (let k = perm[0]; k !== 0; k = perm[0]) {
      for (let i = 0, j = k; i < j; i++, j--) {
        const t = perm[i];
        perm[i] = perm[j];
        perm[j] = t;
      }
      flips++;
    }
    if (flips > maxFlips) maxFlips = flips;
    checksum += permutation % 2 === 0 ? flips : -flips;
    for (;;) {
      if (r === n) return checksum * 100 + maxFlips;
      const first = perm1[0];
      for (let i = 0; i < r; i++) perm1[i] = perm1[i + 1];
      perm1[r] = first;
      if (--count[r] > 0) break;
      r++;
    }
  }
});
