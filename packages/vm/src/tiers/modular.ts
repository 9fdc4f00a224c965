// Products modulo a number, a pattern of generators and hashes: `(a * b + c) % m` of more than 53
// bits would need a bigint on the way, although nothing of it is left in the end.

import type { Instruction } from "@lumen/core/lir";
import { target } from "../link/liveness.ts";

/** Below 2^63, which is where products overflow, by more than doubles round. */
const PRODUCT_MAX = 9.2233720368547e18;
/** What is added, and the modulus: sums with the rests of products stay exact. */
const PART_MAX = 2 ** 51;
/** Splits a double into two of 26 bits (Veltkamp). */
const SPLITTER = 2 ** 27 + 1;

/** The rounding error of `product`, which is a * b as doubles have it (Dekker). Exact. */
function errorOf(a: number, b: number, product: number): number {
  const ta = SPLITTER * a;
  const ah = ta - (ta - a);
  const al = a - ah;
  const tb = SPLITTER * b;
  const bh = tb - (tb - b);
  const bl = b - bh;
  return ah * bh - product + ah * bl + al * bh + al * bl;
}

/**
 * (a * b + c) % m, never negative, of safe integers with a, b ≥ 0 and m > 0; undefined where it
 * might overflow, or takes more than doubles can do.
 */
export function mulAddRem(a: number, b: number, c: number, m: number): number | undefined {
  const product = a * b;
  if (!(product <= PRODUCT_MAX && c <= PART_MAX && c >= -PART_MAX && m <= PART_MAX)) return;
  const quotient = Math.floor(product / m);
  if (quotient > Number.MAX_SAFE_INTEGER) return;
  const multiple = quotient * m;
  const rest = product - multiple;
  const errors = errorOf(a, b, product) - errorOf(quotient, m, multiple);
  const sum = rest + (errors + c);
  if (sum >= 0 && sum < m) return sum;
  if (sum >= m && sum - m < m) return sum - m;
  const remainder = sum % m;
  return remainder < 0 ? remainder + m : remainder + 0;
}

/** `w = (a * b + c) % m` in instructions of one block; `c` null adds nothing. */
export interface ModularProduct {
  readonly w: number;
  readonly a: number;
  readonly b: number;
  readonly c: number | null;
  readonly isMinus: boolean;
  readonly m: number;
  /** The index of its remainder. */
  readonly last: number;
}

/** What the pattern needs to know of the code around it. */
export interface CodeContext {
  readonly code: readonly Instruction[];
  readonly starts: ReadonlySet<number>;
  /** Registers that are still read, before each instruction. */
  readonly live: readonly (readonly number[])[];
  /** Instructions that do nothing: operands that are literals. */
  readonly isSilent: (instruction: Instruction) => boolean;
}

/** The patterns of a cell by the index of their product. They do not overlap. */
export function modularProducts(x: CodeContext): ReadonlyMap<number, ModularProduct> {
  const found = new Map<number, ModularProduct>();
  x.code.forEach((_, index) => {
    const product = modularProduct(x, index);
    if (product !== null) found.set(index, product);
  });
  return found;
}

function modularProduct(x: CodeContext, index: number): ModularProduct | null {
  const product = x.code[index];
  if (product?.op !== "mul_int") return null;
  const [w = 0, a = 0, b = 0] = product.operands.map(Number);
  const next = follower(x, index, w);
  if (next === null) return null;
  const [sum = 0, left = 0, right = 0] = next.instruction.operands.map(Number);
  const { op } = next.instruction;
  if (op === "rem_int" && left === w && right !== w)
    return { w: sum, a, b, c: null, isMinus: false, m: right, last: next.index };
  // The product itself comes first in a difference, and once in a sum.
  if (left === right || !(op === "add_int" || (op === "sub_int" && left === w))) return null;
  const end = follower(x, next.index, sum);
  const [rest = 0, dividend = 0, m = 0] = end?.instruction.operands.map(Number) ?? [];
  if (end?.instruction.op !== "rem_int" || dividend !== sum || m === sum || m === w) return null;
  const c = left === w ? right : left;
  return { w: rest, a, b, c, isMinus: op === "sub_int", m, last: end.index };
}

/** The next instruction of the block that does something, if it alone reads the register. */
function follower(
  x: CodeContext,
  before: number,
  register: number,
): { readonly instruction: Instruction; readonly index: number } | null {
  for (let index = before + 1; !x.starts.has(index); index += 1) {
    const instruction = x.code[index];
    if (instruction === undefined) return null;
    if (x.isSilent(instruction)) continue;
    const { operands } = instruction;
    if (operands[1] !== register && operands[2] !== register) return null;
    const isRead = target(instruction) !== register && x.live[index + 1]?.includes(register);
    return isRead === true ? null : { instruction, index };
  }
  return null;
}
