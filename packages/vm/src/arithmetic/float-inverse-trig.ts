// asin, acos, atan and atan2 by the algorithms of fdlibm's e_asin.c, e_acos.c, s_atan.c and
// e_atan2.c (Sun Microsystems, 1993; freely usable with this notice). atan2 takes the error of the
// quotient into account. Errors are below 1 unit in the last place.

import { divideSplit, twoSum } from "./double-double.ts";
import { horner, isNegative, type Split, withoutLowWord } from "./float-words.ts";

const PI_LOW = 1.2246467991473532e-16;
const HALF_PI = 1.5707963267948966;
const HALF_PI_LOW = 6.123233995736766e-17;
const QUARTER_PI = 0.7853981633974483;
/** pS0 … pS5 of e_asin.c, to be multiplied by t. */
const ASIN_P: readonly number[] = [
  0.16666666666666666, -0.3255658186224009, 0.20121253213486293, -0.04005553450067941,
  0.0007915349942898145, 3.479331075960212e-5,
];
/** 1 and qS1 … qS4. */
const ASIN_Q: readonly number[] = [
  1, -2.403394911734414, 2.0209457602335057, -0.6882839716054533, 0.07703815055590194,
];
/** aT0, aT2, … aT10 and aT1, aT3, … aT9 of s_atan.c. */
const ATAN_EVEN: readonly number[] = [
  0.3333333333333293, 0.14285714272503466, 0.09090887133436507, 0.06661073137387531,
  0.049768779946159324, 0.016285820115365782,
];
const ATAN_ODD: readonly number[] = [
  -0.19999999999876483, -0.11111110405462356, -0.0769187620504483, -0.058335701337905735,
  -0.036531572744216916,
];
/** atan of 0.5, 1, 1.5 and infinity, each in two parts. */
const ATAN_POINTS = [
  { high: 0.4636476090008061, low: 2.2698777452961687e-17 },
  { high: 0.7853981633974483, low: 3.061616997868383e-17 },
  { high: 0.982793723247329, low: 1.3903311031230998e-17 },
  { high: 1.5707963267948966, low: 6.123233995736766e-17 },
] as const;

/** p / q of e_asin.c: (asin(x) - x) / x at t = x². */
function asinRatio(t: number): number {
  return (t * horner(ASIN_P, t)) / horner(ASIN_Q, t);
}

/** The arcsine in -π/2 … π/2; NaN outside -1 … 1. */
export function asinFloat(x: number): number {
  const size = Math.abs(x);
  if (Number.isNaN(x) || size > 1) return Number.NaN;
  if (size === 1) return x * HALF_PI;
  if (size < 2 ** -26) return x;
  if (size < 0.5) return x + x * asinRatio(x * x);
  const t = (1 - size) * 0.5;
  const s = Math.sqrt(t);
  const r = asinRatio(t);
  return isNegative(x) ? -asinAboveHalf(size, s, r) : asinAboveHalf(size, s, r);
}

/** π/2 - 2 asin(s), s = sqrt((1 - x) / 2) and r the ratio there. */
function asinAboveHalf(x: number, s: number, r: number): number {
  if (x > 0.975) return HALF_PI - (2 * (s + s * r) - HALF_PI_LOW);
  const w = withoutLowWord(s);
  const c = ((1 - x) * 0.5 - w * w) / (s + w);
  const p = 2 * s * r - (HALF_PI_LOW - 2 * c);
  return QUARTER_PI - (p - (QUARTER_PI - 2 * w));
}

/** The arccosine in 0 … π; NaN outside -1 … 1. */
export function acosFloat(x: number): number {
  const size = Math.abs(x);
  if (Number.isNaN(x) || size > 1) return Number.NaN;
  if (x === 1) return 0;
  if (x === -1) return Math.PI;
  if (size < 0.5) {
    return size < 2 ** -57 ? HALF_PI : HALF_PI - (x - (HALF_PI_LOW - x * asinRatio(x * x)));
  }
  const z = (1 - size) * 0.5;
  const s = Math.sqrt(z);
  const r = asinRatio(z);
  if (x < 0) return Math.PI - 2 * (s + (r * s - HALF_PI_LOW));
  const df = withoutLowWord(s);
  const c = (z - df * df) / (s + df);
  return 2 * (df + (r * s + c));
}

/** The arctangent in -π/2 … π/2. */
export function atanFloat(x: number): number {
  const size = Math.abs(x);
  if (Number.isNaN(x) || size < 2 ** -29) return x;
  const { high, low } = atanOfSum({ high: size, low: 0 });
  return x < 0 ? -(high + low) : high + low;
}

/** atan of a sum ≥ 0 whose low part is small: it counts by the derivative 1 / (1 + x²). */
function atanOfSum({ high: x, low }: Split): Split {
  const tail = low / (1 + x * x);
  return x < 0.4375 ? { high: x, low: tail - x * atanSeries(x) } : atanByPoint(x, tail);
}

function atanSeries(x: number): number {
  const z = x * x;
  const w = z * z;
  return z * horner(ATAN_EVEN, w) + w * horner(ATAN_ODD, w);
}

/** atan(p) + atan((x - p) / (1 + p x)) + tail, for the nearest point p. */
function atanByPoint(x: number, tail: number): Split {
  if (x >= 2 ** 66) return { high: HALF_PI, low: HALF_PI_LOW };
  const [at, moved] =
    x < 0.6875
      ? [0, (2 * x - 1) / (2 + x)]
      : x < 1.1875
        ? [1, (x - 1) / (x + 1)]
        : x < 2.4375
          ? [2, (x - 1.5) / (1 + 1.5 * x)]
          : [3, -1 / x];
  const point = ATAN_POINTS[at] ?? ATAN_POINTS[3];
  return { high: point.high, low: moved - (moved * atanSeries(moved) - (point.low + tail)) };
}

/** The angle of the point (x, y) in -π … π; signs of zeros count. */
export function atan2Float(y: number, x: number): number {
  if (Number.isNaN(x) || Number.isNaN(y)) return Number.NaN;
  const size = atan2Size(Math.abs(y), Math.abs(x), isNegative(x));
  return isNegative(y) ? -size : size;
}

/** atan2 in the upper half plane: y and x are not negative, `left` says that x was. */
function atan2Size(y: number, x: number, left: boolean): number {
  if (y === 0) return left ? Math.PI : 0;
  if (x === 0) return HALF_PI;
  if (y === Number.POSITIVE_INFINITY) {
    if (x !== Number.POSITIVE_INFINITY) return HALF_PI;
    return left ? 3 * QUARTER_PI : QUARTER_PI;
  }
  if (x === Number.POSITIVE_INFINITY) return left ? Math.PI : 0;
  const ratio = y / x;
  if (ratio > 2 ** 61) return HALF_PI;
  if (ratio < 2 ** -61) return left ? Math.PI : ratio;
  const angle = atanOfSum(exactRatio(y, x));
  if (!left) return angle.high + angle.low;
  const { high, low } = twoSum(Math.PI, -angle.high);
  return high + (low + PI_LOW - angle.low);
}

/** y / x with the error of the quotient; the two are at most 2^61 apart. */
function exactRatio(y: number, x: number): Split {
  const factor = x > 2 ** 500 ? 2 ** -600 : x < 2 ** -400 ? 2 ** 600 : 1;
  return divideSplit({ high: y * factor, low: 0 }, { high: x * factor, low: 0 });
}
