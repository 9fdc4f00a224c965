// JavaScript for `cast`: what is of the type already needs no more than a test.

import type { Instruction, LirType } from "@lumen/core/lir";
import type { Emitter } from "./emit.ts";
import { SCALAR_TESTS } from "./instructions.ts";
import { isSameType } from "./known-types.ts";

/** `cast`; null where the value has to be looked through. */
export function castText(x: Emitter, instruction: Instruction, index: number): string | null {
  const [w = 0, a = 0, type = 0] = instruction.operands.map(Number);
  const to = x.cell.module.lir.types[type];
  if (to === undefined || x.rep(a) === "float") return null;
  const A = x.raw(a);
  const other = `else {\n${x.slow(instruction, index)}}\n`;
  const scalar = SCALAR_TESTS[to.kind];
  if (scalar !== undefined) {
    const value = to.kind === "float" && x.rep(w) === "float" ? `${A}.value` : A;
    return `if (${scalar(A)}) r${w} = ${value};\n${other}`;
  }
  if (!isOfType(x, a, to)) return null;
  const value = x.rep(w) === "value" ? x.moved(index, a) : A;
  return `if (${A} !== null) r${w} = ${value};\n${other}`;
}

/** Whether what a register holds is of a type, unless it is null. */
function isOfType(x: Emitter, register: number, type: LirType): boolean {
  const known = x.known(register);
  if (known === null) return false;
  if (isSameType(known, type)) return true;
  const item = known.kind === "option" ? x.cell.module.lir.types[known.item] : undefined;
  return item !== undefined && isSameType(item, type);
}
