// exp and expm1 with a result in two doubles: reduction by ln 2 in three parts, then the power
// series, whose terms are few and begin exactly.

import { addSplit, twoProduct, twoSum } from "./double-double.ts";
import { horner, type Split, scale } from "./float-words.ts";

const OVERFLOW_ABOVE = 709.782712893384;
const UNDERFLOW_BELOW = -745.1332191019411;
/** ln 2 in three parts: the first has 33 bits, so that its product with a power is exact. */
const LN2_HIGH = 0.6931471803691238;
const LN2_MIDDLE = 1.9082149292705877e-10;
const LN2_LOW = 1.1612227229362532e-26;
/** From here on 1 does not count beside e^x, nor e^-x beside 1. */
const EXPM1_BOUND = 44;
/** 1 as a sum. */
export const ONE: Split = { high: 1, low: 0 };
/** 1/3!, 1/4!, … 1/16! */
const TAIL: readonly number[] = reciprocalFactorials(3, 16);

function reciprocalFactorials(from: number, to: number): number[] {
  const found: number[] = [];
  for (let n = 1, factorial = 1; n <= to; n += 1) {
    factorial *= n;
    if (n >= from) found.push(1 / factorial);
  }
  return found;
}

/** e ** x. Error below 0.51 units in the last place. */
export function expFloat(x: number): number {
  if (Number.isNaN(x)) return x;
  if (x > OVERFLOW_ABOVE) return Number.POSITIVE_INFINITY;
  if (x < UNDERFLOW_BELOW) return 0;
  return expScaled(x, 0);
}

/** e^x · 2^shift, which must be finite; e^x alone need not be. */
export function expScaled(x: number, shift: number): number {
  const { k, rest } = reduced(x);
  const value = addSplit(ONE, expm1Small(rest)).high;
  const power = k + shift;
  // value is up to 1.42: at 2^1024 its exponent alone would pass the largest one.
  return power > 1023 ? scale(value, 1023) * 2 ** (power - 1023) : scale(value, power);
}

/** e^x - 1, also where e^x is near 1. Error below 0.52 units in the last place. */
export function expm1Float(x: number): number {
  if (Number.isNaN(x) || Math.abs(x) < 2 ** -54) return x;
  if (x > EXPM1_BOUND) return expFloat(x);
  return x < -EXPM1_BOUND ? -1 : expm1Split(x).high;
}

/** e^x - 1 for x from -44 to 44. */
export function expm1Split(x: number): Split {
  const { k, rest } = reduced(x);
  const small = expm1Small(rest);
  const power = 2 ** k;
  const scaled: Split = { high: small.high * power, low: small.low * power };
  return addSplit(scaled, twoSum(power, -1));
}

/** x = k ln 2 + rest, |rest| at most ln(2) / 2. */
function reduced(x: number): { readonly k: number; readonly rest: Split } {
  const k = Math.floor(x * Math.LOG2E + 0.5);
  const middle = twoProduct(-k, LN2_MIDDLE);
  return {
    k,
    rest: addSplit(twoSum(x, -k * LN2_HIGH), { high: middle.high, low: middle.low - k * LN2_LOW }),
  };
}

/** x + x²/2 in two doubles, x³/6 and what follows in one: it is below 1/50 of the sum. */
function expm1Small(x: Split): Split {
  const square = twoProduct(x.high, x.high);
  const half: Split = { high: 0.5 * square.high, low: 0.5 * square.low + x.high * x.low };
  const tail = x.high * square.high * horner(TAIL, x.high);
  return addSplit(addSplit(x, half), { high: tail, low: 0 });
}
