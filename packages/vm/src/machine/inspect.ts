// What a machine holds where it stands, for people who look at it: tasks, calls, variables.
// Programs cannot see it, and looking changes nothing.

import type { FaultFrame } from "@lumen/core/diagnostic";
import { type CellDebug, type Instruction, operandLetters } from "@lumen/core/lir";
import { isShared, share, type Value } from "@lumen/core/value";
import { instructionOf, stackOf } from "../interpreter/exits.ts";
import { visitLiveness } from "../link/liveness.ts";
import { ownershipOf } from "../link/ownership.ts";
import type { Fiber, Frame } from "./fiber.ts";

/** A variable that has its value, which is shared: the machine copies it before it changes it. */
export interface VariableView {
  readonly name: string;
  readonly value: Value;
}

/** A call: where it stands, and its variables in the order in which they got their first value. */
export interface FrameView {
  readonly at: FaultFrame;
  readonly variables: readonly VariableView[];
}

/** Why a task does not run. `answer`: it waits for the request of this id. */
export type WaitView =
  | { readonly kind: "answer"; readonly request: number }
  | { readonly kind: "channel" }
  | { readonly kind: "change" };

/** A task that has not ended; 0 is the entry. `waits` null: it can go on. */
export interface TaskView {
  readonly task: number;
  /** The cell that the task runs. */
  readonly cell: string;
  readonly waits: WaitView | null;
  /** Outermost first; empty for a task that has not begun. */
  readonly frames: readonly FrameView[];
}

/** A fiber as people see it. */
export function viewOfFiber(fiber: Fiber): TaskView {
  const stack = stackOf(fiber);
  return {
    task: fiber.task?.id ?? 0,
    cell: fiber.first?.cell.name ?? fiber.frames[0]?.cell.name ?? "",
    waits: waitOf(fiber),
    frames: fiber.frames.flatMap((frame, i) => {
      const at = stack[i];
      return at === undefined ? [] : [{ at, variables: variablesOf(frame) }];
    }),
  };
}

function waitOf({ waiting }: Fiber): WaitView | null {
  if (waiting === null) return null;
  return waiting.kind === "answer"
    ? { kind: "answer", request: waiting.id }
    : { kind: waiting.kind };
}

/**
 * Parameters and captures, then the locals that an instruction before this one writes. A name that
 * stands for several variables is the one that was written last. A variable that was given away is
 * left out: its next owner may have written what it held in place.
 */
function variablesOf(frame: Frame): readonly VariableView[] {
  const { cell, registers } = frame;
  const debug = cell.module.lir.debug?.cells[cell.index];
  if (debug === undefined) return [];
  const given = cell.paramCount + cell.lir.captureCount;
  const here = instructionOf(frame);
  const found = new Map<string, { readonly register: number; readonly order: number }>();
  for (const [register, name] of debug.paramNames.entries())
    found.set(name, { register, order: -1 });
  for (const { register, name } of localsOf(debug)) {
    const order = register < given ? -1 : firstWrite(cell.lir.code, register);
    const before = found.get(name);
    if (order < here && (before === undefined || before.order <= order))
      found.set(name, { register, order });
  }
  const moved = movedAway(frame, here);
  return [...found]
    .filter(([, { register }]) => !moved.has(register) || !isOwned(registers[register] ?? null))
    .sort(([, a], [, b]) => a.order - b.order)
    .map(([name, { register }]) => ({ name, value: share(registers[register] ?? null) }));
}

/** Whether the only owner of a value writes it in place; others copy it. */
function isOwned(value: Value): boolean {
  return typeof value === "object" && value !== null && "note" in value && !isShared(value);
}

/** Registers whose value somebody else may have written: they gave it, or a part of it, away. */
function movedAway({ cell }: Frame, here: number): ReadonlySet<number> {
  const { gives, takes } = ownershipOf(cell);
  const moved = new Set([...gives.values()].flat());
  for (const { whole } of takes.values()) moved.add(whole);
  if (moved.size === 0) return moved;
  visitLiveness(cell.lir.code, cell.lir.registers.length, (index, after) => {
    if (index === here) for (const register of after.registers()) moved.delete(register);
  });
  // What is written again is gone until then.
  for (const register of gives.get(here) ?? []) moved.add(register);
  for (const [read, { whole, until }] of takes) if (read < here && here <= until) moved.add(whole);
  return moved;
}

/** Names with a `$` are the compiler's. */
function localsOf({ locals }: CellDebug): CellDebug["locals"] {
  return locals.filter(({ name }) => !name.includes("$"));
}

/** Index of the first instruction that writes the register; past the end where none does. */
function firstWrite(code: readonly Instruction[], register: number): number {
  const at = code.findIndex(({ op, operands }) =>
    operandLetters(op).some((letter, i) => letter === "w" && operands[i] === register),
  );
  return at < 0 ? code.length : at;
}
