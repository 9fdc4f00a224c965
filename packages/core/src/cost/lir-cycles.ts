// What LIR code costs by a model: cycles of an instruction with the builtin that it calls, and the
// bytes that a compiled guest would have for it.

import { builtinByNumber, builtinRow } from "../builtins/index.ts";
import type { Instruction } from "../lir/module.ts";
import { required } from "../result/result.ts";
import { type CostModel, lirInstructionCycles } from "./cost-models.ts";
import { LIR_WORK } from "./lir-operations.ts";

/** Bytes of one rv32im instruction. */
const OPERATION_BYTES = 4;

/** Cycles of one instruction by a model; a builtin counts with the cost of its row. */
export function lirCycles(model: CostModel): (instruction: Instruction) => number {
  return (instruction) => {
    const own = lirInstructionCycles(model, instruction.op, listLength(instruction));
    return own + builtinCost(instruction) * model.cycles.simple;
  };
}

/** Bytes of the code that these instructions become, at one rv32im instruction per operation. */
export function lirCodeBytes(code: readonly Instruction[]): number {
  return code.reduce((sum, instruction) => {
    const perItem = 2 * listLength(instruction);
    return sum + OPERATION_BYTES * (LIR_WORK[instruction.op].operations.length + perItem);
  }, 0);
}

/** Registers in the operand list of an instruction, 0 without one. */
function listLength({ op, operands }: Instruction): number {
  // A path (p) and jump targets (J) are lists too, but no registers that are copied.
  if (op === "place_set" || op === "switch") return 0;
  const list = operands.find((operand) => typeof operand === "object");
  return typeof list === "object" ? list.length : 0;
}

function builtinCost({ op, operands }: Instruction): number {
  if (op !== "call_builtin") return 0;
  const name = required(builtinByNumber(Number(operands[1])), "the builtin exists");
  return builtinRow(name).cost;
}
