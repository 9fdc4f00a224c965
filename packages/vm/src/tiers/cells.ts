// Which cells can be compiled, and what they call: the same for all tiers.

import type { Instruction } from "@lumen/core/lir";
import { required } from "@lumen/core/result";
import type { LinkedCell } from "../link/program.ts";
import { builtinNamed, isSupported } from "./instructions.ts";

/** Larger cells stay interpreted: engines do not optimise huge functions, and notes get long. */
const INSTRUCTIONS_MAX = 4000;
const REGISTERS_MAX = 500;

/** Why the cell itself cannot be compiled whole; null where it can. */
export function obstacleOf(cell: LinkedCell): string | null {
  const { lir } = cell;
  if (lir.kind === "generator") return "it is a generator";
  if (lir.row.length > 0) return `it has the effects ${lir.row.join(", ")}`;
  if (!isSmall(cell)) return "it is too large";
  const other = lir.code.find((instruction) => !isSupported(instruction));
  return other === undefined ? null : `it uses ${nameOf(other)}`;
}

function nameOf({ op, operands }: Instruction): string {
  return op === "call_builtin" ? `the builtin '${builtinNamed(Number(operands[1]))}'` : op;
}

/** The cells that a cell names in its calls. */
export function calleesOf(cell: LinkedCell): readonly LinkedCell[] {
  return cell.lir.code.flatMap(({ op, operands }) => {
    const number = op === "call" ? operands[1] : op === "tail_call" ? operands[0] : undefined;
    if (number === undefined) return [];
    return [required(cell.module.callees[Number(number)], "the callee is linked")];
  });
}

/** Whether a cell is small enough. */
export function isSmall({ lir }: LinkedCell): boolean {
  return lir.code.length <= INSTRUCTIONS_MAX && lir.registers.length <= REGISTERS_MAX;
}
