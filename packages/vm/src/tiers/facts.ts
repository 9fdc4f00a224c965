// What is known about registers before a cell runs: which are constants, which hold Ints that are
// JavaScript numbers.

import type { Instruction } from "@lumen/core/lir";
import { Float } from "@lumen/core/value";
import { target } from "../link/liveness.ts";
import type { LinkedCell } from "../link/program.ts";
import { literalText, numberOf } from "./literal-text.ts";
import type { Rep } from "./reps.ts";

/** Registers that are written once, by a constant that is a literal in JavaScript too. */
export function literals(cell: LinkedCell, reps: readonly Rep[]): ReadonlyMap<number, string> {
  const { code, paramCount, captureCount } = cell.lir;
  const writes = new Map<number, number>();
  for (const instruction of code) {
    const w = target(instruction);
    if (w !== null) writes.set(w, (writes.get(w) ?? 0) + 1);
  }
  const found = new Map<number, string>();
  for (const { op, operands } of code) {
    const w = Number(operands[0]);
    if (op !== "const" || writes.get(w) !== 1 || w < paramCount + captureCount) continue;
    const isRaw = cell.module.constants[Number(operands[1])] instanceof Float;
    // A Float in a register of any values stays what it is.
    if (isRaw && reps[w] !== "float") continue;
    const text = literalText(cell.module.constants[Number(operands[1])]);
    if (text !== null) found.set(w, text);
  }
  return found;
}

/** Steps up to this are taken for those of counters, which never leave the safe integers. */
const STEP_MAX = 2 ** 32;

/**
 * Int registers that never hold a bigint in compiled code: where a number that a step is added to
 * is no safe integer any more, the code is left, and a loop is entered with numbers only.
 */
export function numberRegisters(cell: LinkedCell, reps: readonly Rep[]): ReadonlySet<number> {
  const { code, paramCount, captureCount } = cell.lir;
  const known = new Set<number>();
  reps.forEach((rep, r) => {
    if (rep === "int" && r >= paramCount + captureCount) known.add(r);
  });
  const constants = literals(cell, reps);
  for (let changed = true; changed; ) {
    changed = false;
    for (const instruction of code) {
      const w = target(instruction);
      if (w === null || !known.has(w) || givesNumber(cell, instruction, known, constants)) continue;
      known.delete(w);
      changed = true;
    }
  }
  return known;
}

function givesNumber(
  cell: LinkedCell,
  { op, operands }: Instruction,
  known: ReadonlySet<number>,
  constants: ReadonlyMap<number, string>,
): boolean {
  switch (op) {
    case "const":
      return typeof cell.module.constants[Number(operands[1])] === "number";
    case "move":
      return known.has(Number(operands[1]));
    case "list_length":
    case "variant_tag":
    case "compare":
      return true;
    case "add_int":
    case "sub_int": {
      const [, a = 0, b = 0] = operands.map(Number);
      return (
        (known.has(a) && isStep(constants.get(b))) || (isStep(constants.get(a)) && known.has(b))
      );
    }
    case "rem_int":
      // Less than a number that is safe.
      return constants.has(Number(operands[2]));
    default:
      return false;
  }
}

/** Whether a literal is a small Int. */
function isStep(literal: string | undefined): boolean {
  return literal !== undefined && Math.abs(numberOf(literal)) <= STEP_MAX;
}
