// Reduction of an angle by multiples of π/2: fdlibm's e_rem_pio2.c (Sun Microsystems, 1993; freely
// usable with this notice) for angles of medium size, exact integer arithmetic for large ones.

import { highWord, type Split } from "./float-words.ts";

const TWO_OVER_PI = 0.6366197723675814;
/** π/2 in parts of 33 bits, each with what is left after it. */
const PARTS: readonly Split[] = [
  { high: 1.5707963267341256, low: 6.077100506506192e-11 },
  { high: 6.077100506303966e-11, low: 2.0222662487959506e-21 },
  { high: 2.0222662487111665e-21, low: 8.4784276603689e-32 },
];
/** Bits that may cancel before the next part of π/2 is needed. */
const CANCELLED_MAX: readonly number[] = [16, 49, 64];
/** 2^20 π/2: below it three parts are enough. */
const MEDIUM_BELOW = 1647099;

/** Bits of the fraction of 2/π below: the largest exponent, a mantissa and 120 more. */
const FRACTION_BITS = 1200n;
/** 2/π · 2^1200, rounded down. */
const TWO_OVER_PI_DIGITS: bigint = BigInt(
  "0xa2f9836e4e441529fc2757d1f534ddc0db6295993c439041fe5163abdebbc561b7246e3a424dd2e0" +
    "06492eea09d1921cfe1deb1cb129a73ee88235f52ebb4484e99c7026b45f7e413991d639835339f49c84" +
    "5f8bbdf9283b1ff897ffde05980fef2f118b5a0a6d1f6d367ecf27cb09b74f463f669e5fea2d7527bac7" +
    "ebe5f17b3d0739f78a5292ea6bfb5fb11f8d5d0856033046fc7b",
);
/** π/2 · 2^256, rounded to the nearest. */
const PI_OVER_2_DIGITS = 0x1921fb54442d18469898cc51701b839a252049c1114cf98e804177d4c76273645n;
/** Bits kept of a reduced angle: at least 62 of them are not zero. */
const KEPT_BITS = 190n;

/** angle = high + low + quadrant π/2, with |high + low| at most π/4 or little more. */
export interface Reduced extends Split {
  /** 0 … 3 */
  readonly quadrant: number;
}

/** Reduces a finite angle. */
export function reduceAngle(x: number): Reduced {
  const size = Math.abs(x);
  if (size <= 0.7853981633974483) return { high: x, low: 0, quadrant: 0 };
  const { high, low, quadrant } = size < MEDIUM_BELOW ? medium(size) : large(size);
  if (x > 0) return { high, low, quadrant };
  return { high: -high, low: -low, quadrant: (4 - quadrant) & 3 };
}

/** Cody and Waite's method: as many parts of π/2 as the cancellation asks for. */
function medium(x: number): Reduced {
  const n = Math.trunc(x * TWO_OVER_PI + 0.5);
  const exponent = highWord(x) >> 20;
  let rest = x;
  let tail = 0;
  let high = x;
  for (const [i, part] of PARTS.entries()) {
    const before = rest;
    const product = n * part.high;
    rest = before - product;
    tail = n * part.low - (i === 0 ? 0 : before - rest - product);
    high = rest - tail;
    if (exponent - ((highWord(high) >> 20) & 0x7ff) <= (CANCELLED_MAX[i] ?? 0)) break;
  }
  return { high, low: rest - high - tail, quadrant: n & 3 };
}

const view = new DataView(new ArrayBuffer(8));

/** The angle is mantissa · 2^exponent, an integer: its product with 2/π is exact enough. */
function large(x: number): Reduced {
  view.setFloat64(0, x);
  const bits = view.getBigUint64(0);
  const mantissa = (bits & 0xfffffffffffffn) | 0x10000000000000n;
  const exponent = (bits >> 52n) - 1075n;
  const shift = FRACTION_BITS - exponent;
  const turns = mantissa * TWO_OVER_PI_DIGITS;
  const nearest = (turns + (1n << (shift - 1n))) >> shift;
  const fraction = turns - (nearest << shift);
  const angle = (fraction * PI_OVER_2_DIGITS) >> (shift + 256n - KEPT_BITS);
  const high = Number(angle);
  const low = Number(angle - BigInt(high));
  const unit = 2 ** -Number(KEPT_BITS);
  return { high: high * unit, low: low * unit, quadrant: Number(nearest & 3n) };
}
