// From the interpreter into compiled code and back (tiers T0 and T1). Where compiled code is left
// in the middle, its frames become frames of the fiber: the interpreter goes on in the innermost.

import { required } from "@lumen/core/result";
import type { Value } from "@lumen/core/value";
import { CALL_DEPTH_MAX } from "../limits.ts";
import { BLOCK_START, codeOf } from "../link/compile-cell.ts";
import type { LinkedCell } from "../link/program.ts";
import { type Fiber, Frame } from "../machine/fiber.ts";
import { compiled, compiledLoop } from "../tiers/compile.ts";
import { EXIT, Exit } from "../tiers/exit.ts";
import {
  boxed,
  CONTEXT,
  type FastCode,
  isUseless,
  type LeftFrame,
  type Tier,
  unboxed,
} from "../tiers/fast.ts";
import type { Core } from "./core.ts";

/** Calls that nest in compiled code, on the engine's own stack. */
const DEPTH_MAX = 200;

/** Where less is left until memory is measured, that is why code was left, mostly. */
const LOW_BYTES = 2 ** 16;

/** Result of a run that was left in the middle. */
export const LEFT: unique symbol = Symbol("left");

/** Result of a call that did not begin: the interpreter has to make it. */
export const REFUSED: unique symbol = Symbol("refused");

/** The compiled code of a cell that is called often enough, else null. */
export function hotCode(core: Core, fiber: Fiber, cell: LinkedCell): FastCode | null {
  const { compile } = core;
  if (compile === null || fiber.frames.length >= CALL_DEPTH_MAX) return null;
  const tier = tierOf(core);
  let code = cell[tier];
  if (code === undefined) {
    cell.heat += 1;
    if (cell.heat <= compile.hotCalls) return null;
    code = compiled(cell, tier, compile.numeric);
  }
  return code === null || isUseless(code) ? null : code;
}

/** The compiled code of the loop whose head stands at a word, else null. */
export function hotLoop(core: Core, frame: Frame, word: number): FastCode | null {
  if (core.compile === null || frame.scope !== null) return null;
  const head = indexOf(codeOf(frame.cell).offsets, word);
  const code = compiledLoop(frame.cell, head, tierOf(core), core.compile.numeric);
  return code === null || isUseless(code) ? null : code;
}

/** A machine that stops somewhere needs code that looks where it is. */
function tierOf({ fuel }: Core): Tier {
  return fuel === Number.POSITIVE_INFINITY ? "fast" : "limited";
}

/**
 * Calls compiled code with values, shared where somebody else holds them. {@link LEFT}: the fiber's
 * frames say where to go on, or, where `core.failure` is set, where it failed. {@link REFUSED}:
 * nothing was done.
 */
export function callFast(
  core: Core,
  fiber: Fiber,
  code: FastCode,
  args: readonly Value[],
): Value | typeof LEFT | typeof REFUSED {
  const { reps } = code.layout;
  const raw: unknown[] = args.map((value, i) => unboxed(value, reps[i] ?? "value"));
  return enter(core, fiber, code, raw, null);
}

/**
 * Runs a loop of the top frame in compiled code, from its head to its end or as far as it gets: the
 * fiber's frames say where to go on, or, where `core.failure` is set, where it failed.
 */
export function loopFast(core: Core, fiber: Fiber, code: FastCode, frame: Frame): void {
  enter(core, fiber, code, [frame.registers], frame);
}

function enter(
  core: Core,
  fiber: Fiber,
  code: FastCode,
  raw: unknown[],
  base: Frame | null,
): Value | typeof LEFT | typeof REFUSED {
  const { memory } = core;
  const before = core.cycles;
  const room = CALL_DEPTH_MAX - fiber.frames.length + (base === null ? 0 : 1);
  CONTEXT.cycles = before;
  CONTEXT.fuel = core.fuel;
  CONTEXT.memory = memory;
  CONTEXT.numeric = core.compile?.numeric ?? "never";
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
  core.memory.isBlind = true;
  try {
    return code.run(...raw);
  } finally {
    core.memory.isBlind = false;
    core.cycles = CONTEXT.cycles;
  }
}

/** Frames that were left become frames of the fiber; the outermost of a loop is its own. */
function restore(fiber: Fiber, left: readonly LeftFrame[], base: Frame | null): void {
  for (let i = left.length - 1; i >= 0; i -= 1) {
    const { layout, at, live, values } = required(left[i], "the frame was left");
    const { cell, reps } = layout;
    const isBase = i === left.length - 1 && base !== null;
    const frame = isBase ? base : new Frame(cell, codeOf(cell).words, cell.blank.slice());
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

/** The instruction at a word: its place among the ascending offsets. */
function indexOf(offsets: Int32Array, word: number): number {
  let low = 0;
  let high = offsets.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((offsets[middle] ?? 0) <= word) low = middle;
    else high = middle - 1;
  }
  return low;
}
