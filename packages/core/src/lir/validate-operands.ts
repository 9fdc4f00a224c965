// Validation of operands by form and range (lir.md 8, clauses 1 and 3), before types are looked at.

import { builtinByNumber } from "../builtins/builtins.ts";
import { NO_FALL_THROUGH } from "./block-ends.ts";
import { operandLetters } from "./canonical.ts";
import type { Cell, Instruction, LirModule } from "./module.ts";
import { ARITH_OPS, TRAP_CODES } from "./opcodes.ts";

/** The first problem of a cell's code: its instruction and what is wrong. */
export function checkCode(
  module: LirModule,
  cell: Cell,
): { readonly instruction: number; readonly text: string } | null {
  const last = cell.code[cell.code.length - 1];
  if (last === undefined) return { instruction: 0, text: "the cell has no code" };
  for (const [instruction, at] of cell.code.entries()) {
    const text = checkOperands(module, cell, at);
    if (text !== null) return { instruction, text };
  }
  if (NO_FALL_THROUGH.has(last.op)) return null;
  return { instruction: cell.code.length - 1, text: "control can run past the end of the code" };
}

function checkOperands(module: LirModule, cell: Cell, at: Instruction): string | null {
  const letters = operandLetters(at.op);
  if (letters.length !== at.operands.length) return "wrong number of operands";
  for (const [i, letter] of letters.entries()) {
    const operand = at.operands[i] ?? -1;
    const text =
      typeof operand === "number"
        ? checkNumber(module, cell, letter, operand)
        : checkList(module, cell, letter, operand);
    if (text !== null) return text;
  }
  return checkPlainNumber(at);
}

function checkNumber(
  module: LirModule,
  cell: Cell,
  letter: string,
  operand: number,
): string | null {
  const within = (what: string, count: number): string | null =>
    Number.isInteger(operand) && operand >= 0 && operand < count
      ? null
      : `${what} ${operand} does not exist`;
  switch (letter) {
    case "w":
    case "r":
      return within("register", cell.registers.length);
    case "k":
      return within("constant", module.constants.length);
    case "t":
      return within("type", module.types.length);
    case "c":
      return within("callee", module.callees.length);
    case "j":
      return within("instruction", cell.code.length);
    case "b":
      return builtinByNumber(operand) === undefined ? `builtin ${operand} does not exist` : null;
    case "i":
      return within("number", 2 ** 32);
    default:
      return `operand must be a list`;
  }
}

function checkList(
  module: LirModule,
  cell: Cell,
  letter: string,
  operand: readonly number[],
): string | null {
  const each = (item: string): string | null =>
    operand.map((n) => checkNumber(module, cell, item, n)).find((text) => text !== null) ?? null;
  switch (letter) {
    case "R":
      return each("r");
    case "K":
      return each("k");
    case "J":
      return operand.length === 0 ? "there is no target" : each("j");
    case "p":
      return checkPath(module, cell, operand);
    default:
      return "operand must be a number";
  }
}

/** Pairs of kind and operand: 0 register, 1 field number, 2 component number, 3 string constant. */
function checkPath(module: LirModule, cell: Cell, path: readonly number[]): string | null {
  if (path.length === 0 || path.length % 2 !== 0) return "a path is made of pairs";
  for (let i = 0; i < path.length; i += 2) {
    const operand = path[i + 1] ?? -1;
    const letter = ["r", "i", "i", "k"][path[i] ?? -1];
    if (letter === undefined) return `path kind ${path[i]} does not exist`;
    const text = checkNumber(module, cell, letter, operand);
    if (text !== null) return text;
    if (letter === "k" && module.constants[operand]?.kind !== "string")
      return `constant ${operand} of a path is not a string`;
  }
  return null;
}

function checkPlainNumber({ op, operands }: Instruction): string | null {
  const number = operands.find((o, i) => operandLetters(op)[i] === "i" && typeof o === "number");
  if (typeof number !== "number") return null;
  const count =
    op === "arith"
      ? ARITH_OPS.length
      : op === "fault"
        ? TRAP_CODES.length
        : op === "list_range"
          ? 2
          : 2 ** 32;
  return number < count ? null : `${op} has no number ${number}`;
}
