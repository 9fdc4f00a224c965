// Numbers as JSON texts: exact reading into integer and float types, shortest writing (formats 5).

import { required } from "../result/result.ts";
import { intFromBigint } from "../value/value.ts";

/** An integer literal of JSON; `-0` is one. */
const INTEGER = /^-?(?:0|[1-9][0-9]*)$/;
/** An integer as text outside JSON numbers has one form only. */
const DECIMAL = /^(?:0|-?[1-9][0-9]*)$/;
/** Digits of the longest integer of 64 bits with its sign; longer texts need not be converted. */
const INTEGER_LENGTH_MAX = 20;

/** The Int of a JSON number; null for a fraction, an exponent, or a value outside the range. */
export function intFromNumberText(
  text: string,
  range: readonly [bigint, bigint],
): number | bigint | null {
  return INTEGER.test(text) ? intInRange(text, range) : null;
}

/** The Int of a decimal string; null for any other text and for a value outside the range. */
export function intFromDecimalText(
  text: string,
  range: readonly [bigint, bigint],
): number | bigint | null {
  return DECIMAL.test(text) ? intInRange(text, range) : null;
}

function intInRange(text: string, [low, high]: readonly [bigint, bigint]): number | bigint | null {
  if (text.length > INTEGER_LENGTH_MAX) return null;
  const value = BigInt(text);
  return value < low || value > high ? null : intFromBigint(value);
}

/** The nearest f64 of a JSON number; null beyond the finite range. */
export function f64FromNumberText(text: string): number | null {
  const value = Number(text);
  return Number.isFinite(value) ? value : null;
}

/** The nearest f32 of a JSON number, ties to even; null beyond the finite range. */
export function f32FromNumberText(text: string): number | null {
  const double = Number(text);
  const single = Math.fround(double);
  if (!Number.isFinite(double)) return null;
  // Rounding twice goes wrong only where the double lies halfway between two f32 without the text
  // being that double exactly: then the exact text decides.
  const other = Math.fround(single + 2 * (double - single));
  const isHalfway = double !== single && single + (other - single) / 2 === double;
  if (!isHalfway) return Number.isFinite(single) ? single : null;
  const order = compareExact(text, double);
  if (order === 0) return single;
  return order < 0 ? Math.min(single, other) : Math.max(single, other);
}

/** Order of a JSON number against a finite double, by their exact values. */
function compareExact(text: string, double: number): number {
  const match = required(/^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text), "a JSON number");
  const [, sign = "", whole = "", fraction = "", exponentText = "0"] = match;
  const digits = BigInt(`${whole}${fraction}`) * (sign === "-" ? -1n : 1n);
  const exponent = Number(exponentText) - fraction.length;
  // Both as fractions: digits * 10^exponent against mantissa * 2^-shift.
  let mantissa = double;
  let shift = 0;
  for (; !Number.isInteger(mantissa); shift += 1) mantissa *= 2;
  const left = digits * 10n ** BigInt(Math.max(exponent, 0)) * 2n ** BigInt(shift);
  const right = BigInt(mantissa) * 10n ** BigInt(Math.max(-exponent, 0));
  return left < right ? -1 : left > right ? 1 : 0;
}

/** The shortest JSON number that reads back as the f64. */
export function f64Text(value: number): string {
  return Object.is(value, -0) ? "-0.0" : String(value);
}

/** The shortest JSON number that reads back as the f32. */
export function f32Text(value: number): string {
  for (let digits = 1; digits < 9; digits += 1) {
    const text = String(Number(value.toPrecision(digits)));
    if (Math.fround(Number(text)) === value) return text;
  }
  return String(Number(value.toPrecision(9)));
}
