// Product of matrices: what is computed stands in main.lm.md.

import { bench } from "../bench.mjs";

function matrix(n, seed) {
  const rows = [];
  for (let i = 0; i < n; i++) {
    const row = [];
    for (let j = 0; j < n; j++) row.push(seed * (i - j) * (i + j));
    rows.push(row);
  }
  return rows;
}

function product(a, b, n) {
  const out = [];
  for (let i = 0; i < n; i++) {
    const left = a[i];
    const row = [];
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let k = 0; k < n; k++) sum += left[k] * b[k][j];
      row.push(sum);
    }
    out.push(row);
  }
  return out;
}

bench((n) => {
  const c = product(matrix(n, 0.5), matrix(n, 0.25), n);
  let trace = 0;
  for (let i = 0; i < n; i++) trace += c[i][i];
  return Math.trunc(trace);
});
