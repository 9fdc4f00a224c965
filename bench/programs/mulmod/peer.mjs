// Products modulo a prime, see main.lm.md; of 62 bits, so they need BigInt here.

import { bench } from "../bench.mjs";

bench((n) => {
  let x = 123456789n;
  let sum = 0n;
  for (let i = 0; i < n; i++) {
    x = (x * 1812433253n + 12345n) % 2147483647n;
    sum += x % 1000n;
  }
  return sum;
});
