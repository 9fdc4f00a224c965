// Compiles a cell's LIR to the words that the interpreter reads:
//
//   block start   0, cycles of the block
//   instruction   opcode number, words of the instruction, operands in order of their letters
//
// A register, constant, callee or number is one word, a list its count and its items, a path its
// count of pairs and the pairs, a jump target the word offset of a block start. Calls of builtins
// are split into those computed in place, which say what becomes of their first argument and their
// result, those of the machine and those at the door; constructors carry the type of the register
// that they write; a `resume` says whether it is in tail position.

import {
  type BuiltinName,
  builtinByNumber,
  builtinRow,
  type NativeBuiltinName,
} from "@lumen/core/builtins";
import { type Instruction, OPCODES, type OpcodeName, operandLetters } from "@lumen/core/lir";
import { required } from "@lumen/core/result";
import { UPDATING } from "../builtins/natives.ts";
import { blockStarts } from "./blocks.ts";
import { type Ownership, ownershipOf } from "./ownership.ts";
import type { CellCode, InstructionPrices, LinkedCell } from "./program.ts";

/** Opcode numbers of the interpreter beside those of LIR. */
export const BLOCK_START = 0;
/** `call_builtin` of a builtin at the door: w, builtin, R. */
export const CALL_DOOR = 134;
/** `call_builtin` of a builtin that needs the fiber: w, builtin, R. */
export const CALL_MACHINE = 135;
/** `list_get` and `field_get` of a part that is only looked into. */
export const LIST_PEEK = 136;
export const FIELD_PEEK = 137;
/** `move` or `widen`, and `list_append`, of what the operand gives away. */
export const MOVE_OWN = 138;
export const APPEND_OWN = 139;
/** Added to the register of an argument of `call` that gives its value away. */
export const GIVEN = 0x10000;
/** `call_builtin` flag: the first argument is shared before the call. */
export const SHARE_FIRST = 1;
/** `call_builtin` flag: the result goes to a Float register, an Int becomes a Float. */
export const TO_FLOAT = 2;
/** `call_builtin` flag: the result goes to an Int register. */
export const TO_INT = 4;

/** The cell's code, compiled on first use. */
export function codeOf(cell: LinkedCell): CellCode {
  cell.code ??= compileCell(cell);
  return cell.code;
}

/** The cell's words, for a call that begins. */
export function enteredWords(cell: LinkedCell): Int32Array {
  cell.isCalled = true;
  return codeOf(cell).words;
}

function compileCell(cell: LinkedCell): CellCode {
  const { code } = cell.lir;
  const costs = blockCosts(code, cell.module.prices);
  const ownership = ownershipOf(cell);
  const words: number[] = [];
  const offsets = new Int32Array(code.length);
  const fixups: number[] = [];
  code.forEach((instruction, index) => {
    offsets[index] = words.length;
    const cost = costs.get(index);
    if (cost !== undefined) words.push(BLOCK_START, cost);
    const at = words.length;
    emitInstruction(cell, instruction, words, fixups);
    refine(words, at, index, ownership);
  });
  for (const at of fixups) words[at] = required(offsets[words[at] ?? -1], "a target exists");
  return { words: Int32Array.from(words), offsets };
}

/** The forms of instructions that need not mark shared what they read. */
const UNSHARED: ReadonlyMap<number, number> = new Map([
  [OPCODES.list_get.number, LIST_PEEK],
  [OPCODES.field_get.number, FIELD_PEEK],
  [OPCODES.move.number, MOVE_OWN],
  [OPCODES.widen.number, MOVE_OWN],
  [OPCODES.list_append.number, APPEND_OWN],
]);

function refine(words: number[], at: number, index: number, { peeks, gives }: Ownership): void {
  const number = words[at] ?? -1;
  const given = gives.get(index) ?? [];
  if (peeks.has(index) || given.length > 0) words[at] = UNSHARED.get(number) ?? number;
  const first = words[at + 6] ?? -1;
  if (number === OPCODES.call_builtin.number && given.includes(first))
    words[at + 4] = (words[at + 4] ?? 0) & ~SHARE_FIRST;
  if (number !== OPCODES.call.number) return;
  for (let arg = at + 5; arg < words.length; arg += 1) {
    const register = words[arg] ?? -1;
    if (given.includes(register)) words[arg] = register + GIVEN;
  }
}

/** Cost of each basic block, by the index of its first instruction (lir.md 7). */
export function blockCosts(
  code: readonly Instruction[],
  prices: InstructionPrices,
): ReadonlyMap<number, number> {
  const starts = blockStarts(code);
  const costs = new Map<number, number>();
  let start = 0;
  code.forEach((instruction, index) => {
    if (starts.has(index)) start = index;
    costs.set(start, (costs.get(start) ?? 0) + prices(instruction));
  });
  return costs;
}

/** The prices of lir.md: opcode, and builtin by its row. */
export function machinePrice(instruction: Instruction): number {
  if (instruction.op !== "call_builtin") return OPCODES[instruction.op].cost;
  return OPCODES.call_builtin.cost + builtinRow(builtinOf(instruction)).cost;
}

function builtinOf(instruction: Instruction): BuiltinName {
  return required(builtinByNumber(Number(instruction.operands[1])), "the builtin exists");
}

function emitInstruction(
  cell: LinkedCell,
  instruction: Instruction,
  words: number[],
  fixups: number[],
): void {
  const start = words.length;
  const number = opcodeOf(instruction);
  words.push(number, 0);
  operandLetters(instruction.op).forEach((letter, i) => {
    const operand = required(instruction.operands[i], "an operand per letter");
    emitOperand(letter, operand, words, fixups);
    if (i === 0) words.push(...typeOfTarget(cell, instruction));
    if (letter === "b" && number === OPCODES.call_builtin.number)
      words.push(builtinFlags(cell, instruction));
    if (letter === "c" && instruction.op === "tail_call") words.push(hasRepeats(instruction));
  });
  if (instruction.op === "resume") words.push(isTailResume(cell.lir.code, instruction) ? 1 : 0);
  words[start + 1] = words.length - start;
}

function opcodeOf(instruction: Instruction): number {
  if (instruction.op !== "call_builtin") return OPCODES[instruction.op].number;
  const { how } = builtinRow(builtinOf(instruction));
  if (how.startsWith("door ")) return CALL_DOOR;
  return how === "machine" ? CALL_MACHINE : OPCODES.call_builtin.number;
}

/** Whether the value of a `resume` is that of its arm: jumps, moves, and the end of the arm. */
function isTailResume(code: readonly Instruction[], instruction: Instruction): boolean {
  let register = instruction.operands[0];
  let at = code.indexOf(instruction) + 1;
  // A loop of jumps would never end; the code has no longer way than itself.
  for (let steps = 0; steps < code.length; steps += 1) {
    const next = code[at];
    if (next?.op === "handle_end") return next.operands[0] === register;
    if (next?.op === "jump") at = Number(next.operands[0]);
    else if ((next?.op === "move" || next?.op === "widen") && next.operands[1] === register) {
      register = next.operands[0];
      at += 1;
    } else return false;
  }
  return false;
}

function emitOperand(
  letter: string,
  operand: number | readonly number[],
  words: number[],
  fixups: number[],
): void {
  if (typeof operand === "number") {
    if (letter === "j") fixups.push(words.length);
    words.push(operand);
    return;
  }
  words.push(letter === "p" ? operand.length / 2 : operand.length);
  for (const item of operand) {
    if (letter === "J") fixups.push(words.length);
    words.push(item);
  }
}

/** Constructors whose words hold the type of what they make. */
export const TYPED_CONSTRUCTORS: ReadonlySet<OpcodeName> = new Set<OpcodeName>([
  "list_new",
  "record_new",
  "variant_new",
]);

function typeOfTarget(cell: LinkedCell, instruction: Instruction): readonly number[] {
  if (!TYPED_CONSTRUCTORS.has(instruction.op)) return [];
  return [required(cell.lir.registers[Number(instruction.operands[0])], "the register exists")];
}

function builtinFlags(cell: LinkedCell, instruction: Instruction): number {
  const [target, , args] = instruction.operands;
  const list = typeof args === "object" ? args : [];
  // Decoder: rows at the door do not come here, prelude and construct rows are never called.
  const name = builtinOf(instruction) as NativeBuiltinName;
  const inPlace = list[0] === target && list.indexOf(Number(target), 1) < 0;
  const type = cell.module.lir.types[cell.lir.registers[Number(target)] ?? -1]?.kind;
  const convert = type === "float" ? TO_FLOAT : type === "int" ? TO_INT : 0;
  return convert + (UPDATING.has(name) && !inPlace ? SHARE_FIRST : 0);
}

/** 1 when an argument stands twice in the list, so that both uses see one value. */
function hasRepeats(instruction: Instruction): number {
  const args = instruction.operands[1];
  return typeof args === "object" && new Set(args).size < args.length ? 1 : 0;
}
