// sinh, cosh and tanh from e^x - 1 in two doubles, which keeps what cancels or is divided. Error
// below 0.6 units in the last place.

import { addSplit, divideSplit } from "./double-double.ts";
import { expm1Split, expScaled, ONE } from "./float-exp.ts";

/** From here on e^-x does not count beside e^x. */
const LARGE = 22;
/** sinh and cosh are infinite above. */
const OVERFLOW_ABOVE = 710.4758600739439;

/** The hyperbolic sine. */
export function sinhFloat(x: number): number {
  const size = Math.abs(x);
  if (Number.isNaN(x) || size < 2 ** -28) return x;
  const value = size >= LARGE ? largeHalf(size) : sinhMedium(size);
  return x < 0 ? -value : value;
}

/** (t + t / (1 + t)) / 2 for t = e^x - 1 */
function sinhMedium(x: number): number {
  const t = expm1Split(x);
  return 0.5 * addSplit(t, divideSplit(t, addSplit(ONE, t))).high;
}

/** The hyperbolic cosine. */
export function coshFloat(x: number): number {
  if (Number.isNaN(x)) return x;
  const size = Math.abs(x);
  if (size >= LARGE) return largeHalf(size);
  const e = addSplit(ONE, expm1Split(size));
  return 0.5 * addSplit(e, divideSplit(ONE, e)).high;
}

/** The hyperbolic tangent. */
export function tanhFloat(x: number): number {
  const size = Math.abs(x);
  if (Number.isNaN(x) || size < 2 ** -28) return x;
  const value = size >= LARGE ? 1 : tanhMedium(size);
  return x < 0 ? -value : value;
}

/** t / (t + 2) for t = e^2x - 1 */
function tanhMedium(x: number): number {
  const t = expm1Split(2 * x);
  return divideSplit(t, addSplit({ high: 2, low: 0 }, t)).high;
}

/** e^x / 2, also where e^x alone is too large. */
function largeHalf(x: number): number {
  if (x > OVERFLOW_ABOVE) return Number.POSITIVE_INFINITY;
  return expScaled(x, -1);
}
