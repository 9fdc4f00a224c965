// Float operations that are not one JavaScript operator (language 4).

import { powFloat } from "./float-pow.ts";

/** floor(a / b) */
export function quotFloat(a: number, b: number): number {
  return Math.floor(a / b);
}

/**
 * The remainder moved into [0, |b|); NaN for b = 0. Where moving rounds up to |b| itself the result
 * is 0, which is congruent to it and inside the interval.
 */
export function remFloat(a: number, b: number): number {
  const size = Math.abs(b);
  const remainder = a % b;
  if (remainder >= 0) return remainder + 0;
  const moved = remainder + size;
  return moved >= size ? 0 : moved;
}

export { powFloat };
