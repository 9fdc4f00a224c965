// asinh, acosh and atanh: logarithms of sums that are kept in two doubles, so that nothing is lost
// where they are near 1. Errors are below 0.6 units in the last place.

import { addSplit, divideSplit, twoProduct, twoSum } from "./double-double.ts";
import { ONE } from "./float-exp.ts";
import { logOfSplit } from "./float-log.ts";
import type { Split } from "./float-words.ts";

/** Below it two terms of the series are enough. */
const TINY = 2 ** -26;
/** From here on the root of x² ± 1 is x. */
const LARGE = 2 ** 53;
const LN2: Split = { high: Math.LN2, low: 2.3190468138462996e-17 };

/** The inverse of the hyperbolic sine. */
export function asinhFloat(x: number): number {
  const size = Math.abs(x);
  if (x === 0 || !Number.isFinite(x)) return x;
  const value = size < TINY ? size - (size * size * size) / 6 : logOfSum(size, 1);
  return x < 0 ? -value : value;
}

/** The inverse of the hyperbolic cosine; NaN below 1. */
export function acoshFloat(x: number): number {
  if (Number.isNaN(x) || x < 1) return Number.NaN;
  if (x === 1) return 0;
  return x === Number.POSITIVE_INFINITY ? x : logOfSum(x, -1);
}

/** log(x + sqrt(x² + term)) */
function logOfSum(x: number, term: number): number {
  const one: Split = { high: x, low: 0 };
  if (x >= LARGE) return addSplit(logOfSplit(one), LN2).high;
  const square = addSplit(twoProduct(x, x), { high: term, low: 0 });
  return logOfSplit(addSplit(one, rootOf(square))).high;
}

function rootOf(square: Split): Split {
  const root = Math.sqrt(square.high);
  const back = twoProduct(root, root);
  return twoSum(root, (square.high - back.high - back.low + square.low) / (2 * root));
}

/** The inverse of the hyperbolic tangent; NaN outside of [-1, 1]. */
export function atanhFloat(x: number): number {
  const size = Math.abs(x);
  if (Number.isNaN(x) || size > 1) return Number.NaN;
  if (x === 0) return x;
  const value = atanhPositive(size);
  return x < 0 ? -value : value;
}

/** log((1 + x) / (1 - x)) / 2 */
function atanhPositive(x: number): number {
  if (x === 1) return Number.POSITIVE_INFINITY;
  if (x < TINY) return x + (x * x * x) / 3;
  const quotient = divideSplit(twoSum(ONE.high, x), twoSum(ONE.high, -x));
  return 0.5 * logOfSplit(quotient).high;
}
