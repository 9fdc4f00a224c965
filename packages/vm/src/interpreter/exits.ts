// Ways out of frames and contexts (lir.md 6.3): what is on the way is closed, innermost first. A
// nursery waits for its tasks, a continuation that nobody resumed is abandoned, deferred blocks
// run. Since those are code and may wait, the way out is a state: an exit context of the frame.

import type { Fault, FaultFrame } from "@lumen/core/diagnostic";
import { assert, assertNever, required } from "@lumen/core/result";
import { share, type Value } from "@lumen/core/value";
import { codeOf } from "../link/compile-cell.ts";
import type {
  ArmContext,
  Context,
  Exit,
  Fiber,
  Frame,
  NurseryContext,
  Scope,
} from "../machine/fiber.ts";
import { nextRun, registersFor } from "./calls.ts";
import type { Core } from "./core.ts";
import { checked, deliver } from "./enter.ts";
import { cancelNursery, watch } from "./wait.ts";

/** What comes next: another exit, code of the top frame, or nothing while the fiber waits. */
type Next = Exit | "run" | "stop";

/**
 * Goes out as far as it can without running code. True: the fiber's top frame has code to run, a
 * deferred block or what comes after the exit. False: the fiber waits, or has ended.
 */
export function leave(core: Core, fiber: Fiber, first: Exit): boolean {
  let next: Next = first;
  while (typeof next !== "string") next = step(core, fiber, next);
  return next === "run";
}

/** Goes on with the exit for which the top frame ran a block, or waited. */
export function goOn(core: Core, fiber: Fiber): boolean {
  const frame = required(fiber.frames.at(-1), "a frame is being left");
  const context = frame.scope?.contexts.pop();
  assert(context?.kind === "exit", "the exit is the innermost context");
  return leave(core, fiber, context.exit);
}

function step(core: Core, fiber: Fiber, exit: Exit): Next {
  const frame = fiber.frames.at(-1);
  if (frame === undefined) {
    assert(exit.kind === "fault", "only an error leaves every frame");
    fiber.failure = exit;
    return "stop";
  }
  const { scope } = frame;
  const innermost = scope?.contexts.at(-1);
  if (exit.kind === "leave" && exit.count === 0 && exit.arm === null) return "run";
  if (scope !== null && innermost !== undefined) return leaveContext(core, fiber, frame, exit);
  if (scope?.resumed === true) return leaveResumed(fiber, frame, exit);
  assert(exit.kind !== "leave" && exit.kind !== "end", "there is a context to leave");
  const deferred = scope?.defers.pop();
  if (scope !== null && deferred !== undefined) {
    scope.contexts.push({ kind: "exit", exit });
    frame.pc = deferred;
    return "run";
  }
  return exit.kind === "return"
    ? leaveCell(fiber, frame, exit.value)
    : dropFrame(fiber, frame, exit);
}

/** Closes the innermost context of the frame. */
function leaveContext(core: Core, fiber: Fiber, frame: Frame, exit: Exit): Next {
  const scope = required(frame.scope, "the frame has contexts");
  const context = required(scope.contexts.at(-1), "the frame has a context");
  switch (context.kind) {
    case "handle":
      scope.contexts.pop();
      return afterContext(fiber, frame, context, exit);
    case "arm":
      if (context.continuation !== null) return abandon(fiber, scope, context, exit);
      scope.contexts.pop();
      if (exit.kind === "end") return endHandle(fiber, frame, context.at, exit.value);
      return afterContext(fiber, frame, context, exit);
    case "nursery":
      return leaveNursery(core, fiber, frame, context, exit);
    case "exit":
      // An exit inside an exit: an error goes on, the earlier one first; else the outer one counts.
      scope.contexts.pop();
      return context.exit.kind === "fault" ? context.exit : exit;
    default:
      return assertNever(context);
  }
}

/** Counts a context that was closed, where the exit counts them. */
function afterContext(fiber: Fiber, frame: Frame, closed: Context, exit: Exit): Next {
  if (exit.kind !== "leave") return exit;
  const scope = required(frame.scope, "the frame has contexts");
  let { count, arm } = exit;
  if (arm === null) count -= 1;
  else if (closed.kind === "arm" && closed.at === arm) arm = null;
  if (scope.contexts.length > 0 || !scope.resumed) return { kind: "leave", count, arm };
  assert(closed.kind === "handle" || closed.kind === "arm", "a resumed block begins with a handle");
  // The block was resumed: its arm below waits for a value that never comes, so it is left too.
  fiber.frames.pop();
  const below = required(fiber.frames.at(-1), "an arm stands below a resumed block");
  below.pc = frame.pc;
  return { kind: "leave", count, arm: arm ?? closed.at };
}

/** Puts the frames of a continuation on the stack once more, to leave them one by one. */
function abandon(fiber: Fiber, scope: Scope, context: ArmContext, exit: Exit): Exit {
  const frames = required(context.continuation, "the arm has not resumed");
  context.continuation = null;
  scope.contexts.push({ kind: "exit", exit });
  for (const frame of frames) if (frame.scope !== null) frame.scope.boundary = false;
  const lowest = required(frames[0]?.scope, "a continuation begins with the handled block");
  // The handle is over: deferred blocks perform to handlers outside of it.
  lowest.contexts.shift();
  lowest.boundary = true;
  fiber.frames.push(...frames);
  return { kind: "abandon" };
}

function leaveNursery(
  core: Core,
  fiber: Fiber,
  frame: Frame,
  context: NurseryContext,
  exit: Exit,
): Next {
  const { nursery } = context;
  const { contexts } = required(frame.scope, "the frame has contexts");
  const { failure } = nursery;
  // An error of a task that came before the one at hand is the first.
  const isFirst = exit.kind === "fault" && !context.left && failure !== null;
  const goesOn = isFirst ? failed(failure) : exit;
  if (!context.left) {
    context.left = true;
    cancelNursery(core, nursery);
  }
  if (nursery.pending.size > 0) {
    contexts.push({ kind: "exit", exit: goesOn });
    fiber.exiting = true;
    watch(fiber, [nursery]);
    return "stop";
  }
  contexts.pop();
  if (failure !== null && exit.kind !== "fault") return failed(failure);
  return afterContext(fiber, frame, context, goesOn);
}

function failed(fault: Fault): Exit {
  return { kind: "fault", fault, cancelled: false };
}

/** A resumed block has no contexts left: the rest of its activation stands below. */
function leaveResumed(fiber: Fiber, frame: Frame, exit: Exit): Next {
  fiber.frames.pop();
  return frame.scope?.boundary === true && exit.kind === "abandon" ? atBoundary(fiber) : exit;
}

/** A frame that is not to go on. */
function dropFrame(fiber: Fiber, frame: Frame, exit: Exit): Next {
  fiber.frames.pop();
  const generator = frame.scope?.generator ?? null;
  if (generator !== null) generator.frames = [];
  return exit;
}

/** The abandoned frames are gone: the arm's own exit goes on. */
function atBoundary(fiber: Fiber): Exit {
  const context = fiber.frames.at(-1)?.scope?.contexts.pop();
  assert(context?.kind === "exit", "an arm abandons on its way out");
  return context.exit;
}

/** The value of a handle: to the place after it, or to the `resume` that let its block go on. */
export function endHandle(fiber: Fiber, frame: Frame, at: number, value: Value): "run" {
  const { scope, registers, words } = frame;
  share(value);
  if (scope?.resumed === true && scope.contexts.length === 0) {
    fiber.frames.pop();
    scope.saved?.values.forEach((saved, i) => {
      registers[(scope.saved?.from ?? 0) + i] = saved;
    });
    deliver(fiber, value);
    return "run";
  }
  const register = required(words[at + 2], "a handle has a result register");
  registers[register] = value;
  // Words: w, count, operations, count, targets.
  const operations = required(words[at + 3], "a handle has operations");
  const targets = required(words[at + 4 + operations], "a handle has targets");
  frame.pc = required(words[at + 4 + operations + targets], "a handle has a place after it");
  return "run";
}

/** The frame's call is over, every context closed and every deferred block run. */
function leaveCell(fiber: Fiber, frame: Frame, value: Value): "run" | "stop" {
  if (frame.recur !== null) {
    const next = nextRun(frame.recur, value);
    if (next !== null) {
      const { cell } = frame.recur;
      frame.cell = cell;
      frame.words = codeOf(cell).words;
      frame.registers = registersFor(cell, next);
      frame.scope = null;
      frame.pc = 0;
      return "run";
    }
  }
  const result = checked(value, frame.resultCheck);
  fiber.frames.pop();
  const generator = frame.scope?.generator ?? null;
  if (generator === null) return deliver(fiber, result) ? "run" : "stop";
  generator.frames = [];
  endIteration(required(fiber.frames.at(-1), "a generator runs for a consumer"));
  return "run";
}

/** `iter_next` at which the frame stands has no further item. */
export function endIteration(frame: Frame): void {
  frame.pc = required(frame.words[frame.pc + 4], "iter_next has a target");
}

/** The call stack, outermost first. */
export function stackOf(fiber: Fiber): readonly FaultFrame[] {
  return fiber.frames.map(placeOf);
}

/** Where a frame stands. */
export function placeOf(frame: Frame): FaultFrame {
  const { module, index, name } = frame.cell;
  const span = module.lir.debug?.cells[index]?.spans[instructionOf(frame)] ?? null;
  return { module: module.name, cell: name, span };
}

/** Index of the LIR instruction at which a frame stands. Logarithmic: every move asks for it. */
export function instructionOf(frame: Frame): number {
  const { offsets } = codeOf(frame.cell);
  let [low, high] = [0, offsets.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((offsets[middle] ?? 0) <= frame.pc) low = middle;
    else high = middle;
  }
  return low;
}
