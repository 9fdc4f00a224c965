// The words of doubles, and sums kept in two doubles: what the float functions are made of.

/** Scratch for looking at the words of a double; nothing is kept in it between calls. */
const words = new DataView(new ArrayBuffer(8));

/** Sign, exponent and the 20 leading bits of the mantissa, as a signed number. */
export function highWord(value: number): number {
  words.setFloat64(0, value);
  return words.getInt32(0);
}

/** The value with another high word. */
export function withHighWord(value: number, high: number): number {
  words.setFloat64(0, value);
  words.setInt32(0, high);
  return words.getFloat64(0);
}

/** The value with its 32 trailing bits cleared, so that the product of two such values is exact. */
export function withoutLowWord(value: number): number {
  words.setFloat64(0, value);
  words.setInt32(4, 0);
  return words.getFloat64(0);
}

/** The polynomial at x; coefficients begin with the constant one. */
export function horner(coefficients: readonly number[], x: number): number {
  return coefficients.reduceRight((sum, coefficient) => coefficient + x * sum, 0);
}

/** A number as an unevaluated sum. */
export interface Split {
  readonly high: number;
  readonly low: number;
}

/** True for -0 too. */
export function isNegative(x: number): boolean {
  return x < 0 || Object.is(x, -0);
}

/** value * 2^n for a value near 1, rounded once. */
export function scale(value: number, n: number): number {
  const high = highWord(value) + (n << 20);
  if (high >> 20 > 0) return withHighWord(value, high);
  // The result is subnormal or nearly so: the last factor alone rounds.
  return withHighWord(value, high + (54 << 20)) * 2 ** -54;
}
