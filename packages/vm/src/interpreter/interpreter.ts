// The interpreter (T0): one loop over the words of compiled code. It is the specification of every
// other tier. The loop is long because engines turn one dense switch into a jump table and keep its
// locals in machine registers; everything that is not hot is a call.
//
// Casts: link and validation have made sure that every operand is there and of its kind. The labels
// are the numbers of core's opcode table, literal since only literals make a jump table.

import { TRAP_CODES } from "@lumen/core/lir";
import { assert, required } from "@lumen/core/result";
import {
  Float,
  isShared,
  type List,
  listItem,
  type Opaque,
  type RecordValue,
  recordField,
  share,
  type Tuple,
  type Value,
  type VariantValue,
  variantPart,
} from "@lumen/core/value";
import { addInt, type Int, mulInt, quotInt, remInt, subInt } from "../arithmetic/int.ts";
import { NATIVES_BY_NUMBER } from "../builtins/natives.ts";
import { position } from "../containers/access.ts";
import type { IteratorState } from "../containers/iterators.ts";
import { appendTo } from "../containers/lists.ts";
import { codeOf, GIVEN, SHARE_FIRST, TAKEN, UNSHARED } from "../link/compile-cell.ts";
import type { LinkedCell } from "../link/program.ts";
import type { Fiber } from "../machine/fiber.ts";
import { frameBytes, resultBytes } from "../memory.ts";
import { RESERVE_BYTES } from "../tiers/fast.ts";
import { Trap } from "../trap.ts";
import { castValue } from "../types/cast.ts";
import { nextItem } from "./blocks.ts";
import { fitResult, gather, gatherGiven, nextRun, readGiven, registersFor } from "./calls.ts";
import { CONTROL_OPERATIONS } from "./control.ts";
import type { Core } from "./core.ts";
import { enterAgain, enterCell, pushFrame } from "./enter.ts";
import { leave } from "./exits.ts";
import {
  callFast,
  givenTo,
  hotCode,
  hotLoop,
  LEFT,
  loopFast,
  REFUSED,
  raiseFailure,
} from "./fast-calls.ts";
import { SLOW_OPERATIONS } from "./slow-operations.ts";

const SAFE_MAX = Number.MAX_SAFE_INTEGER;
const SAFE_MIN = -Number.MAX_SAFE_INTEGER;

/** Turns of a loop that cannot be compiled, until the next look at it. */
const TURNS_COLD = 100_000;

/**
 * JavaScript compares a bigint with a number exactly. Feedback of engines is kept by place: numbers
 * must not pay for the bigints of others.
 */
function isLess(a: Int, b: Int): boolean {
  return typeof a === "number" && typeof b === "number" ? a < b : a < b;
}

/** Equal Ints have one representation. */
function isSame(a: Int | string, b: Int | string): boolean {
  return typeof a === "number" && typeof b === "number" ? a === b : a === b;
}

/**
 * Runs a fiber until it has a result or waits for an answer. Throws a Trap where it faults; the
 * frames then say where.
 */
export function interpret(core: Core, fiber: Fiber): void {
  const { frames } = fiber;
  const { memory, fuel } = core;
  let frame = required(frames.at(-1), "a fiber that runs has a frame");
  let { words, registers, pc } = frame;
  let { callees, constants } = frame.cell.module;
  let { cycles } = core;
  const hotTurns = core.compile?.hotTurns ?? Number.POSITIVE_INFINITY;
  /** What a loop did in compiled code counts as turns of the loop around it. */
  let turnsInside = 0;
  try {
    for (;;) {
      switch (words[pc]) {
        case 0: // block start
          break;
        case 1: // const
          registers[words[pc + 2] as number] = constants[words[pc + 3] as number] as Value;
          pc += 4;
          continue;
        case 2: // move
        case 3: // widen
          registers[words[pc + 2] as number] = share(registers[words[pc + 3] as number] as Value);
          pc += 4;
          continue;
        case 5: // is_null
          registers[words[pc + 2] as number] = registers[words[pc + 3] as number] === null;
          pc += 4;
          continue;
        case 10: {
          // add_int
          const a = registers[words[pc + 3] as number] as Int;
          const b = registers[words[pc + 4] as number] as Int;
          if (typeof a === "number" && typeof b === "number") {
            const sum = a + b;
            registers[words[pc + 2] as number] =
              sum <= SAFE_MAX && sum >= SAFE_MIN ? sum : addInt(a, b);
          } else registers[words[pc + 2] as number] = addInt(a, b);
          pc += 5;
          continue;
        }
        case 11: {
          // sub_int
          const a = registers[words[pc + 3] as number] as Int;
          const b = registers[words[pc + 4] as number] as Int;
          if (typeof a === "number" && typeof b === "number") {
            const difference = a - b;
            registers[words[pc + 2] as number] =
              difference <= SAFE_MAX && difference >= SAFE_MIN ? difference : subInt(a, b);
          } else registers[words[pc + 2] as number] = subInt(a, b);
          pc += 5;
          continue;
        }
        case 12: {
          // mul_int; adding 0 turns -0 into 0
          const a = registers[words[pc + 3] as number] as Int;
          const b = registers[words[pc + 4] as number] as Int;
          if (typeof a === "number" && typeof b === "number") {
            const product = a * b + 0;
            registers[words[pc + 2] as number] =
              product <= SAFE_MAX && product >= SAFE_MIN ? product : mulInt(a, b);
          } else registers[words[pc + 2] as number] = mulInt(a, b);
          pc += 5;
          continue;
        }
        case 14: {
          // quot_int
          const a = registers[words[pc + 3] as number] as Int;
          const b = registers[words[pc + 4] as number] as Int;
          const isPlain = typeof a === "number" && typeof b === "number" && a >= 0 && b > 0;
          registers[words[pc + 2] as number] = isPlain ? (a - (a % b)) / b : quotInt(a, b);
          pc += 5;
          continue;
        }
        case 15: {
          // rem_int
          const a = registers[words[pc + 3] as number] as Int;
          const b = registers[words[pc + 4] as number] as Int;
          const isPlain = typeof a === "number" && typeof b === "number" && a >= 0 && b > 0;
          registers[words[pc + 2] as number] = isPlain ? a % b : remInt(a, b);
          pc += 5;
          continue;
        }
        case 24: {
          // int_to_float
          const a = registers[words[pc + 3] as number] as Int;
          registers[words[pc + 2] as number] = new Float(Number(a));
          pc += 4;
          continue;
        }
        case 30: {
          // add_float
          const a = registers[words[pc + 3] as number] as Float;
          const b = registers[words[pc + 4] as number] as Float;
          registers[words[pc + 2] as number] = new Float(a.value + b.value);
          pc += 5;
          continue;
        }
        case 31: {
          // sub_float
          const a = registers[words[pc + 3] as number] as Float;
          const b = registers[words[pc + 4] as number] as Float;
          registers[words[pc + 2] as number] = new Float(a.value - b.value);
          pc += 5;
          continue;
        }
        case 32: {
          // mul_float
          const a = registers[words[pc + 3] as number] as Float;
          const b = registers[words[pc + 4] as number] as Float;
          registers[words[pc + 2] as number] = new Float(a.value * b.value);
          pc += 5;
          continue;
        }
        case 33: {
          // div_float
          const a = registers[words[pc + 3] as number] as Float;
          const b = registers[words[pc + 4] as number] as Float;
          registers[words[pc + 2] as number] = new Float(a.value / b.value);
          pc += 5;
          continue;
        }
        case 50: // eq_int
        case 56: {
          // eq_string
          const a = registers[words[pc + 3] as number] as Int | string;
          const b = registers[words[pc + 4] as number] as Int | string;
          registers[words[pc + 2] as number] = isSame(a, b);
          pc += 5;
          continue;
        }
        case 51: {
          // lt_int
          const a = registers[words[pc + 3] as number] as Int;
          const b = registers[words[pc + 4] as number] as Int;
          registers[words[pc + 2] as number] = isLess(a, b);
          pc += 5;
          continue;
        }
        case 52: {
          // le_int
          const a = registers[words[pc + 3] as number] as Int;
          const b = registers[words[pc + 4] as number] as Int;
          registers[words[pc + 2] as number] = !isLess(b, a);
          pc += 5;
          continue;
        }
        case 53: {
          // eq_float
          const a = registers[words[pc + 3] as number] as Float;
          const b = registers[words[pc + 4] as number] as Float;
          registers[words[pc + 2] as number] = a.value === b.value;
          pc += 5;
          continue;
        }
        case 54: {
          // lt_float
          const a = registers[words[pc + 3] as number] as Float;
          const b = registers[words[pc + 4] as number] as Float;
          registers[words[pc + 2] as number] = a.value < b.value;
          pc += 5;
          continue;
        }
        case 55: {
          // le_float
          const a = registers[words[pc + 3] as number] as Float;
          const b = registers[words[pc + 4] as number] as Float;
          registers[words[pc + 2] as number] = a.value <= b.value;
          pc += 5;
          continue;
        }
        case 70: // not
          registers[words[pc + 2] as number] = registers[words[pc + 3] as number] === false;
          pc += 4;
          continue;
        case 80: // jump
          pc = words[pc + 2] as number;
          break;
        case 136: {
          // loop: head, turns, its instruction; one that turns often goes on in compiled code
          const from = pc;
          const turns = (words[from + 3] as number) + 1 + turnsInside;
          pc = words[from + 2] as number;
          words[from + 3] = turns;
          turnsInside = 0;
          const isHot = turns >= hotTurns && memory.budgetBytes >= RESERVE_BYTES;
          const code = isHot ? hotLoop(core, frame, words[from + 4] as number) : null;
          if (code === null) {
            if (isHot) words[from + 3] = hotTurns - TURNS_COLD;
            break;
          }
          core.cycles = cycles;
          frame.pc = pc;
          turnsInside = loopFast(core, fiber, code, frame);
          cycles = core.cycles;
          frame = required(frames[frames.length - 1], "code was left in a frame");
          ({ words, registers, pc } = frame);
          ({ callees, constants } = frame.cell.module);
          raiseFailure(core);
          continue;
        }
        case 81: // jump_if
          pc = registers[words[pc + 2] as number] === true ? (words[pc + 3] as number) : pc + 4;
          break;
        case 82: // jump_unless
          pc = registers[words[pc + 2] as number] === true ? pc + 4 : (words[pc + 3] as number);
          break;
        case 83: {
          // switch: r, count, targets
          const last = (words[pc + 3] as number) - 1;
          const value = registers[words[pc + 2] as number] as Int;
          const chosen = value >= 0 && value < last ? Number(value) : last;
          pc = words[pc + 4 + chosen] as number;
          break;
        }
        case 84: {
          // return
          let value = registers[words[pc + 2] as number] as Value;
          if (frame.scope !== null) {
            // Contexts and deferred blocks are left on the way; a deferred block may write `value`.
            frame.pc = pc;
            const goesOn = leave(core, fiber, { kind: "return", value: share(value) });
            frame = frames[frames.length - 1] ?? frame;
            ({ words, registers, pc } = frame);
            ({ callees, constants } = frame.cell.module);
            if (goesOn) continue;
            return;
          }
          if (frame.recur !== null) {
            const next = nextRun(frame.recur, value);
            if (next !== null) {
              registers = registersFor(frame.recur.cell, next);
              enterAgain(frame, frame.recur.cell, registers);
              words = frame.words;
              ({ callees, constants } = frame.cell.module);
              pc = 0;
              continue;
            }
          }
          if (frame.resultCheck !== null) {
            const { cell, type } = frame.resultCheck;
            value = castValue(value, cell.module.cast, type);
          }
          frames.pop();
          memory.budgetBytes += frameBytes(registers.length);
          const caller = frames[frames.length - 1];
          if (caller === undefined) {
            fiber.result = { value };
            return;
          }
          frame = caller;
          ({ words, registers, pc } = frame);
          ({ callees, constants } = frame.cell.module);
          registers[words[pc + 2] as number] = value;
          pc += words[pc + 1] as number;
          continue;
        }
        case 85: {
          // fault
          const code = required(TRAP_CODES[words[pc + 2] as number], "the trap exists");
          throw new Trap(code, registers[words[pc + 3] as number] as string);
        }
        case 90: {
          // call: w, callee, count, arguments
          const cell = callees[words[pc + 3] as number] as LinkedCell;
          frame.pc = pc;
          if (cell.isSpecial && (core.suspendTiles || !cell.isTile)) {
            const args = gatherGiven(words, pc + 4, registers);
            if (!enterCell(core, fiber, { cell, args, captures: [], resultCheck: null })) return;
            frame = required(frames[frames.length - 1], "a call goes on in a frame");
            ({ words, registers, pc } = frame);
            ({ callees, constants } = frame.cell.module);
            continue;
          }
          const code = hotCode(core, fiber, cell);
          if (code !== null) {
            core.cycles = cycles;
            const raw = givenTo(code, words, pc + 4, registers);
            const value = callFast(core, fiber, code, raw);
            cycles = core.cycles;
            if (value === LEFT) {
              frame = required(frames[frames.length - 1], "code was left in a frame");
              ({ words, registers, pc } = frame);
              ({ callees, constants } = frame.cell.module);
              raiseFailure(core);
              continue;
            }
            if (value !== REFUSED) {
              registers[words[pc + 2] as number] = value;
              pc += words[pc + 1] as number;
              continue;
            }
          }
          const next = codeOf(cell).blank.slice();
          const count = words[pc + 4] as number;
          for (let i = 0; i < count; i += 1) next[i] = readGiven(words, pc + 5 + i, registers);
          frame = pushFrame(core, fiber, cell, next);
          ({ words, registers, pc } = frame);
          ({ callees, constants } = cell.module);
          continue;
        }
        case 93: {
          // call_builtin: w, builtin, flags, count, arguments
          const args = gather(words, pc + 5, registers);
          const flags = words[pc + 4] as number;
          if ((flags & SHARE_FIRST) !== 0) share(args[0] ?? null);
          const native = required(NATIVES_BY_NUMBER[words[pc + 3] as number], "a native builtin");
          const result = native(args, memory);
          memory.charge(resultBytes(result, args));
          registers[words[pc + 2] as number] = fitResult(result, flags);
          pc += words[pc + 1] as number;
          continue;
        }
        case 111: {
          // list_get: w, list, index, what becomes of the item
          const list = registers[words[pc + 3] as number] as List;
          const index = registers[words[pc + 4] as number] as Int;
          const at = typeof index === "number" && index >= 0 && index < list.length;
          const item = listItem(list, at ? index : position(index, list.length, "list"));
          const how = words[pc + 5];
          registers[words[pc + 2] as number] =
            how === UNSHARED || (how === TAKEN && !isShared(list)) ? item : share(item);
          pc += 6;
          continue;
        }
        case 112: {
          // list_append
          const from = words[pc + 3] as number;
          const list = registers[from < GIVEN ? from : from - GIVEN] as List;
          if (from < GIVEN && from !== words[pc + 2]) share(list);
          const item = readGiven(words, pc + 4, registers);
          registers[words[pc + 2] as number] = appendTo(list, item, memory);
          pc += 5;
          continue;
        }
        case 114: // list_length
          registers[words[pc + 2] as number] = (registers[words[pc + 3] as number] as List).length;
          pc += 4;
          continue;
        case 119: {
          // tuple_get: w, tuple, number, what becomes of the component
          const tuple = registers[words[pc + 3] as number] as Tuple;
          const part = tuple.items[words[pc + 4] as number] as Value;
          const how = words[pc + 5];
          registers[words[pc + 2] as number] =
            how === UNSHARED || (how === TAKEN && !isShared(tuple)) ? part : share(part);
          pc += 6;
          continue;
        }
        case 124: {
          // field_get: w, record, number, what becomes of the field
          const record = registers[words[pc + 3] as number] as RecordValue;
          const part = recordField(record, words[pc + 4] as number);
          const how = words[pc + 5];
          registers[words[pc + 2] as number] =
            how === UNSHARED || (how === TAKEN && !isShared(record)) ? part : share(part);
          pc += 6;
          continue;
        }
        case 127: // variant_tag
          registers[words[pc + 2] as number] = (
            registers[words[pc + 3] as number] as VariantValue
          ).variant.tag;
          pc += 4;
          continue;
        case 128: {
          // payload_get: w, variant, number, what becomes of the component
          const variant = registers[words[pc + 3] as number] as VariantValue;
          const part = variantPart(variant, words[pc + 4] as number);
          const how = words[pc + 5];
          registers[words[pc + 2] as number] =
            how === UNSHARED || (how === TAKEN && !isShared(variant)) ? part : share(part);
          pc += 6;
          continue;
        }
        case 133: {
          // iter_next: w, iterator, target
          const { target } = registers[words[pc + 3] as number] as Opaque;
          const iterator = target as IteratorState;
          if (iterator.at < iterator.items.length) {
            registers[words[pc + 2] as number] = share(listItem(iterator.items, iterator.at));
            iterator.at += 1;
            pc += 5;
            break;
          }
          if (!iterator.live) {
            pc = words[pc + 4] as number;
            break;
          }
          frame.pc = pc;
          const goesOn = nextItem(core, fiber, frame);
          frame = required(frames[frames.length - 1], "a consumer has a frame");
          ({ words, registers, pc } = frame);
          ({ callees, constants } = frame.cell.module);
          if (goesOn) continue;
          return;
        }
        case 138: // move or widen of what is given away, or never shared
          registers[words[pc + 2] as number] = registers[words[pc + 3] as number] as Value;
          pc += 4;
          continue;
        case 140: {
          // lt_int, jump_unless
          const a = registers[words[pc + 3] as number] as Int;
          const holds = isLess(a, registers[words[pc + 4] as number] as Int);
          registers[words[pc + 2] as number] = holds;
          pc = holds ? pc + 9 : (words[pc + 8] as number);
          break;
        }
        case 141: {
          // le_int, jump_unless
          const b = registers[words[pc + 4] as number] as Int;
          const holds = !isLess(b, registers[words[pc + 3] as number] as Int);
          registers[words[pc + 2] as number] = holds;
          pc = holds ? pc + 9 : (words[pc + 8] as number);
          break;
        }
        case 142: {
          // eq_int or eq_string, jump_unless
          const a = registers[words[pc + 3] as number] as Int | string;
          const holds = isSame(a, registers[words[pc + 4] as number] as Int | string);
          registers[words[pc + 2] as number] = holds;
          pc = holds ? pc + 9 : (words[pc + 8] as number);
          break;
        }
        case 143: {
          // eq_int or eq_string, jump_if
          const a = registers[words[pc + 3] as number] as Int | string;
          const holds = isSame(a, registers[words[pc + 4] as number] as Int | string);
          registers[words[pc + 2] as number] = holds;
          pc = holds ? (words[pc + 8] as number) : pc + 9;
          break;
        }
        case 144: {
          // lt_float, jump_unless
          const a = registers[words[pc + 3] as number] as Float;
          const holds = a.value < (registers[words[pc + 4] as number] as Float).value;
          registers[words[pc + 2] as number] = holds;
          pc = holds ? pc + 9 : (words[pc + 8] as number);
          break;
        }
        case 145: {
          // le_float, jump_unless
          const a = registers[words[pc + 3] as number] as Float;
          const holds = a.value <= (registers[words[pc + 4] as number] as Float).value;
          registers[words[pc + 2] as number] = holds;
          pc = holds ? pc + 9 : (words[pc + 8] as number);
          break;
        }
        case 146: {
          // add_int, and the jump back of a loop, which is left to itself when it is hot
          const a = registers[words[pc + 3] as number] as Int;
          const b = registers[words[pc + 4] as number] as Int;
          const sum = typeof a === "number" && typeof b === "number" ? a + b : Number.NaN;
          registers[words[pc + 2] as number] =
            sum <= SAFE_MAX && sum >= SAFE_MIN ? sum : addInt(a, b);
          const turns = (words[pc + 8] as number) + 1 + turnsInside;
          if (turns >= hotTurns) {
            pc += 5;
            continue;
          }
          words[pc + 8] = turns;
          turnsInside = 0;
          pc = words[pc + 7] as number;
          break;
        }
        default: {
          const operation = SLOW_OPERATIONS[words[pc] as number] ?? null;
          if (operation !== null) {
            const { module } = frame.cell;
            const value = operation(words, pc, registers, module, memory);
            registers[words[pc + 2] as number] = value;
            pc += words[pc + 1] as number;
            continue;
          }
          const control = CONTROL_OPERATIONS[words[pc] as number] ?? null;
          assert(control !== null, "every opcode has an implementation");
          core.cycles = cycles;
          frame.pc = pc;
          const goesOn = control(core, fiber, frame);
          cycles = core.cycles;
          frame = frames[frames.length - 1] ?? frame;
          ({ words, registers, pc } = frame);
          ({ callees, constants } = frame.cell.module);
          raiseFailure(core);
          if (goesOn) continue;
          return;
        }
      }
      // Where a case breaks, a block begins, which is charged at once.
      cycles += words[pc + 1] as number;
      if (cycles > fuel) throw new Trap("E_TRAP_FUEL", "fuel exhausted");
      pc += 2;
    }
  } finally {
    core.cycles = cycles;
    frame.pc = pc;
  }
}
