// What compiled code needs to know of single instructions, beside their text.

import { type BuiltinName, builtinByNumber, builtinRow } from "@lumen/core/builtins";
import { type Instruction, OPCODES, type OpcodeName } from "@lumen/core/lir";
import { required } from "@lumen/core/result";
import { SLOW_OPERATIONS } from "../interpreter/slow-operations.ts";
import { BLOCK_START, codeOf, GIVEN, registerWords } from "../link/compile-cell.ts";
import { hasHiddenReaders, visitLiveness } from "../link/liveness.ts";
import type { LinkedCell } from "../link/program.ts";

/** Types whose values take nothing besides their place in a container. */
export const CONTAINERS: ReadonlySet<string> = new Set([
  "list",
  "set",
  "map",
  "tuple",
  "result",
  "record",
  "enum",
]);

/** Operations that are one of JavaScript on the representations. */
export const OPERATORS: Readonly<Partial<Record<OpcodeName, string>>> = {
  add_float: "+",
  sub_float: "-",
  mul_float: "*",
  div_float: "/",
  eq_int: "===",
  eq_float: "===",
  eq_string: "===",
  lt_int: "<",
  lt_float: "<",
  le_int: "<=",
  le_float: "<=",
};

/** Sums and products of Ints: the operator of JavaScript, and the helper that is exact. */
export const INT_SUMS: Readonly<Partial<Record<OpcodeName, readonly [string, string]>>> = {
  add_int: ["+", "addInt"],
  sub_int: ["-", "subInt"],
  mul_int: ["*", "mulInt"],
};

/** The registers that may still be read, before each instruction. */
export function liveBefore({ code, registers }: LinkedCell["lir"]): readonly (readonly number[])[] {
  if (hasHiddenReaders(code)) {
    const all = registers.map((_, register) => register);
    return code.map(() => all);
  }
  const live: (readonly number[])[] = [];
  visitLiveness(code, registers.length, (index, after) => {
    live[index] = after.before();
  });
  return live;
}

/** The words of an instruction, as the interpreter has them. */
export function wordsOf(cell: LinkedCell, index: number): Int32Array {
  const { words, offsets } = codeOf(cell);
  const offset = required(offsets[index], "the instruction exists");
  const start = words[offset] === BLOCK_START ? offset + 2 : offset;
  return words.slice(start, start + (words[start + 1] ?? 0));
}

/** The words of an instruction with its registers numbered from 0, and those registers. */
export function remapped(
  cell: LinkedCell,
  index: number,
): { readonly words: Int32Array; readonly registers: readonly number[] } {
  const instruction = required(cell.lir.code[index], "the instruction exists");
  const words = wordsOf(cell, index);
  const registers: number[] = [];
  for (const at of registerWords(instruction, words)) {
    const given = (words[at] ?? 0) < GIVEN ? 0 : GIVEN;
    const register = (words[at] ?? 0) - given;
    let place = registers.indexOf(register);
    if (place < 0) place = registers.push(register) - 1;
    words[at] = place + given;
  }
  return { words, registers };
}

/** The registers, or whatever numbers, of a list operand. */
export function registersOf(operand: number | readonly number[] | undefined): readonly number[] {
  return typeof operand === "object" ? operand : [];
}

/** The builtin of a number in LIR. */
export function builtinNamed(number: number): BuiltinName {
  return required(builtinByNumber(number), "the builtin exists");
}

/** Tests whether a value is of a scalar kind already, by the kind. */
export const SCALAR_TESTS: Readonly<Record<string, (value: string) => string>> = {
  int: (value) => `typeof ${value} === "number"`,
  float: (value) => `${value} instanceof H.Float`,
  bool: (value) => `typeof ${value} === "boolean"`,
  string: (value) => `typeof ${value} === "string"`,
};

/** Opcodes that compiled code knows beside those of the slow table. */
const KNOWN: ReadonlySet<OpcodeName> = new Set<OpcodeName>([
  "const",
  "move",
  "widen",
  "is_null",
  "add_int",
  "sub_int",
  "mul_int",
  "int_to_float",
  "add_float",
  "sub_float",
  "mul_float",
  "div_float",
  "neg_float",
  "eq_int",
  "lt_int",
  "le_int",
  "eq_float",
  "lt_float",
  "le_float",
  "eq_string",
  "not",
  "truthy",
  "jump",
  "jump_if",
  "jump_unless",
  "switch",
  "return",
  "fault",
  "call",
  "tail_call",
  "call_closure",
  "list_get",
  "list_append",
  "list_length",
  "tuple_get",
  "field_get",
  "variant_tag",
  "payload_get",
  "iter_next",
]);

/** Whether compiled code can execute the instruction; others are left to the interpreter. */
export function isSupported(instruction: Instruction): boolean {
  const { op, operands } = instruction;
  if (op === "call_builtin") {
    const { how } = builtinRow(builtinNamed(Number(operands[1])));
    return !how.startsWith("door ") && how !== "machine";
  }
  return KNOWN.has(op) || (SLOW_OPERATIONS[OPCODES[op].number] ?? null) !== null;
}
