// Numbers as unevaluated sums of two doubles, about 106 bits: T. J. Dekker, "A floating-point
// technique for extending the available precision", 1971. Magnitudes stay below 2^996.

import type { Split } from "./float-words.ts";

/** 2^27 + 1: splits a double in two halves whose products are exact. */
const SPLITTER = 134217729;

/** a + b exactly. */
export function twoSum(a: number, b: number): Split {
  const high = a + b;
  const shift = high - a;
  return { high, low: a - (high - shift) + (b - shift) };
}

/** a · b exactly. */
export function twoProduct(a: number, b: number): Split {
  const high = a * b;
  const [aTop, aRest] = halves(a);
  const [bTop, bRest] = halves(b);
  return { high, low: aTop * bTop - high + aTop * bRest + aRest * bTop + aRest * bRest };
}

function halves(x: number): readonly [number, number] {
  const scaled = x * SPLITTER;
  const top = scaled - (scaled - x);
  return [top, x - top];
}

/** a + b */
export function addSplit(a: Split, b: Split): Split {
  const { high, low } = twoSum(a.high, b.high);
  return twoSum(high, low + a.low + b.low);
}

/** a / b */
export function divideSplit(a: Split, b: Split): Split {
  const quotient = a.high / b.high;
  const back = twoProduct(quotient, b.high);
  const rest = a.high - back.high - back.low + a.low - quotient * b.low;
  return twoSum(quotient, rest / b.high);
}
