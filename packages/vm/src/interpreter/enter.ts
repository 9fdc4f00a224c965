// How calls begin and values arrive, where it is not the dispatch loop that does it.

import { assert, required } from "@lumen/core/result";
import { Opaque, share, type Value } from "@lumen/core/value";
import { CALL_DEPTH_MAX } from "../limits.ts";
import { enteredWords } from "../link/compile-cell.ts";
import type { LinkedCell } from "../link/program.ts";
import { type Fiber, Frame, type ResultCheck, Scope } from "../machine/fiber.ts";
import { GENERATOR_BYTES, GeneratorState } from "../machine/generator.ts";
import { FRAME_BYTES, frameBytes, SLOT_BYTES } from "../memory.ts";
import { Trap } from "../trap.ts";
import { castValue } from "../types/cast.ts";
import { registersFor } from "./calls.ts";
import type { Core } from "./core.ts";

/** A call to be made; `captures` are empty but for closures. */
export interface Call {
  readonly cell: LinkedCell;
  readonly args: readonly Value[];
  readonly captures: readonly Value[];
  readonly resultCheck: ResultCheck | null;
}

/**
 * Calls a cell of any kind; the fiber's top frame, if any, stands at the call. False: the fiber
 * waits for a tile, or a generator was the result of its first call.
 */
export function enterCell(core: Core, fiber: Fiber, call: Call): boolean {
  const { cell, args, captures, resultCheck } = call;
  if (cell.isTile && core.suspendTiles) {
    core.requestTile(fiber, { cell, args, recur: null, resultCheck });
    return false;
  }
  const registers = registersFor(cell, args, captures);
  if (cell.lir.kind === "generator") {
    return deliver(fiber, checked(makeGenerator(core, cell, registers), resultCheck));
  }
  pushFrame(core, fiber, cell, registers).resultCheck = resultCheck;
  return true;
}

/** A new frame on top of the fiber's; the frame below stands at its call. */
export function pushFrame(core: Core, fiber: Fiber, cell: LinkedCell, registers: Value[]): Frame {
  checkDepth(fiber, 1);
  // Given back where the call returns.
  core.memory.charge(frameBytes(registers.length));
  const frame = new Frame(cell, enteredWords(cell), registers);
  fiber.frames.push(frame);
  return frame;
}

/** Begins a cell in a frame that exists. */
export function enterAgain(frame: Frame, cell: LinkedCell, registers: Value[]): void {
  frame.cell = cell;
  frame.words = enteredWords(cell);
  frame.registers = registers;
  frame.scope = null;
  frame.pc = 0;
}

/** Faults where `count` more frames are too many. */
export function checkDepth(fiber: Fiber, count: number): void {
  if (fiber.frames.length + count <= CALL_DEPTH_MAX) return;
  throw new Trap("E_TRAP_STACK", `stack overflow: call depth exceeded ${CALL_DEPTH_MAX}`);
}

/** A generator whose code has not begun; it holds the frame that a call would have pushed. */
export function makeGenerator(core: Core, cell: LinkedCell, registers: Value[]): Opaque {
  core.memory.charge(GENERATOR_BYTES + FRAME_BYTES + SLOT_BYTES * registers.length);
  const frame = new Frame(cell, enteredWords(cell), registers);
  const state = new GeneratorState(frame);
  frame.scope = new Scope([], []);
  frame.scope.generator = state;
  return new Opaque("Generator", "<generator>", state);
}

/** The value where a call's result has to be of another type. */
export function checked(value: Value, check: ResultCheck | null): Value {
  return check === null ? value : castValue(value, check.cell.module.cast, check.type);
}

/**
 * Puts a value where the top frame's instruction wants it, and goes on behind it. False: there is
 * no frame, it is the fiber's result.
 */
export function deliver(fiber: Fiber, value: Value): boolean {
  const frame = fiber.frames.at(-1);
  if (frame === undefined) {
    fiber.result = { value };
    return false;
  }
  const register = required(frame.words[frame.pc + 2], "a call has a result register");
  frame.registers[register] = value;
  skip(frame);
  return true;
}

/** Like {@link deliver}, for a value that nobody has looked at: it is cast to the register. */
export function deliverChecked(fiber: Fiber, value: Value): boolean {
  const frame = fiber.frames.at(-1);
  if (frame === undefined) return deliver(fiber, value);
  const register = required(frame.words[frame.pc + 2], "a call has a result register");
  const type = frame.cell.lir.registers[register] ?? -1;
  return deliver(fiber, share(castValue(value, frame.cell.module.cast, type)));
}

/** To the next instruction. */
export function skip(frame: Frame): void {
  const length = frame.words[frame.pc + 1] ?? 0;
  assert(length > 0, "an instruction has a length");
  frame.pc += length;
}

/** The scope of a frame, made when it is first needed. */
export function scopeOf(frame: Frame): Scope {
  frame.scope ??= new Scope([], []);
  return frame.scope;
}
