// pow of two doubles by the algorithm of fdlibm's e_pow.c (Sun Microsystems, 1993; freely usable
// with this notice), so that tiles give the same bits in every JavaScript engine (language 21.5).
// Error below 0.70 units in the last place.

const LOG_POLYNOMIAL: readonly number[] = [
  0.5999999999999946, 0.4285714285785502, 0.33333332981837743, 0.272728123808534,
  0.23066074577556175, 0.20697501780033842,
];
const EXP_POLYNOMIAL: readonly number[] = [
  0.16666666666666602, -0.0027777777777015593, 0.00006613756321437934, -0.0000016533902205465252,
  4.1381367970572385e-8,
];
const LN2 = Math.LN2;
const LN2_HIGH = 0.6931471824645996;
const LN2_LOW = -1.904654299957768e-9;
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
/** -(1024 - log2(overflow threshold + half a unit)) */
const OVERFLOW_TAIL = 8.008566259537294e-17;

/** Scratch for looking at the words of a double; nothing is kept in it between calls. */
const words = new DataView(new ArrayBuffer(8));

function highWord(value: number): number {
  words.setFloat64(0, value);
  return words.getInt32(0);
}

function withHighWord(value: number, high: number): number {
  words.setFloat64(0, value);
  words.setInt32(0, high);
  return words.getFloat64(0);
}

function withoutLowWord(value: number): number {
  words.setFloat64(0, value);
  words.setInt32(4, 0);
  return words.getFloat64(0);
}

function horner(coefficients: readonly number[], x: number): number {
  return coefficients.reduceRight((sum, coefficient) => coefficient + x * sum, 0);
}

/** A number as an unevaluated sum. */
interface Split {
  readonly high: number;
  readonly low: number;
}

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
  const log = Math.abs(y) > 2 ** 31 ? log2NearOne(size) : log2(size);
  return sign * exp2Product(y, log);
}

function isNegative(x: number): boolean {
  return x < 0 || Object.is(x, -0);
}

/** |1 - x| is at most 2^-20. */
function isNearOne(x: number): boolean {
  const high = highWord(x);
  return high === 0x3fefffff || high === 0x3ff00000;
}

/** log2(x) by the series of log(1 + t). */
function log2NearOne(x: number): Split {
  const t = x - 1;
  const w = t * t * (0.5 - t * (0.3333333333333333 - t * 0.25));
  const u = INVERSE_LN2_HIGH * t;
  const v = t * INVERSE_LN2_LOW - w * INVERSE_LN2;
  const high = withoutLowWord(u + v);
  return { high, low: v - (high - u) };
}

/** log2(x) of a positive finite x, as n + log2 of a mantissa near 1 or 1.5. */
function log2(x: number): Split {
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

/** value * 2^n, rounded once. */
function scale(value: number, n: number): number {
  const high = highWord(value) + (n << 20);
  if (high >> 20 > 0) return withHighWord(value, high);
  // The result is subnormal or nearly so: the last factor alone rounds.
  return withHighWord(value, high + (54 << 20)) * 2 ** -54;
}
