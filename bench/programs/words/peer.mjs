// Counting words: what is computed stands in main.lm.md.

import { bench } from "../bench.mjs";

bench((n) => {
  const vocabulary = Array.from({ length: 5000 }, (_, i) => `word${(i * 7919) % 5000}`);
  const counts = new Map();
  let seed = 42;
  for (let i = 0; i < n; i++) {
    seed = (seed * 16807) % 2147483647;
    const word = vocabulary[seed % 5000];
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  let sum = 0;
  for (const word of [...counts.keys()].sort()) {
    sum = (sum * 31 + word.length * counts.get(word)) % 1000000007;
  }
  return sum;
});
