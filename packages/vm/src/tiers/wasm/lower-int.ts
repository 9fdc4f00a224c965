// Int operations: 64 bits, and a way out where the interpreter would fault.

import type { Assembler } from "./assembler.ts";
import type { Lowering } from "./lowering.ts";

/** An instruction on Ints: target, operands, and where it stands. */
export interface IntOperation {
  readonly index: number;
  readonly w: number;
  readonly a: number;
  readonly b: number;
}

const INT_MIN = -(2n ** 63n);
const INT_MAX = 2n ** 63n - 1n;

/** `add_int` */
export function addInts(x: Lowering, { index, w, a, b }: IntOperation): void {
  const sum = x.temp("a", "i64");
  x.get(a);
  x.get(b).op("i64.add").at("local.set", sum);
  const constant = x.constantInt(b) ?? x.constantInt(a);
  if (constant !== null) compareMoved(x, sum, x.constantInt(b) === null ? b : a, constant < 0n);
  else {
    // Both operands have the other sign.
    x.get(a).at("local.get", sum).op("i64.xor");
    x.get(b).at("local.get", sum).op("i64.xor").op("i64.and");
    x.asm.i64(0).op("i64.lt_s");
  }
  keepUnless(x, index, w, sum);
}

/** `sub_int` */
export function subtractInts(x: Lowering, { index, w, a, b }: IntOperation): void {
  const difference = x.temp("a", "i64");
  x.get(a);
  x.get(b).op("i64.sub").at("local.set", difference);
  const constant = x.constantInt(b);
  if (constant !== null) compareMoved(x, difference, a, constant > 0n);
  else {
    x.get(a);
    x.get(b).op("i64.xor");
    x.get(a).at("local.get", difference).op("i64.xor").op("i64.and");
    x.asm.i64(0).op("i64.lt_s");
  }
  keepUnless(x, index, w, difference);
}

/** Whether adding what should make it smaller, or should not, has gone round. */
function compareMoved(x: Lowering, moved: number, from: number, isSmaller: boolean): void {
  x.asm.at("local.get", moved);
  x.get(from).op(isSmaller ? "i64.gt_s" : "i64.lt_s");
}

/** Leaves where the stack says so, else the temporary goes to the register. */
function keepUnless(x: Lowering, index: number, w: number, temp: number): void {
  x.leaveIf(index);
  x.asm.at("local.get", temp);
  x.set(w);
}

/** `mul_int` */
export function multiplyInts(x: Lowering, operation: IntOperation): void {
  const { index, w, a, b } = operation;
  const factor = x.constantInt(b) ?? x.constantInt(a);
  const other = x.constantInt(b) === null ? b : a;
  if (factor !== null && factor !== 0n && factor !== -1n) {
    // The other factor lies in an interval; one unsigned comparison says so.
    const [low, high] =
      factor > 0n
        ? [ceilDiv(INT_MIN, factor), INT_MAX / factor]
        : [ceilDiv(INT_MAX, factor), INT_MIN / factor];
    x.get(other)
      .i64(low)
      .op("i64.sub")
      .i64(BigInt.asIntN(64, high - low))
      .op("i64.gt_u");
    x.leaveIf(index);
  } else {
    // Where both factors have 32 bits the product has 64.
    fits32(x.get(a), () => x.get(a));
    fits32(x.get(b), () => x.get(b));
    x.asm.op("i32.and").op("i32.eqz").open("if");
    x.get(a);
    x.get(b).at("call", x.callees.helper("mulOverflows"));
    x.leaveIf(index);
    x.asm.close();
  }
  x.get(a);
  x.get(b).op("i64.mul");
  x.set(w);
}

/** Rounds up, where division rounds toward zero. */
function ceilDiv(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return quotient * b !== a && a > 0n === b > 0n ? quotient + 1n : quotient;
}

/** Whether the number on the stack has 32 bits; `again` pushes it a second time. */
export function fits32(asm: Assembler, again: () => Assembler): void {
  asm.op("i64.extend32_s");
  again().op("i64.eq");
}

/** `div_int`, toward zero. */
export function divideInts(x: Lowering, { index, w, a, b }: IntOperation): void {
  leaveForDivisor(x, index, { a, b });
  x.get(a);
  x.get(b).op("i64.div_s");
  x.set(w);
}

/** Where the divisor is 0, or the quotient is 2^63. */
function leaveForDivisor(
  x: Lowering,
  index: number,
  { a, b }: { readonly a: number; readonly b: number },
): void {
  const divisor = x.constantInt(b);
  if (divisor === null || divisor === 0n) {
    x.get(b).op("i64.eqz");
    x.leaveIf(index);
  }
  if (divisor === null || divisor === -1n) {
    x.get(b).i64(-1).op("i64.eq");
    x.get(a).i64(INT_MIN).op("i64.eq").op("i32.and");
    x.leaveIf(index);
  }
}

/** `quot_int`, Euclidean: what is left over is never negative. */
export function quotientOfInts(x: Lowering, { index, w, a, b }: IntOperation): void {
  const { asm } = x;
  const divisor = x.constantInt(b);
  const shift = divisor === null ? null : shiftOf(divisor);
  if (shift !== null) {
    x.get(a).i64(shift).op("i64.shr_s");
    return x.set(w);
  }
  leaveForDivisor(x, index, { a, b });
  const quotient = x.temp("a", "i64");
  x.get(a);
  x.get(b).op("i64.div_s").at("local.set", quotient);
  // The divisor's sign says which way to go.
  x.get(a).at("local.get", quotient);
  x.get(b).op("i64.mul").op("i64.sub").i64(0).op("i64.lt_s").open("if");
  asm.at("local.get", quotient).i64(1).i64(-1);
  x.get(b).i64(0).op("i64.lt_s").op("select").op("i64.add").at("local.set", quotient);
  asm.close().at("local.get", quotient);
  x.set(w);
}

/** `rem_int`, Euclidean: never negative. */
export function remainderOfInts(x: Lowering, { index, w, a, b }: IntOperation): void {
  const { asm } = x;
  const divisor = x.constantInt(b);
  if (divisor !== null && shiftOf(divisor) !== null) {
    x.get(a)
      .i64(divisor - 1n)
      .op("i64.and");
    return x.set(w);
  }
  if (divisor === null || divisor === 0n) {
    x.get(b).op("i64.eqz");
    x.leaveIf(index);
  }
  const rest = x.temp("a", "i64");
  const size = x.temp("b", "i64");
  x.get(a);
  x.get(b).op("i64.rem_s").at("local.tee", rest).i64(0).op("i64.lt_s").open("if");
  asm.i64(0);
  x.get(b).op("i64.sub").at("local.set", size).at("local.get", rest);
  asm.at("local.get", size);
  x.get(b);
  x.get(b).i64(0).op("i64.lt_s").op("select").op("i64.add").at("local.set", rest);
  asm.close().at("local.get", rest);
  x.set(w);
}

/** The logarithm of a power of two that is positive; null for another number. */
function shiftOf(divisor: bigint): number | null {
  if (divisor <= 0n || (divisor & (divisor - 1n)) !== 0n) return null;
  return divisor.toString(2).length - 1;
}

/** `neg_int` */
export function negateInt(x: Lowering, { index, w, a }: IntOperation): void {
  x.get(a).i64(INT_MIN).op("i64.eq");
  x.leaveIf(index);
  x.asm.i64(0);
  x.get(a).op("i64.sub");
  x.set(w);
}

/** `not_int` */
export function invertInt(x: Lowering, { w, a }: IntOperation): void {
  x.get(a).i64(-1).op("i64.xor");
  x.set(w);
}

/** `and_int`, `or_int`, `xor_int` */
export function combineBits(
  x: Lowering,
  { w, a, b }: IntOperation,
  op: "i64.and" | "i64.or" | "i64.xor",
): void {
  x.get(a);
  x.get(b).op(op);
  x.set(w);
}

/** `shl_int`, `shr_int` */
export function shiftInt(
  x: Lowering,
  { index, w, a, b }: IntOperation,
  op: "i64.shl" | "i64.shr_s",
): void {
  const count = x.constantInt(b);
  if (count === null || count < 0n || count > 63n) {
    x.get(b).i64(63).op("i64.gt_u");
    x.leaveIf(index);
  }
  x.get(a);
  x.get(b).op(op);
  x.set(w);
}

/** `eq_int`, `lt_int`, `le_int` */
export function compareInts(
  x: Lowering,
  { w, a, b }: IntOperation,
  op: "i64.eq" | "i64.lt_s" | "i64.le_s",
): void {
  x.get(a);
  x.get(b).op(op);
  x.set(w);
}
