// Binary trees: what is computed stands in main.lm.md.

import { bench } from "../bench.mjs";

const leaf = { left: null, right: null };

function tree(depth) {
  return depth === 0 ? leaf : { left: tree(depth - 1), right: tree(depth - 1) };
}

function size({ left, right }) {
  return left === null ? 1 : 1 + size(left) + size(right);
}

bench((n) => {
  let total = 0;
  for (let i = 0; i < 4; i++) total += size(tree(n));
  return total;
});
