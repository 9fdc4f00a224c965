// Whether two registers hold one value because they were computed alike: `a[i % 2]` reads and
// writes one place, though the index is computed twice.

import { type Instruction, type OpcodeName, operandLetters } from "@lumen/core/lir";
import { target } from "./liveness.ts";

/** How far computations are compared: indices are small expressions. */
const DEPTH_MAX = 8;

/** Instructions whose results are equal for equal operands; what fails does so the first time. */
const REPEATABLE: ReadonlySet<OpcodeName> = new Set<OpcodeName>([
  "const",
  "move",
  "widen",
  "add_int",
  "sub_int",
  "mul_int",
  "quot_int",
  "rem_int",
  "neg_int",
  "and_int",
  "or_int",
  "xor_int",
  "not_int",
  "shl_int",
  "shr_int",
  "field_get",
  "list_get",
  "list_length",
  "payload_get",
  "tuple_get",
]);

/** Code with the instructions at which its blocks start. */
export interface BlockCode {
  readonly code: readonly Instruction[];
  readonly starts: ReadonlySet<number>;
}

/**
 * Whether the registers hold the same value before an instruction, as far as its block shows.
 * Reads back from there a few times: O(instructions of the block).
 */
export function isSameBefore(facts: BlockCode, at: number, a: number, b: number): boolean {
  return isSame(facts, { register: a, at }, { register: b, at }, DEPTH_MAX);
}

/** What a register holds before an instruction. */
interface Place {
  readonly register: number;
  readonly at: number;
}

function isSame(facts: BlockCode, a: Place, b: Place, depth: number): boolean {
  const [left, right] = [writerOf(facts, a), writerOf(facts, b)];
  if (a.register === b.register && left === right) return true;
  if (left === null || right === null || depth === 0) return false;
  const [one, other] = [facts.code[left], facts.code[right]];
  if (one === undefined || other === undefined) return false;
  if (one.op !== other.op || !REPEATABLE.has(one.op)) return false;
  const letters = operandLetters(one.op);
  return one.operands.every((operand, i) => {
    if (letters[i] === "w") return true;
    if (letters[i] !== "r") return operand === other.operands[i];
    const [x, y] = [Number(operand), Number(other.operands[i])];
    return isSame(facts, { register: x, at: left }, { register: y, at: right }, depth - 1);
  });
}

/** The last instruction of the block before a place that writes its register; null: none. */
function writerOf({ code, starts }: BlockCode, { register, at }: Place): number | null {
  for (let i = at; !starts.has(i) && i > 0; ) {
    i -= 1;
    const instruction = code[i];
    if (instruction !== undefined && target(instruction) === register) return i;
  }
  return null;
}
