// What compiled code calls: its `H`.

import type { TrapCode } from "@lumen/core/diagnostic";
import {
  Float,
  isInt,
  type List,
  listItem,
  makeList,
  RecordValue,
  scalarAt,
  share,
  Tuple,
  truthy,
  typeName,
  type Value,
  VariantValue,
} from "@lumen/core/value";
import { addInt, type Int, mulInt, quotInt, remInt, subInt } from "../arithmetic/int.ts";
import type { Native } from "../builtins/native.ts";
import { position } from "../containers/access.ts";
import { appendTo } from "../containers/lists.ts";
import { calledClosure, resultCheckOf } from "../interpreter/calls.ts";
import type { SlowOperation } from "../interpreter/slow-operations.ts";
import { CONTAINER_ITEMS_MAX } from "../limits.ts";
import type { LinkedCell, LinkedModule } from "../link/program.ts";
import { itemBox, resultBytes } from "../memory.ts";
import { Trap, typeTrap } from "../trap.ts";
import { castValue } from "../types/cast.ts";
import { DEPTH_EXIT, EXIT, LOOP_EXIT } from "./exit.ts";
import { boxed, CONTEXT, type FastCode, type Layout, type Tier, unboxed } from "./fast.ts";
import { mulAddRem } from "./modular.ts";

/** What a function does with its frame when it is left. Its result is the function's. */
export function noteFor(
  layout: Layout,
): (at: number, cycles: number, live: readonly number[], values: readonly unknown[]) => undefined {
  return (at, cycles, live, values) => {
    CONTEXT.cycles += cycles;
    CONTEXT.left.push({ layout, at, live, values });
  };
}

/** The function, where what it throws is why code is left. */
function guarded<A extends readonly unknown[], R>(
  run: (...args: A) => R,
): (...args: A) => R | undefined {
  return (...args) => {
    try {
      return run(...args);
    } catch (error) {
      CONTEXT.reason = error;
      return undefined;
    }
  };
}

function itemAt(list: List, index: Int): Value {
  return listItem(list, position(index, list.length, "list"));
}

function intOf(value: Value): Int {
  if (isInt(value)) return value;
  throw typeTrap(`expected Int, got ${typeName(value)}`);
}

function native(run: Native, args: readonly Value[]): Value {
  return run(args, CONTEXT.memory);
}

function slow(
  run: SlowOperation,
  words: Int32Array,
  registers: readonly Value[],
  module: LinkedModule,
): Value {
  return run(words, 0, registers, module, CONTEXT.memory);
}

function trap(code: TrapCode, message: string): undefined {
  CONTEXT.reason = new Trap(code, message);
}

/** The code of a cell, compiled now if it was not yet; null where there is none. */
export type CodeOf = (cell: LinkedCell, tier: Tier) => FastCode | null;

/** `call_closure`, the result as a value. */
function callClosure(
  codeOf: CodeOf,
  caller: LinkedCell,
  tier: Tier,
  target: number,
  callee: Value,
  args: readonly Value[],
  depth: number,
): Value | undefined {
  const call = calledClosure(callee, args);
  if (call.cell.isTile && CONTEXT.suspendTiles) throw EXIT;
  const code = codeOf(call.cell, tier);
  if (code === null) throw EXIT;
  if (depth <= 0) throw DEPTH_EXIT;
  const { reps, result } = code.layout;
  const raw = [...call.args, ...call.captures].map((v, i) => unboxed(share(v), reps[i] ?? "value"));
  const { cycles } = CONTEXT;
  const returned = code.run(...raw, depth);
  if (returned === undefined) return undefined;
  const value = boxed(returned, result);
  const check = resultCheckOf(caller, target, call.cell);
  if (check === null) return value;
  try {
    return castValue(value, caller.module.cast, check.type);
  } catch (error) {
    if (!(error instanceof Trap)) throw error;
    // The interpreter calls again, and faults where the callee still has its frame.
    CONTEXT.cycles = cycles;
    throw EXIT;
  }
}

/** The helpers. Those that may fail answer `undefined` then. */
export function helpersWith(codeOf: CodeOf): Readonly<Record<string, unknown>> {
  return { ...HELPERS, callClosure: guarded(callClosure.bind(null, codeOf)) };
}

/** The scalar value at an index from 0; undefined where the interpreter has to look. */
function textAt(text: string, index: number): string | undefined {
  return index >= 0 && index < text.length ? scalarAt(text, index) : undefined;
}

/** A list of the numbers inside Floats. */
function numberList(numbers: number[]): List {
  const list = makeList(numbers);
  list.floats = true;
  return list;
}

const HELPERS = {
  addInt: guarded(addInt),
  appendTo: guarded(appendTo),
  DEPTH_EXIT,
  EXIT,
  Float,
  intOf: guarded(intOf),
  ITEMS_MAX: CONTAINER_ITEMS_MAX,
  itemAt: guarded(itemAt),
  LOOP_EXIT,
  makeList,
  mulAddRem,
  mulInt: guarded(mulInt),
  native: guarded(native),
  numberList,
  quotInt: guarded(quotInt),
  RecordValue,
  remInt: guarded(remInt),
  resultBytes,
  itemBox,
  share,
  slow: guarded(slow),
  subInt: guarded(subInt),
  textAt,
  trap,
  truthy,
  Tuple,
  VariantValue,
};
