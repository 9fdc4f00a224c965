// What compiled code calls: its `H`.

import type { TrapCode } from "@lumen/core/diagnostic";
import {
  Float,
  isFlat,
  isInt,
  type List,
  listItem,
  makeList,
  scalarCount,
  share,
  Tuple,
  truthy,
  typeName,
  type Value,
} from "@lumen/core/value";
import { addInt, divInt, type Int, mulInt, quotInt, remInt, subInt } from "../arithmetic/int.ts";
import { position } from "../containers/access.ts";
import { appendTo } from "../containers/lists.ts";
import { calledClosure, resultCheckOf } from "../interpreter/calls.ts";
import { CONTAINER_ITEMS_MAX } from "../limits.ts";
import type { LinkedCell } from "../link/program.ts";
import { itemBox, ownTextBytes, resultBytes } from "../memory.ts";
import { Trap, typeTrap } from "../trap.ts";
import { castValue } from "../types/cast.ts";
import { DEPTH_EXIT, EXIT, LOOP_EXIT } from "./exit.ts";
import {
  boxed,
  CONTEXT,
  callWeight,
  type FastCode,
  type Layout,
  type Tier,
  unboxed,
} from "./fast.ts";
import { mulAddRem } from "./modular.ts";

/**
 * What a function does when it is left: where it goes on, the cycles to hand over, what the
 * registers that are still read hold. Its result is the function's.
 */
type Note = (at: number, cycles: number, ...values: readonly unknown[]) => undefined;

/** What the text calls `N`, `E` and `C`. */
interface Notes {
  readonly N: Note;
  readonly E: Note;
  /** Memory that was counted comes first. */
  readonly C: (bytes: number, ...rest: Parameters<Note>) => undefined;
}

/** The notes of a function; `live` has the registers that are still read, by instruction. */
export function notesFor(layout: Layout, live: readonly (readonly number[])[]): Notes {
  const note: Note = (at, cycles, ...values) => {
    CONTEXT.cycles += cycles;
    CONTEXT.memory.budgetBytes -= layout.frameBytes;
    CONTEXT.left.push({ layout, at, live: live[at < 0 ? ~at : at] ?? [], values });
  };
  const exit: Note = (at, cycles, ...values) => {
    CONTEXT.reason = EXIT;
    note(at, cycles, ...values);
  };
  return {
    N: note,
    E: exit,
    C: (bytes, ...rest) => {
      CONTEXT.memory.budgetBytes += bytes;
      exit(...rest);
    },
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
  const room = depth - callWeight(call.cell);
  if (room <= 0) throw DEPTH_EXIT;
  const { reps, result } = code.layout;
  const raw = [...call.args, ...call.captures].map((v, i) => unboxed(share(v), reps[i] ?? "value"));
  const { cycles } = CONTEXT;
  const returned = code.run(...raw, room);
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

/** 1 where indices of the text are offsets, else 2; 0 stands for what nobody knows yet. */
function flatness(text: string): number {
  return isFlat(text) ? 1 : 2;
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
  divInt: guarded(divInt),
  EXIT,
  flatness,
  Float,
  intOf: guarded(intOf),
  ITEMS_MAX: CONTAINER_ITEMS_MAX,
  itemAt: guarded(itemAt),
  itemText: ownTextBytes,
  LOOP_EXIT,
  makeList,
  mulAddRem,
  mulInt: guarded(mulInt),
  NO_REST: [],
  numberList,
  quotInt: guarded(quotInt),
  remInt: guarded(remInt),
  resultBytes,
  itemBox,
  scalarCount,
  share,
  subInt: guarded(subInt),
  trap,
  truthy,
  Tuple,
};
