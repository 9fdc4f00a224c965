// The sieve of Eratosthenes: what is computed stands in main.lm.md.

import { bench } from "../bench.mjs";

bench((n) => {
  const composite = new Uint8Array(n);
  let count = 0;
  for (let i = 2; i < n; i++) {
    if (composite[i]) continue;
    count++;
    for (let j = i * i; j < n; j += i) composite[j] = 1;
  }
  return count;
});
