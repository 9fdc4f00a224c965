// The Mandelbrot set: what is computed stands in main.lm.md.

import { bench } from "../bench.mjs";

bench((n) => {
  let inside = 0;
  for (let py = 0; py < n; py++) {
    const ci = (2 * py) / n - 1;
    for (let px = 0; px < n; px++) {
      const cr = (2 * px) / n - 1.5;
      let zr = 0;
      let zi = 0;
      let tr = 0;
      let ti = 0;
      for (let k = 0; k < 50 && tr + ti <= 4; k++) {
        zi = 2 * zr * zi + ci;
        zr = tr - ti + cr;
        tr = zr * zr;
        ti = zi * zi;
      }
      if (tr + ti <= 4) inside++;
    }
  }
  return inside;
});
