// Arguments into registers, function values, the runs of recur tiles (lir.md 4).

import { assert } from "@lumen/core/result";
import {
  Closure,
  Float,
  isInt,
  share,
  Tuple,
  typeName,
  type Value,
  VariantValue,
  variantPart,
} from "@lumen/core/value";
import { closureCell } from "../link/closure-cell.ts";
import { codeOf, GIVEN, TO_FLOAT, TO_INT } from "../link/compile-cell.ts";
import type { LinkedCell } from "../link/program.ts";
import type { Recur, ResultCheck } from "../machine/fiber.ts";
import { runtimeTrap, typeTrap } from "../trap.ts";
import { castValue } from "../types/cast.ts";
import { SCALAR_KINDS } from "../types/shapes.ts";

/** Registers of a new frame of the cell. Arguments and captures are marked shared. */
export function registersFor(
  cell: LinkedCell,
  args: readonly Value[],
  captures: readonly Value[] = [],
): Value[] {
  const registers = codeOf(cell).blank.slice();
  for (let i = 0; i < args.length; i += 1) registers[i] = share(args[i] as Value);
  for (let i = 0; i < captures.length; i += 1) {
    registers[args.length + i] = share(captures[i] as Value);
  }
  return registers;
}

/** The values of a list of registers: count at word `at`, then the registers. */
export function gather(words: Int32Array, at: number, registers: readonly Value[]): Value[] {
  const count = words[at] as number;
  // Literals have room for what is in them, and no more; most lists are this short.
  if (count === 0) return [];
  if (count === 1) return [registers[words[at + 1] as number] as Value];
  const values: Value[] = [
    registers[words[at + 1] as number] as Value,
    registers[words[at + 2] as number] as Value,
  ];
  for (let i = 3; i <= count; i += 1) values.push(registers[words[at + i] as number] as Value);
  return values;
}

/** The same, marked shared unless they are given away. */
export function gatherGiven(words: Int32Array, at: number, registers: readonly Value[]): Value[] {
  const count = words[at] as number;
  const values: Value[] = [];
  for (let i = 1; i <= count; i += 1) values.push(readGiven(words, at + i, registers));
  return values;
}

/** The value of a register, marked shared unless it is given away. */
export function readGiven(words: Int32Array, at: number, registers: readonly Value[]): Value {
  const register = words[at] as number;
  if (register >= GIVEN) return registers[register - GIVEN] as Value;
  return share(registers[register] as Value);
}

/** The cell behind a called value, and its arguments checked against the cell's own signature. */
export function calledClosure(
  callee: Value,
  args: readonly Value[],
): {
  readonly cell: LinkedCell;
  readonly args: readonly Value[];
  readonly captures: readonly Value[];
} {
  if (!(callee instanceof Closure)) throw typeTrap(`cannot call ${typeName(callee)}`);
  const cell = closureCell(callee);
  if (cell.paramCount !== args.length) {
    throw typeTrap(`function takes ${cell.paramCount} arguments, got ${args.length}`);
  }
  const { cast } = cell.module;
  const checked = args.map((arg, i) => castValue(arg, cast, cell.lir.registers[i] ?? -1));
  return { cell, args: checked, captures: callee.captures };
}

/** How the result of a function value is checked before it goes to a register of the caller. */
export function resultCheckOf(
  caller: LinkedCell,
  register: number,
  callee: LinkedCell,
): ResultCheck | null {
  const type = caller.lir.registers[register] ?? -1;
  const wanted = caller.module.lir.types[type]?.kind ?? "any";
  if (wanted === "any") return null;
  const given = callee.module.lir.types[callee.lir.result]?.kind;
  return wanted === given && SCALAR_KINDS.has(wanted) ? null : { cell: caller, type };
}

/**
 * After a run of a recur tile: the arguments of the next run, or null when `value` is the result of
 * the whole invocation (done, or err). Faults when the last allowed run is not done.
 */
export function nextRun(recur: Recur, value: Value): readonly Value[] | null {
  let state = value;
  if (state instanceof VariantValue) {
    if (state.variant.tag !== 0) return null;
    state = variantPart(state, 0);
  }
  assert(state instanceof Tuple, "a recur tile yields a tuple");
  const [done, ...args] = state.items;
  if (done === true) return null;
  if (recur.iteration + 1 >= recur.bound) {
    throw runtimeTrap(`recursion limit exceeded in tile '${recur.cell.name}'`);
  }
  recur.iteration += 1;
  return args;
}

/** A result at the kind of its register: natives of `Num` answer by the values that they get. */
export function fitResult(value: Value, flags: number): Value {
  if ((flags & TO_FLOAT) !== 0 && isInt(value)) return new Float(Number(value));
  if ((flags & TO_INT) !== 0 && !isInt(value)) {
    throw typeTrap(`expected Int, got ${typeName(value)}`);
  }
  return value;
}
