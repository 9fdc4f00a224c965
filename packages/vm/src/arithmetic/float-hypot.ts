// hypot: the sum of squares in two doubles, then one step of Newton's method on its root.

import { addSplit, twoProduct } from "./double-double.ts";

/** sqrt(x² + y²) without overflow on the way. Error below 0.51 units in the last place. */
export function hypotFloat(x: number, y: number): number {
  const large = Math.max(Math.abs(x), Math.abs(y));
  const small = Math.min(Math.abs(x), Math.abs(y));
  if (Math.abs(x) === Number.POSITIVE_INFINITY || Math.abs(y) === Number.POSITIVE_INFINITY) {
    return Number.POSITIVE_INFINITY;
  }
  if (small === 0 || large / small > 2 ** 60) return large + small;
  if (large > 2 ** 450) return root(large * 2 ** -600, small * 2 ** -600) * 2 ** 600;
  if (small < 2 ** -450) return root(large * 2 ** 600, small * 2 ** 600) * 2 ** -600;
  return root(large, small);
}

function root(large: number, small: number): number {
  const sum = addSplit(twoProduct(large, large), twoProduct(small, small));
  const found = Math.sqrt(sum.high);
  const back = twoProduct(found, found);
  return found + (sum.high - back.high - back.low + sum.low) / (2 * found);
}
