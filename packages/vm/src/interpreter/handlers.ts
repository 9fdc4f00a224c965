// Handlers (language 10.3, lir.md 6.2): deep, one-shot, their arms run on the registers of the cell
// that holds the `handle`. A perform cuts the stack at the handled block:
//
//   before   … F g … h        F has the handle; h performs
//   arm      … F              F runs the arm, which holds the continuation [F' g … h]
//   resumed  … F F' g … h     F' is the handled block with pc and contexts, F waits for its value
//
// F and F' are one activation. A resume in tail position makes F the block again, so that a loop of
// performs needs no stack.

import { builtinByNumber, builtinRow } from "@lumen/core/builtins";
import { assert, required } from "@lumen/core/result";
import { share, type Value } from "@lumen/core/value";
import { type ArmContext, type Fiber, Frame, Scope } from "../machine/fiber.ts";
import { FRAME_BYTES, SLOT_BYTES } from "../memory.ts";
import { runtimeTrap } from "../trap.ts";
import { castValue } from "../types/cast.ts";
import { gather } from "./calls.ts";
import type { Core } from "./core.ts";
import { checkDepth, deliverChecked, enterCell, scopeOf, skip } from "./enter.ts";
import { endHandle, leave } from "./exits.ts";

/**
 * An instruction that changes frames: `frame` is the top one and stands at it. True: the fiber's
 * top frame goes on. False: the fiber waits, or has ended.
 */
export type ControlOperation = (core: Core, fiber: Fiber, frame: Frame) => boolean;

/** Word `i` of the instruction at which the frame stands. */
export function word(frame: Frame, i: number): number {
  return frame.words[frame.pc + i] as number;
}

/** The value of the register that word `i` names. */
export function read(frame: Frame, i: number): Value {
  return frame.registers[word(frame, i)] as Value;
}

/** The string constant that word `i` names. */
export function text(frame: Frame, i: number): string {
  return frame.cell.module.constants[word(frame, i)] as string;
}

/** Writes the register of word 2 and goes on. */
export function write(frame: Frame, value: Value): boolean {
  frame.registers[word(frame, 2)] = value;
  skip(frame);
  return true;
}

/** Words: w, count, operations, count, targets. */
export const handle: ControlOperation = (core, _fiber, frame) => {
  core.memory.charge(FRAME_BYTES);
  scopeOf(frame).contexts.push({ kind: "handle", at: frame.pc });
  skip(frame);
  return true;
};

/** Words: w, effect, operation, callee, count, arguments. */
export const perform: ControlOperation = (core, fiber, frame) => {
  const args = gather(frame.words, frame.pc + 6, frame.registers);
  const found = findHandler(fiber, `${text(frame, 3)}.${text(frame, 4)}`);
  if (found === null) {
    const cell = required(frame.cell.module.callees[word(frame, 5)], "the callee is linked");
    return enterCell(core, fiber, { cell, args, captures: [], resultCheck: null });
  }
  for (const arg of args) share(arg);
  const handling = required(fiber.frames[found.frame], "the frame has the handler");
  const scope = scopeOf(handling);
  const inside = scope.contexts.splice(found.context);
  const at = required(inside[0], "the handler is a context");
  assert(at.kind === "handle", "the handler is a handle");
  const block = new Frame(handling.cell, handling.words, handling.registers);
  block.pc = handling.pc;
  block.scope = new Scope(scope.defers, inside);
  block.scope.resumed = true;
  const continuation = [block, ...fiber.frames.splice(found.frame + 1)];
  core.memory.charge(FRAME_BYTES + SLOT_BYTES * (continuation.length + args.length));
  scope.contexts.push({ kind: "arm", at: at.at, args, continuation });
  handling.pc = found.target;
  return true;
};

/** The nearest handle in force with an arm for the operation. */
function findHandler(
  fiber: Fiber,
  operation: string,
): { readonly frame: number; readonly context: number; readonly target: number } | null {
  for (let frame = fiber.frames.length - 1; frame >= 0; frame -= 1) {
    const holder = fiber.frames[frame];
    const contexts = holder?.scope?.contexts ?? [];
    for (let context = contexts.length - 1; context >= 0; context -= 1) {
      const found = contexts[context];
      if (holder === undefined || found?.kind !== "handle") continue;
      const target = armFor(holder, found.at, operation);
      if (target !== null) return { frame, context, target };
    }
  }
  return null;
}

function armFor({ words, cell }: Frame, at: number, operation: string): number | null {
  const count = words[at + 3] as number;
  for (let i = 0; i < count; i += 1) {
    const name = cell.module.constants[words[at + 4 + i] as number];
    if (name === operation) return words[at + 5 + count + i] as number;
  }
  return null;
}

/** Words: w, number. */
export const armArg: ControlOperation = (_core, _fiber, frame) => {
  const arm = frame.scope?.contexts.at(-1);
  assert(arm?.kind === "arm", "arm_arg stands in an arm");
  const value = arm.args[word(frame, 3)] ?? null;
  const type = frame.cell.lir.registers[word(frame, 2)] ?? -1;
  return write(frame, share(castValue(value, frame.cell.module.cast, type)));
};

/** Words: value. */
export const handleEnd: ControlOperation = (core, fiber, frame) => {
  const value = read(frame, 2);
  const { contexts } = required(frame.scope, "the frame has contexts");
  const context = required(contexts.at(-1), "handle_end ends a context");
  if (context.kind === "arm" && context.continuation !== null) {
    return leave(core, fiber, { kind: "end", value: share(value) });
  }
  assert(context.kind === "arm" || context.kind === "handle", "handle_end ends a block or an arm");
  contexts.pop();
  endHandle(fiber, frame, context.at, value);
  return true;
};

/** Words: w, value, from, to, 1 for a tail position. */
export const resume: ControlOperation = (_core, fiber, frame) => {
  const arm = innermostArm(fiber);
  const [block, ...above] = arm.continuation ?? [];
  if (block?.scope == null) throw runtimeTrap("continuation already resumed");
  checkDepth(fiber, 1 + above.length);
  const value = share(read(frame, 3));
  arm.continuation = null;
  const scope = scopeOf(frame);
  if (word(frame, 6) === 1 && scope.contexts.at(-1) === arm) {
    scope.contexts.pop();
    scope.contexts.push(...block.scope.contexts);
    frame.pc = block.pc;
    fiber.frames.push(...above);
    return deliverChecked(fiber, value);
  }
  const from = word(frame, 4);
  const values = frame.registers.slice(from, word(frame, 5));
  for (const kept of values) share(kept);
  block.scope.saved = { from, values };
  fiber.frames.push(block, ...above);
  return deliverChecked(fiber, value);
};

/**
 * The arm that the code of the top frame stands in. Where that is a resumed block of another
 * handle, the arm may be further down in the same activation.
 */
function innermostArm(fiber: Fiber): ArmContext {
  let above: number | null = null;
  for (let i = fiber.frames.length - 1; i >= 0; i -= 1) {
    const scope = required(fiber.frames[i]?.scope, "an arm is a context of this activation");
    for (const context of scope.contexts.toReversed()) {
      if (context.kind !== "arm") continue;
      if (above === null) return context;
      // What is inside the arm of a block above is not around that block.
      if (context.at === above) above = null;
    }
    const base = scope.contexts[0];
    assert(scope.resumed && base !== undefined, "a resume stands in an arm");
    if (above === null && (base.kind === "handle" || base.kind === "arm")) above = base.at;
  }
  throw runtimeTrap("resume called outside of effect handler");
}

/** Words: w, effect, operation, count, arguments. */
export const request: ControlOperation = (core, fiber, frame) => {
  const args = gather(frame.words, frame.pc + 5, frame.registers);
  const target = { kind: "operation", effect: text(frame, 3), operation: text(frame, 4) } as const;
  core.askDoor(fiber, { target, args, result: null });
  return false;
};

/** A builtin at the door. Words: w, builtin, count, arguments. */
export const callDoor: ControlOperation = (core, fiber, frame) => {
  const args = gather(frame.words, frame.pc + 4, frame.registers);
  const name = required(builtinByNumber(word(frame, 3)), "the builtin exists");
  const [effect = "", operation = ""] = builtinRow(name).how.replace("door ", "").split(".");
  const target = { kind: "builtin", effect, operation } as const;
  const result = name === "debug" ? { value: args[0] ?? null } : null;
  core.askDoor(fiber, { target, args, result });
  return false;
};

/** Words: w, tool, input. */
export const callTool: ControlOperation = (core, fiber, frame) => {
  const target = { kind: "tool", tool: text(frame, 3) } as const;
  core.askDoor(fiber, { target, args: [read(frame, 4)], result: null });
  return false;
};

/** Words: count. */
export const scopeLeave: ControlOperation = (core, fiber, frame) => {
  const count = word(frame, 2);
  skip(frame);
  return leave(core, fiber, { kind: "leave", count, arm: null });
};
