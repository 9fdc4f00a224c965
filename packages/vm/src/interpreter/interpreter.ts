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
import { addInt, type Int, mulInt, subInt } from "../arithmetic/int.ts";
import { NATIVES_BY_NUMBER } from "../builtins/natives.ts";
import { position } from "../containers/access.ts";
import type { IteratorState } from "../containers/iterators.ts";
import { appendTo } from "../containers/lists.ts";
import { GIVEN, SHARE_FIRST, TAKEN, UNSHARED } from "../link/compile-cell.ts";
import type { LinkedCell } from "../link/program.ts";
import type { Fiber } from "../machine/fiber.ts";
import { frameBytes, resultBytes } from "../memory.ts";
import { RESERVE_BYTES, unboxed } from "../tiers/fast.ts";
import { Trap } from "../trap.ts";
import { castValue } from "../types/cast.ts";
import { nextItem } from "./blocks.ts";
import {
  calledClosure,
  fitResult,
  gather,
  gatherGiven,
  nextRun,
  readGiven,
  registersFor,
  resultCheckOf,
} from "./calls.ts";
import { CONTROL_OPERATIONS } from "./control.ts";
import type { Core } from "./core.ts";
import { deliver, enterAgain, enterCell, pushFrame } from "./enter.ts";
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
  sharedWith,
  tailFast,
} from "./fast-calls.ts";
import { SLOW_OPERATIONS } from "./slow-operations.ts";

const SAFE_MAX = Number.MAX_SAFE_INTEGER;
const SAFE_MIN = -Number.MAX_SAFE_INTEGER;

/** Turns of a loop that cannot be compiled, until the next look at it. */
const TURNS_COLD = 100_000;

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
          cycles += words[pc + 1] as number;
          if (cycles > fuel) throw new Trap("E_TRAP_FUEL", "fuel exhausted");
          pc += 2;
          break;
        case 1: // const
          registers[words[pc + 2] as number] = constants[words[pc + 3] as number] as Value;
          pc += 4;
          break;
        case 2: // move
        case 3: // widen
          registers[words[pc + 2] as number] = share(registers[words[pc + 3] as number] as Value);
          pc += 4;
          break;
        case 5: // is_null
          registers[words[pc + 2] as number] = registers[words[pc + 3] as number] === null;
          pc += 4;
          break;
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
          break;
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
          break;
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
          break;
        }
        case 24: {
          // int_to_float
          const a = registers[words[pc + 3] as number] as Int;
          registers[words[pc + 2] as number] = new Float(Number(a));
          pc += 4;
          break;
        }
        case 30: {
          // add_float
          const a = registers[words[pc + 3] as number] as Float;
          const b = registers[words[pc + 4] as number] as Float;
          registers[words[pc + 2] as number] = new Float(a.value + b.value);
          pc += 5;
          break;
        }
        case 31: {
          // sub_float
          const a = registers[words[pc + 3] as number] as Float;
          const b = registers[words[pc + 4] as number] as Float;
          registers[words[pc + 2] as number] = new Float(a.value - b.value);
          pc += 5;
          break;
        }
        case 32: {
          // mul_float
          const a = registers[words[pc + 3] as number] as Float;
          const b = registers[words[pc + 4] as number] as Float;
          registers[words[pc + 2] as number] = new Float(a.value * b.value);
          pc += 5;
          break;
        }
        case 33: {
          // div_float
          const a = registers[words[pc + 3] as number] as Float;
          const b = registers[words[pc + 4] as number] as Float;
          registers[words[pc + 2] as number] = new Float(a.value / b.value);
          pc += 5;
          break;
        }
        case 37: {
          // neg_float
          const a = registers[words[pc + 3] as number] as Float;
          registers[words[pc + 2] as number] = new Float(-a.value);
          pc += 4;
          break;
        }
        case 50: // eq_int; equal Ints have one representation
        case 56: // eq_string
          registers[words[pc + 2] as number] =
            registers[words[pc + 3] as number] === registers[words[pc + 4] as number];
          pc += 5;
          break;
        case 51: {
          // lt_int; JavaScript compares a bigint with a number exactly
          const a = registers[words[pc + 3] as number] as Int;
          registers[words[pc + 2] as number] = a < (registers[words[pc + 4] as number] as Int);
          pc += 5;
          break;
        }
        case 52: {
          // le_int
          const a = registers[words[pc + 3] as number] as Int;
          registers[words[pc + 2] as number] = a <= (registers[words[pc + 4] as number] as Int);
          pc += 5;
          break;
        }
        case 53: {
          // eq_float
          const a = registers[words[pc + 3] as number] as Float;
          const b = registers[words[pc + 4] as number] as Float;
          registers[words[pc + 2] as number] = a.value === b.value;
          pc += 5;
          break;
        }
        case 54: {
          // lt_float
          const a = registers[words[pc + 3] as number] as Float;
          const b = registers[words[pc + 4] as number] as Float;
          registers[words[pc + 2] as number] = a.value < b.value;
          pc += 5;
          break;
        }
        case 55: {
          // le_float
          const a = registers[words[pc + 3] as number] as Float;
          const b = registers[words[pc + 4] as number] as Float;
          registers[words[pc + 2] as number] = a.value <= b.value;
          pc += 5;
          break;
        }
        case 70: // not
          registers[words[pc + 2] as number] = registers[words[pc + 3] as number] === false;
          pc += 4;
          break;
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
          if (turns < hotTurns || memory.budgetBytes < RESERVE_BYTES) break;
          const code = hotLoop(core, frame, words[from + 4] as number);
          if (code === null) {
            words[from + 3] = hotTurns - TURNS_COLD;
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
          break;
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
            if (goesOn) break;
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
              break;
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
          break;
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
            break;
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
              break;
            }
            if (value !== REFUSED) {
              registers[words[pc + 2] as number] = value;
              pc += words[pc + 1] as number;
              break;
            }
          }
          const next = cell.blank.slice();
          const count = words[pc + 4] as number;
          for (let i = 0; i < count; i += 1) next[i] = readGiven(words, pc + 5 + i, registers);
          frame = pushFrame(core, fiber, cell, next);
          ({ words, registers, pc } = frame);
          ({ callees, constants } = cell.module);
          break;
        }
        case 91: {
          // tail_call: callee, repeats, count, arguments
          const cell = callees[words[pc + 2] as number] as LinkedCell;
          const args = gather(words, pc + 4, registers);
          if (cell.isSpecial && (core.suspendTiles || !cell.isTile)) {
            assert(frame.recur === null, "a run of a recur tile calls no other tile outside");
            frames.pop();
            const { resultCheck } = frame;
            const goesOn = enterCell(core, fiber, { cell, args, captures: [], resultCheck });
            frame = frames[frames.length - 1] ?? frame;
            ({ words, registers, pc } = frame);
            ({ callees, constants } = frame.cell.module);
            if (goesOn) break;
            return;
          }
          // The registers of this frame die, so that an argument stays writable in place.
          if (words[pc + 3] === 1) for (const arg of args) share(arg);
          const isPlain = frame.recur === null && frame.resultCheck === null;
          const code = isPlain && frame.scope === null ? hotCode(core, fiber, cell) : null;
          if (code !== null) {
            core.cycles = cycles;
            frame.pc = pc;
            const raw = args.map((arg, i) => unboxed(arg, code.layout.reps[i] ?? "value"));
            const value = tailFast(core, fiber, code, raw);
            cycles = core.cycles;
            if (value !== REFUSED) {
              const goesOn = value === LEFT || deliver(fiber, value);
              frame = frames[frames.length - 1] ?? frame;
              ({ words, registers, pc } = frame);
              ({ callees, constants } = frame.cell.module);
              raiseFailure(core);
              if (goesOn) break;
              return;
            }
          }
          memory.budgetBytes += frameBytes(registers.length);
          memory.charge(frameBytes(cell.blank.length));
          registers = cell.blank.slice();
          for (let i = 0; i < args.length; i += 1) registers[i] = args[i] as Value;
          enterAgain(frame, cell, registers);
          words = frame.words;
          ({ callees, constants } = cell.module);
          pc = 0;
          break;
        }
        case 92: {
          // call_closure: w, function, count, arguments
          const callee = registers[words[pc + 3] as number] as Value;
          const call = calledClosure(callee, gather(words, pc + 4, registers));
          const { cell } = call;
          frame.pc = pc;
          const resultCheck = resultCheckOf(frame.cell, words[pc + 2] as number, cell);
          const isOutside = cell.isSpecial && (core.suspendTiles || !cell.isTile);
          const code = isOutside || resultCheck !== null ? null : hotCode(core, fiber, cell);
          if (code !== null) {
            core.cycles = cycles;
            const raw = sharedWith(code, call.args, call.captures);
            const value = callFast(core, fiber, code, raw);
            cycles = core.cycles;
            if (value !== REFUSED) {
              if (value !== LEFT) deliver(fiber, value);
              frame = required(frames[frames.length - 1], "code was left in a frame");
              ({ words, registers, pc } = frame);
              ({ callees, constants } = frame.cell.module);
              raiseFailure(core);
              break;
            }
          }
          if (!isOutside) {
            frame = pushFrame(core, fiber, cell, registersFor(cell, call.args, call.captures));
            frame.resultCheck = resultCheck;
          } else {
            if (!enterCell(core, fiber, { ...call, resultCheck })) return;
            frame = required(frames[frames.length - 1], "a call goes on in a frame");
          }
          ({ words, registers, pc } = frame);
          ({ callees, constants } = frame.cell.module);
          break;
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
          break;
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
          break;
        }
        case 112: {
          // list_append
          const from = words[pc + 3] as number;
          const list = registers[from < GIVEN ? from : from - GIVEN] as List;
          if (from < GIVEN && from !== words[pc + 2]) share(list);
          const item = readGiven(words, pc + 4, registers);
          registers[words[pc + 2] as number] = appendTo(list, item, memory);
          pc += 5;
          break;
        }
        case 114: // list_length
          registers[words[pc + 2] as number] = (registers[words[pc + 3] as number] as List).length;
          pc += 4;
          break;
        case 119: {
          // tuple_get: w, tuple, number, what becomes of the component
          const tuple = registers[words[pc + 3] as number] as Tuple;
          const part = tuple.items[words[pc + 4] as number] as Value;
          const how = words[pc + 5];
          registers[words[pc + 2] as number] =
            how === UNSHARED || (how === TAKEN && !isShared(tuple)) ? part : share(part);
          pc += 6;
          break;
        }
        case 124: {
          // field_get: w, record, number, what becomes of the field
          const record = registers[words[pc + 3] as number] as RecordValue;
          const part = recordField(record, words[pc + 4] as number);
          const how = words[pc + 5];
          registers[words[pc + 2] as number] =
            how === UNSHARED || (how === TAKEN && !isShared(record)) ? part : share(part);
          pc += 6;
          break;
        }
        case 127: // variant_tag
          registers[words[pc + 2] as number] = (
            registers[words[pc + 3] as number] as VariantValue
          ).tag;
          pc += 4;
          break;
        case 128: {
          // payload_get: w, variant, number, what becomes of the component
          const variant = registers[words[pc + 3] as number] as VariantValue;
          const part = variantPart(variant, words[pc + 4] as number);
          const how = words[pc + 5];
          registers[words[pc + 2] as number] =
            how === UNSHARED || (how === TAKEN && !isShared(variant)) ? part : share(part);
          pc += 6;
          break;
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
          if (goesOn) break;
          return;
        }
        case 138: // move or widen of what is given away, or never shared
          registers[words[pc + 2] as number] = registers[words[pc + 3] as number] as Value;
          pc += 4;
          break;
        default: {
          const operation = SLOW_OPERATIONS[words[pc] as number] ?? null;
          if (operation !== null) {
            const { module } = frame.cell;
            const value = operation(words, pc, registers, module, memory);
            registers[words[pc + 2] as number] = value;
            pc += words[pc + 1] as number;
            break;
          }
          const control = CONTROL_OPERATIONS.get(words[pc] as number);
          assert(control !== undefined, "every opcode has an implementation");
          frame.pc = pc;
          const goesOn = control(core, fiber, frame);
          frame = frames[frames.length - 1] ?? frame;
          ({ words, registers, pc } = frame);
          ({ callees, constants } = frame.cell.module);
          if (!goesOn) return;
        }
      }
    }
  } finally {
    core.cycles = cycles;
    frame.pc = pc;
  }
}
