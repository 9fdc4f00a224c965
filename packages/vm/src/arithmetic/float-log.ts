// Logarithms by the log2 of fdlibm's e_pow.c (Sun Microsystems, 1993; freely usable with this
// notice), which has a tail: other bases are a product away. Errors are below 0.51 units in the
// last place.

import { addSplit, twoSum } from "./double-double.ts";
import { highWord, horner, type Split, withHighWord, withoutLowWord } from "./float-words.ts";

/** ln 2 in two parts, the first with few bits, so that its product with a high part is exact. */
const LN2_HIGH = 0.6931471824645996;
const LN2_LOW = -1.904654299957768e-9;
/** log10(2) in two parts. */
const LOG10_2 = 0.3010299956639812;
const LOG10_2_HIGH = 0.30102992057800293;
const LOG10_2_LOW = 7.508597826552624e-8;
const LOG_POLYNOMIAL: readonly number[] = [
  0.5999999999999946, 0.4285714285785502, 0.33333332981837743, 0.272728123808534,
  0.23066074577556175, 0.20697501780033842,
];
/** 2 / (3 ln 2) in two parts. */
const CP = 0.9617966939259756;
const CP_HIGH = 0.9617967009544373;
const CP_LOW = -7.028461650952758e-9;
const INVERSE_LN2 = Math.LOG2E;
const INVERSE_LN2_HIGH = 1.4426950216293335;
const INVERSE_LN2_LOW = 1.9259629911266175e-8;
/** log2(1.5) in two parts. */
const LOG2_1_5_HIGH = 0.5849624872207642;
const LOG2_1_5_LOW = 1.350039202129749e-8;

/** The natural logarithm; NaN below 0, -inf at 0. */
export function logFloat(x: number): number {
  const special = specialLog(x);
  if (special !== null) return special;
  const { high, low } = log2Split(x);
  return high * LN2_HIGH + (high * LN2_LOW + low * Math.LN2);
}

/** The logarithm to base 2, exact at powers of 2. */
export function log2Float(x: number): number {
  const special = specialLog(x);
  if (special !== null) return special;
  const { high, low } = log2Split(x);
  return high + low;
}

/** The logarithm to base 10, exact at powers of 10. */
export function log10Float(x: number): number {
  const special = specialLog(x);
  if (special !== null) return special;
  const { high, low } = log2Split(x);
  return high * LOG10_2_HIGH + (high * LOG10_2_LOW + low * LOG10_2);
}

/** log(1 + x), also where x does not count beside 1; NaN below -1. Error below 0.51 units. */
export function log1pFloat(x: number): number {
  if (Number.isNaN(x) || x < -1) return Number.NaN;
  if (x === -1) return Number.NEGATIVE_INFINITY;
  if (x === Number.POSITIVE_INFINITY) return x;
  if (Math.abs(x) < 2 ** -26) return x - x * x * (0.5 - x / 3);
  return logOfSplit(twoSum(1, x)).high;
}

/** The natural logarithm of a positive finite sum, in two doubles. */
export function logOfSplit(x: Split): Split {
  const { high, low } = log2Split(x.high);
  // 21 bits times 24 bits: the first product is exact.
  const log = twoSum(high * LN2_HIGH, high * LN2_LOW + low * Math.LN2);
  return addSplit(log, { high: x.low / x.high, low: 0 });
}

function specialLog(x: number): number | null {
  if (Number.isNaN(x) || x < 0) return Number.NaN;
  if (x === 0) return Number.NEGATIVE_INFINITY;
  if (x === 1) return 0;
  return x === Number.POSITIVE_INFINITY ? x : null;
}

/** |1 - x| is at most 2^-20. */
export function isNearOne(x: number): boolean {
  const high = highWord(x);
  return high === 0x3fefffff || high === 0x3ff00000;
}

/** log2(x) by the series of log(1 + t). */
export function log2NearOne(x: number): Split {
  const t = x - 1;
  const w = t * t * (0.5 - t * (0.3333333333333333 - t * 0.25));
  const u = INVERSE_LN2_HIGH * t;
  const v = t * INVERSE_LN2_LOW - w * INVERSE_LN2;
  const high = withoutLowWord(u + v);
  return { high, low: v - (high - u) };
}

/** log2(x) of a positive finite x, as n + log2 of a mantissa near 1 or 1.5. */
export function log2Split(x: number): Split {
  const subnormal = highWord(x) < 0x00100000;
  const scaled = subnormal ? x * 2 ** 53 : x;
  const top = highWord(scaled);
  const fraction = top & 0x000fffff;
  let exponent = (top >> 20) - 0x3ff - (subnormal ? 53 : 0);
  let high = fraction | 0x3ff00000;
  const k = fraction > 0x3988e && fraction < 0xbb67a ? 1 : 0;
  if (fraction >= 0xbb67a) {
    exponent += 1;
    high -= 0x00100000;
  }
  const a = withHighWord(scaled, high);
  const base = k === 1 ? 1.5 : 1;
  const u = a - base;
  const v = 1 / (a + base);
  const s = u * v;
  const sHigh = withoutLowWord(s);
  const sumHigh = withHighWord(0, ((high >> 1) | 0x20000000) + 0x00080000 + (k << 18));
  const sumLow = a - (sumHigh - base);
  const sLow = v * (u - sHigh * sumHigh - sHigh * sumLow);
  const s2 = s * s;
  const r = s2 * s2 * horner(LOG_POLYNOMIAL, s2) + sLow * (sHigh + s);
  const square = sHigh * sHigh;
  const tHigh = withoutLowWord(3 + square + r);
  const tLow = r - (tHigh - 3 - square);
  const pu = sHigh * tHigh;
  const pv = sLow * tHigh + tLow * s;
  const pHigh = withoutLowWord(pu + pv);
  const pLow = pv - (pHigh - pu);
  const zHigh = CP_HIGH * pHigh;
  const zLow = CP_LOW * pHigh + pLow * CP + (k === 1 ? LOG2_1_5_LOW : 0);
  const baseLog = k === 1 ? LOG2_1_5_HIGH : 0;
  const logHigh = withoutLowWord(zHigh + zLow + baseLog + exponent);
  return { high: logHigh, low: zLow - (logHigh - exponent - baseLog - zHigh) };
}
