// Netting by tiles, which are functions here: what is computed stands in main.lm.md.

import { bench } from "../bench.mjs";

const MODULUS = 2147483647;
const mod = (a, b) => ((a % b) + b) % b;
const mix = (a, b) => (a * 48271 + b * 16807 + 12345) % MODULUS;

function booked(positions, trades) {
  const after = [...positions];
  for (const { buyer, seller, price, size } of trades) {
    const amount = price * size;
    after[buyer] -= amount;
    after[seller] += amount;
  }
  return after;
}

function digest(day, positions) {
  let sum = day;
  for (const position of positions) sum = mix(sum, mod(position, MODULUS));
  return sum;
}

const node = (left, right) => mix(mix(1, left), right);

function trade(seed) {
  const buyer = seed % 64;
  return {
    buyer,
    seller: (buyer + 1 + (Math.floor(seed / 64) % 63)) % 64,
    price: 1 + (Math.floor(seed / 4096) % 500),
    size: 1 + (Math.floor(seed / 32768) % 100),
  };
}

function root(leaves) {
  let level = leaves;
  while (level.length > 1) {
    const above = [];
    let i = 0;
    for (; i + 1 < level.length; i += 2) above.push(node(level[i], level[i + 1]));
    if (i < level.length) above.push(level[i]);
    level = above;
  }
  return level[0];
}

bench((n) => {
  let positions = new Array(64).fill(0);
  const leaves = [];
  let trades = [];
  let seed = 42;
  for (let i = 1; i <= n; i++) {
    seed = (seed * 16807) % MODULUS;
    trades.push(trade(seed));
    if (i % 100 !== 0 && i !== n) continue;
    positions = booked(positions, trades);
    leaves.push(digest(leaves.length, positions));
    trades = [];
  }
  return root(leaves);
});
