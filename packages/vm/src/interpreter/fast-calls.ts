// From the interpreter into compiled code and back (tiers T0 and T1). Where compiled code is left
// in the middle, its frames become frames of the fiber: the interpreter goes on in the innermost.
// Heat belongs to the program: what one machine found hot, the next one enters at once.

import { required } from "@lumen/core/result";
import { share, type Value } from "@lumen/core/value";
import { CALL_DEPTH_MAX } from "../limits.ts";
import { BLOCK_START, codeOf } from "../link/compile-cell.ts";
import type { LinkedCell } from "../link/program.ts";
import { type Fiber, Frame } from "../machine/fiber.ts";
import { frameBytes } from "../memory.ts";
import { compiled, compiledLoop } from "../tiers/compile.ts";
import { EXIT, Exit } from "../tiers/exit.ts";
import {
  boxed,
  CONTEXT,
  DEPTH_MAX,
  type FastCode,
  isUseless,
  type LeftFrame,
  NEVER_NUMERIC,
  RESERVE_BYTES,
  type Tier,
  unboxed,
} from "../tiers/fast.ts";
import { readGiven } from "./calls.ts";
import type { Core } from "./core.ts";
import { type Call, deliver, enterCell } from "./enter.ts";

/** Work of a loop inside that makes the loop around it, and its cell, as hot as a turn or call. */
const CYCLES_PER_TURN = 8;

/** Work of an entry for which it is worth to interpret what stands around the loop. */
const CYCLES_OF_LONG_LOOP = 10_000;

/** Where less is left until memory is measured, that is why code was left, mostly. */
const LOW_BYTES = RESERVE_BYTES + 2 ** 16;

/** Result of a run that was left in the middle. */
export const LEFT: unique symbol = Symbol("left");

/** Result of a call that did not begin: the interpreter has to make it. */
export const REFUSED: unique symbol = Symbol("refused");

/** The compiled code of a cell that is called often enough, else null. */
export function hotCode(core: Core, fiber: Fiber, cell: LinkedCell): FastCode | null {
  const { compile } = core;
  if (compile === null || fiber.frames.length >= CALL_DEPTH_MAX) return null;
  if (core.memory.budgetBytes < RESERVE_BYTES) return null;
  const tier = tierOf(core);
  let code = cell[tier];
  if (code === undefined) {
    cell.heat += 1;
    if (cell.heat <= compile.hotCalls) return null;
    code = compiled(cell, tier, compile);
  }
  if (code === null || isUseless(code)) return null;
  return code.engine === "js" && hasLongNumericLoop(cell) ? null : code;
}

/**
 * Whether a loop of the cell works long in T2 or T3: then T1, which would take its place, saves
 * less around the loop than it loses inside.
 */
function hasLongNumericLoop({ loops }: LinkedCell): boolean {
  for (const code of loops.values()) {
    if (code === null || code.engine === "js") continue;
    if (code.cycles > CYCLES_OF_LONG_LOOP * code.entries) return true;
  }
  return false;
}

/** The compiled code of the loop with that head, else null. */
export function hotLoop(core: Core, frame: Frame, head: number): FastCode | null {
  if (core.compile === null || frame.scope !== null) return null;
  const code = compiledLoop(frame.cell, head, tierOf(core), core.compile);
  return code === null || isUseless(code) ? null : code;
}

/** A machine that stops somewhere needs code that looks where it is. */
function tierOf({ fuel }: Core): Tier {
  return fuel === Number.POSITIVE_INFINITY ? "fast" : "limited";
}

/** What compiled code was called with gave, or why it gave nothing. */
export type Outcome = Value | typeof LEFT | typeof REFUSED;

/** The arguments of a call, from its words, as compiled code takes them. */
export function givenTo(
  { layout }: FastCode,
  words: Int32Array,
  at: number,
  registers: readonly Value[],
): unknown[] {
  const count = words[at] as number;
  const raw: unknown[] = [];
  for (let i = 0; i < count; i += 1) {
    raw.push(unboxed(readGiven(words, at + 1 + i, registers), layout.reps[i] ?? "value"));
  }
  return raw;
}

/** Arguments and captures as compiled code takes them; somebody else holds them, too. */
export function sharedWith(
  { layout }: FastCode,
  args: readonly Value[],
  captures: readonly Value[] = [],
): unknown[] {
  const all = captures.length === 0 ? args : [...args, ...captures];
  return all.map((value, i) => unboxed(share(value), layout.reps[i] ?? "value"));
}

/**
 * Calls compiled code with its arguments, which it may keep. {@link LEFT}: the fiber's frames say
 * where to go on, or, where `core.failure` is set, where it failed. {@link REFUSED}: nothing was
 * done.
 */
export function callFast(core: Core, fiber: Fiber, code: FastCode, raw: unknown[]): Outcome {
  return enter(core, fiber, code, raw, null);
}

/**
 * Calls a hot cell in place of the top frame, which is left. What else the frame waits for is done
 * by who returns from it: then, and where the cell has no code, nothing was done.
 */
export function tailHot(
  core: Core,
  fiber: Fiber,
  cell: LinkedCell,
  args: readonly Value[],
): Outcome {
  const { memory } = core;
  const own = required(fiber.frames.at(-1), "what calls has a frame");
  const isPlain = own.recur === null && own.resultCheck === null && own.scope === null;
  const code = isPlain ? hotCode(core, fiber, cell) : null;
  if (code === null) return REFUSED;
  const raw = args.map((arg, i) => unboxed(arg, code.layout.reps[i] ?? "value"));
  fiber.frames.pop();
  const bytes = frameBytes(own.registers.length);
  memory.budgetBytes += bytes;
  const outcome = enter(core, fiber, code, raw, null);
  if (outcome !== REFUSED) return outcome;
  memory.budgetBytes -= bytes;
  fiber.frames.push(own);
  return REFUSED;
}

/**
 * Like {@link enterCell}, in compiled code where there is some; the caller raises what it failed
 * with.
 */
export function enterHot(core: Core, fiber: Fiber, call: Call): boolean {
  const { cell, args, captures, resultCheck } = call;
  const isOutside = cell.isTile && core.suspendTiles;
  const code = isOutside || resultCheck !== null ? null : hotCode(core, fiber, cell);
  if (code === null) return enterCell(core, fiber, call);
  const outcome = callFast(core, fiber, code, sharedWith(code, args, captures));
  if (outcome === REFUSED) return enterCell(core, fiber, call);
  return outcome === LEFT || deliver(fiber, outcome);
}

/**
 * Runs a loop of the top frame in compiled code, from its head to its end or as far as it gets: the
 * fiber's frames say where to go on, or, where `core.failure` is set, where it failed. The result
 * says how many turns of the loop around it that was worth.
 */
export function loopFast(core: Core, fiber: Fiber, code: FastCode, frame: Frame): number {
  const { cell } = frame;
  const before = core.cycles;
  enter(core, fiber, code, [frame.registers], frame);
  const turns = Math.floor((core.cycles - before) / CYCLES_PER_TURN);
  cell.heat += turns;
  return Math.min(turns, core.compile?.hotTurns ?? 0);
}

/** Raises what compiled code failed with, where that was why it was left. */
export function raiseFailure(core: Core): void {
  const { failure } = core;
  core.failure = null;
  if (failure !== null) throw failure.error;
}

function enter(
  core: Core,
  fiber: Fiber,
  code: FastCode,
  raw: unknown[],
  base: Frame | null,
): Outcome {
  const { memory } = core;
  const before = core.cycles;
  const room = CALL_DEPTH_MAX - fiber.frames.length + (base === null ? 0 : 1);
  CONTEXT.cycles = before;
  CONTEXT.fuel = core.fuel;
  CONTEXT.memory = memory;
  CONTEXT.numeric = core.compile ?? NEVER_NUMERIC;
  CONTEXT.suspendTiles = core.suspendTiles;
  CONTEXT.left = [];
  code.entries += 1;
  raw.push(Math.min(room, DEPTH_MAX));
  const returned = runBlind(core, code, raw);
  code.cycles += core.cycles - before;
  if (returned !== undefined) return boxed(returned, code.layout.result);
  const { reason, left } = CONTEXT;
  if (!(reason instanceof Exit)) core.failure = { error: reason };
  else if (left.length === 0) return REFUSED;
  else if (reason === EXIT && memory.budgetBytes > LOW_BYTES) code.exits += 1;
  restore(fiber, left, base);
  return LEFT;
}

/** Whatever happens inside, the machine counts and measures by itself afterwards. */
function runBlind(core: Core, code: FastCode, raw: readonly unknown[]): unknown {
  core.memory.reserveBytes = RESERVE_BYTES;
  try {
    return code.run(...raw);
  } finally {
    core.memory.reserveBytes = 0;
    core.cycles = CONTEXT.cycles;
  }
}

/** Frames that were left become frames of the fiber; the outermost of a loop is its own. */
function restore(fiber: Fiber, left: readonly LeftFrame[], base: Frame | null): void {
  for (let i = left.length - 1; i >= 0; i -= 1) {
    const { layout, at, live, values } = required(left[i], "the frame was left");
    const { cell, reps } = layout;
    const isBase = i === left.length - 1 && base !== null;
    const { words, blank } = codeOf(cell);
    const frame = isBase ? base : new Frame(cell, words, blank.slice());
    live.forEach((r, k) => {
      frame.registers[r] = boxed(values[k], reps[r] ?? "value");
    });
    frame.pc = wordOf(cell, at);
    if (!isBase) fiber.frames.push(frame);
  }
}

/** Where the interpreter finds an instruction; `~index`: with the charge of its block before. */
function wordOf(cell: LinkedCell, at: number): number {
  const { words, offsets } = codeOf(cell);
  const offset = required(offsets[at < 0 ? ~at : at], "the instruction exists");
  return at >= 0 && words[offset] === BLOCK_START ? offset + 2 : offset;
}
