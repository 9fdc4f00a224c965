// Int arithmetic outside the interpreter's fast path: exact, faulting beyond 64 bits (language 4).
// An Int is a number where that is safe and never -0, else a bigint (`@lumen/core/value`).

import { intFromBigint } from "@lumen/core/value";
import { divisionByZero, overflow, runtimeTrap } from "../trap.ts";

/** An Int in either representation. */
export type Int = number | bigint;

const INT_MIN = -(2n ** 63n);
const INT_MAX = 2n ** 63n - 1n;

/** The Int of an exact result, or `integer overflow in WHAT`. */
export function checkedInt(value: bigint, what: string): Int {
  if (value < INT_MIN || value > INT_MAX) throw overflow(what);
  return intFromBigint(value);
}

/** a + b */
export function addInt(a: Int, b: Int): Int {
  return checkedInt(BigInt(a) + BigInt(b), "addition");
}

/** a - b */
export function subInt(a: Int, b: Int): Int {
  return checkedInt(BigInt(a) - BigInt(b), "subtraction");
}

/** a * b */
export function mulInt(a: Int, b: Int): Int {
  return checkedInt(BigInt(a) * BigInt(b), "multiplication");
}

/** a / b, truncated toward zero. Adding 0 turns -0 into 0. */
export function divInt(a: Int, b: Int): Int {
  if (b === 0) throw divisionByZero();
  // The remainder of doubles is exact, so that the quotient is too.
  if (typeof a === "number" && typeof b === "number") return (a - (a % b)) / b + 0;
  return checkedInt(BigInt(a) / BigInt(b), "division");
}

/** a // b, the Euclidean quotient: a = b·q + r with 0 ≤ r < |b|. */
export function quotInt(a: Int, b: Int): Int {
  if (b === 0) throw divisionByZero();
  if (typeof a === "number" && typeof b === "number") {
    const remainder = a % b;
    const quotient = (a - remainder) / b;
    if (remainder < 0) return b > 0 ? quotient - 1 : quotient + 1;
    return quotient + 0;
  }
  const left = BigInt(a);
  const right = BigInt(b);
  const quotient = left / right;
  if (left % right >= 0n) return checkedInt(quotient, "division");
  return checkedInt(right > 0n ? quotient - 1n : quotient + 1n, "division");
}

/** a % b, the Euclidean remainder, never negative. */
export function remInt(a: Int, b: Int): Int {
  if (b === 0) throw divisionByZero();
  if (typeof a === "number" && typeof b === "number") {
    const remainder = a % b;
    return remainder < 0 ? remainder + Math.abs(b) : remainder + 0;
  }
  const right = BigInt(b);
  const remainder = BigInt(a) % right;
  if (remainder >= 0n) return intFromBigint(remainder);
  return intFromBigint(remainder + (right < 0n ? -right : right));
}

/** a ** b; a negative exponent is an overflow too. O(log b) multiplications. */
export function powInt(a: Int, b: Int): Int {
  const what = "exponentiation";
  if (b < 0) throw overflow(what);
  const base = BigInt(a);
  if (base >= -1n && base <= 1n) {
    if (b === 0) return 1;
    return intFromBigint(base === -1n && BigInt(b) % 2n === 0n ? 1n : base);
  }
  if (b > 63) throw overflow(what);
  return checkedInt(base ** BigInt(b), what);
}

/** -a */
export function negInt(a: Int): Int {
  return typeof a === "number" ? 0 - a : checkedInt(-a, "negation");
}

/** a & b, two's complement */
export function andInt(a: Int, b: Int): Int {
  return intFromBigint(BigInt(a) & BigInt(b));
}

/** a | b, two's complement */
export function orInt(a: Int, b: Int): Int {
  return intFromBigint(BigInt(a) | BigInt(b));
}

/** a ^ b, two's complement */
export function xorInt(a: Int, b: Int): Int {
  return intFromBigint(BigInt(a) ^ BigInt(b));
}

/** ~a, which is -1 - a */
export function notInt(a: Int): Int {
  return typeof a === "number" && a !== Number.MAX_SAFE_INTEGER
    ? -1 - a
    : intFromBigint(~BigInt(a));
}

/** a << b, bits beyond 64 dropped */
export function shlInt(a: Int, b: Int): Int {
  return intFromBigint(BigInt.asIntN(64, BigInt(a) << shiftCount(b)));
}

/** a >> b, sign kept */
export function shrInt(a: Int, b: Int): Int {
  return intFromBigint(BigInt(a) >> shiftCount(b));
}

function shiftCount(count: Int): bigint {
  if (count >= 0 && count <= 63) return BigInt(count);
  throw runtimeTrap("shift amount out of range (must be 0..63)", "E_TRAP_OVERFLOW");
}
