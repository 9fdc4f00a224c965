// Compiles a cell's LIR to the words that the interpreter reads:
//
//   block start   0, cycles of the block
//   instruction   opcode number, words of the instruction, operands in order of their letters
//
// A register, constant, callee or number is one word, a list its count and its items, a path its
// count of pairs and the pairs, a jump target the word offset of a block start. Calls of builtins
// are split into those computed in place, which say what becomes of their first argument and their
// result, those of the machine and those at the door; constructors carry the type of the register
// that they write; reads of parts end with what becomes of the part (SHARED, UNSHARED, TAKEN); a
// `resume` says whether it is in tail position; a `jump` back counts the turns of its loop.
// Registers that give their value away are marked. A `const` has no words where its register holds
// it from the beginning (`fixed-registers.ts`); pairs are in `superinstructions.ts`.

import {
  type BuiltinName,
  builtinByNumber,
  builtinRow,
  type NativeBuiltinName,
} from "@lumen/core/builtins";
import { type Instruction, OPCODES, type OpcodeName, operandLetters } from "@lumen/core/lir";
import { required } from "@lumen/core/result";
import { UPDATING } from "../builtins/natives.ts";
import { SCALAR_KINDS } from "../types/shapes.ts";
import { blockStarts } from "./blocks.ts";
import { fixedRegisters } from "./fixed-registers.ts";
import { isKept, type Ownership, ownershipOf } from "./ownership.ts";
import { isPartRead } from "./part-reads.ts";
import type { CellCode, InstructionPrices, LinkedCell } from "./program.ts";
import { pairNumber } from "./superinstructions.ts";

/** Opcode numbers of the interpreter beside those of LIR. */
export const BLOCK_START = 0;
/** `call_builtin` of a builtin at the door: w, builtin, R. */
export const CALL_DOOR = 134;
/** `call_builtin` of a builtin that needs the fiber: w, builtin, R. */
export const CALL_MACHINE = 135;
/** `jump` back: the head as a word, turns that machines made, the head as an instruction. */
export const LOOP = 136;
/** `move` or `widen` of what the operand gives away, or of what is never marked shared. */
export const MOVE_OWN = 138;
/** Added to a register that gives its value away, where {@link MARKED} says so. */
export const GIVEN = 0x10000;
/** Last word of a read of a part: the part is marked shared, now that a register has it too. */
export const SHARED = 0;
/** The part is only looked into, or is never marked shared. */
export const UNSHARED = 1;
/** The part is marked shared where the whole is. */
export const TAKEN = 2;
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
  const fixed = fixedRegisters(cell);
  /** The instruction before in the same block, and its word. */
  let before: { readonly instruction: Instruction; readonly at: number } | null = null;
  code.forEach((instruction, index) => {
    offsets[index] = words.length;
    const cost = costs.get(index);
    if (cost !== undefined) {
      words.push(BLOCK_START, cost);
      before = null;
    }
    if (instruction.op === "const" && fixed.has(Number(instruction.operands[0]))) return;
    const at = words.length;
    const number = before === null ? null : pairNumber(before.instruction, instruction, index);
    if (before !== null && number !== null) words[before.at] = number;
    before = { instruction, at };
    emitInstruction(cell, instruction, words, fixups);
    if (instruction.op === "jump") countTurns(words, at, index);
    refine(cell, words, at, index, ownership);
  });
  for (const at of fixups) words[at] = required(offsets[words[at] ?? -1], "a target exists");
  const blank = cell.lir.registers.map((_, r) => fixed.get(r) ?? null);
  return { words: Int32Array.from(words), offsets, blank };
}

/** Makes the `jump` at word `at` one that counts, where it goes back. */
function countTurns(words: number[], at: number, index: number): void {
  const head = words[at + 2] ?? 0;
  if (head > index) return;
  words[at] = LOOP;
  words.push(0, head);
  words[at + 1] = words.length - at;
}

/** Instructions some of whose registers are marked, where they give away what they hold. */
const MARKED: ReadonlySet<OpcodeName> = new Set<OpcodeName>([
  "call",
  "cast",
  "list_append",
  "list_new",
  "tuple_new",
  "record_new",
  "variant_new",
  "place_set",
]);

/** Writes into the words of the instruction from `start` on what its reads do to what they read. */
function refine(
  cell: LinkedCell,
  words: number[],
  start: number,
  index: number,
  ownership: Ownership,
): void {
  const { peeks, takes, gives } = ownership;
  const instruction = required(cell.lir.code[index], "the instruction exists");
  const { op, operands } = instruction;
  const given = gives.get(index) ?? [];
  const isScalar = (r: number): boolean =>
    SCALAR_KINDS.has(cell.module.lir.types[cell.lir.registers[r] ?? -1]?.kind ?? "any");
  const last = words.length - 1;
  if (isPartRead(op))
    words[last] =
      peeks.has(index) || isScalar(Number(operands[0]))
        ? UNSHARED
        : takes.has(index)
          ? TAKEN
          : SHARED;
  else if (op === "move" || op === "widen") {
    const isOwn = given.length > 0 || peeks.has(index) || isScalar(Number(operands[1]));
    if (isOwn) words[start] = MOVE_OWN;
  } else if (words[start] === OPCODES.call_builtin.number) {
    if (given.length > 0) words[start + 4] = (words[start + 4] ?? 0) & ~SHARE_FIRST;
  } else if (MARKED.has(op)) {
    const isGiven = (at: number): boolean => isKept(ownership, index, words[start + at] ?? -1);
    for (const at of registerWords(instruction, words.slice(start)))
      if (at > 2 && isGiven(at)) words[start + at] = (words[start + at] ?? 0) + GIVEN;
  }
}

/** Positions in the words of an instruction that hold registers it reads or writes. */
export function registerWords(
  { op, operands }: Instruction,
  words: ArrayLike<number>,
): readonly number[] {
  const found: number[] = [];
  let at = 2;
  operandLetters(op).forEach((letter, i) => {
    const operand = operands[i];
    if (typeof operand === "number") {
      if (letter === "w" || letter === "r") found.push(at);
      at += 1;
    } else {
      const count = words[at] ?? 0;
      at += 1;
      if (letter === "R") for (let k = 0; k < count; k += 1) found.push(at + k);
      if (letter === "p") {
        for (let k = 0; k < count; k += 1) if (words[at + 2 * k] === 0) found.push(at + 2 * k + 1);
      }
      at += letter === "p" ? 2 * count : count;
    }
    if (i === 0 && TYPED_CONSTRUCTORS.has(op)) at += 1;
  });
  return found;
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
  if (isPartRead(instruction.op)) words.push(SHARED);
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
