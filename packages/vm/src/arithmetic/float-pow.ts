// pow of two doubles by the algorithm of fdlibm's e_pow.c (Sun Microsystems, 1993; freely usable
// with this notice), so that tiles give the same bits in every JavaScript engine (language 21.5).
// Error below 0.70 units in the last place.

import { isNearOne, log2NearOne, log2Split } from "./float-log.ts";
import { highWord, horner, isNegative, type Split, scale, withoutLowWord } from "./float-words.ts";

const EXP_POLYNOMIAL: readonly number[] = [
  0.16666666666666602, -0.0027777777777015593, 0.00006613756321437934, -0.0000016533902205465252,
  4.1381367970572385e-8,
];
const LN2 = Math.LN2;
const LN2_HIGH = 0.6931471824645996;
const LN2_LOW = -1.904654299957768e-9;
/** -(1024 - log2(overflow threshold + half a unit)) */
const OVERFLOW_TAIL = 8.008566259537294e-17;

/** x ** y of IEEE 754: 1 for y = 0 and for x = 1, whatever the other is. */
export function powFloat(x: number, y: number): number {
  if (y === 0 || x === 1) return 1;
  if (Number.isNaN(x) || Number.isNaN(y)) return Number.NaN;
  const size = Math.abs(x);
  if (!Number.isFinite(y)) {
    if (size === 1) return 1;
    return size > 1 === y > 0 ? Number.POSITIVE_INFINITY : 0;
  }
  if (y === 1) return x;
  if (y === -1) return 1 / x;
  if (y === 2) return x * x;
  if (y === 0.5 && !isNegative(x)) return Math.sqrt(x);
  const odd = Math.abs(y % 2) === 1;
  const sign = isNegative(x) && odd ? -1 : 1;
  if (size === 0 || size === Number.POSITIVE_INFINITY || size === 1) {
    if (x === -1 && !Number.isInteger(y)) return Number.NaN;
    return sign * (y < 0 ? 1 / size : size);
  }
  if (x < 0 && !Number.isInteger(y)) return Number.NaN;
  if (Math.abs(y) > 2 ** 31 && !isNearOne(size)) {
    return size > 1 === y > 0 ? sign * Number.POSITIVE_INFINITY : sign * 0;
  }
  const log = Math.abs(y) > 2 ** 31 ? log2NearOne(size) : log2Split(size);
  return sign * exp2Product(y, log);
}

/** 2 ** (y * log) */
function exp2Product(y: number, log: Split): number {
  const yHigh = withoutLowWord(y);
  const low = (y - yHigh) * log.high + y * log.low;
  const high = yHigh * log.high;
  const z = low + high;
  if (z > 1024 || (z === 1024 && low + OVERFLOW_TAIL > z - high)) return Number.POSITIVE_INFINITY;
  if (z < -1075 || (z === -1075 && low <= z - high)) return 0;
  // n is z rounded to the nearest integer; near 0.5, which the high word cannot tell, it stays 0.
  const large = (highWord(z) & 0x7fffffff) > 0x3fe00000;
  const n = large ? Math.sign(z) * Math.floor(Math.abs(z) + 0.5) : 0;
  return scale(exp2Fraction({ high: high - n, low }), n);
}

/** 2 ** (high + low) for a sum within ±0.5. */
function exp2Fraction({ high, low }: Split): number {
  const t = withoutLowWord(low + high);
  const u = t * LN2_HIGH;
  const v = (low - (t - high)) * LN2 + t * LN2_LOW;
  const z = u + v;
  const w = v - (z - u);
  const square = z * z;
  const t1 = z - square * horner(EXP_POLYNOMIAL, square);
  const r = (z * t1) / (t1 - 2) - (w + z * w);
  return 1 - (r - z);
}
