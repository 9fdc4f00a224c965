// Lowering of what talks to handlers, tasks and the door: perform, handle, resume, requests, tools,
// spawn, await, nurseries, yield, defer (lir.md 6).

import type { Span } from "@lumen/core/diagnostic";
import { required } from "@lumen/core/result";
import type { HirExpr, HirHandlerArm } from "../hir/hir.ts";
import { ANY, JSON_TYPE } from "../types/simple-types.ts";
import {
  type CellBuilder,
  calleeIndex,
  emit,
  newLabel,
  newRegister,
  place,
  type Register,
  registerOf,
  stringIndex,
} from "./cell-builder.ts";
import { transfer } from "./convert.ts";
import { emitTyped, lower, lowerAll, lowerEffect, lowerTo } from "./recursion.ts";

/** The expressions of this file. */
export type Suspending = Extract<
  HirExpr,
  {
    kind:
      | "perform"
      | "handle"
      | "resume"
      | "request"
      | "callTool"
      | "spawn"
      | "await"
      | "nursery"
      | "yield"
      | "defer";
  }
>;

/** Lowers one of them into a register. */
export function lowerSuspending(b: CellBuilder, e: Suspending, dest: Register): void {
  const { span } = e;
  switch (e.kind) {
    case "perform": {
      const args = lowerAll(b, e.args);
      const [effect, operation] = [stringIndex(b, e.effect), stringIndex(b, e.operation)];
      emit(b, span, "perform", dest, effect, operation, calleeIndex(b, e.fallback), args);
      return;
    }
    case "handle":
      return lowerHandle(b, e, dest);
    case "resume":
      return lowerResume(b, e, dest);
    case "request": {
      const args = lowerAll(b, e.args);
      emit(b, span, "request", dest, stringIndex(b, e.effect), stringIndex(b, e.operation), args);
      return;
    }
    case "callTool":
      // With a declared type the door has made a value of it, else the answer is Json.
      emitTyped(b, e.tool.result === null ? JSON_TYPE : ANY, dest, span, (w) =>
        emit(b, span, "call_tool", w, stringIndex(b, e.tool.ref), lower(b, e.input)),
      );
      if (e.durable) lowerCheckpoint(b, span);
      return;
    case "spawn": {
      const [callee = 0, ...args] = lowerAll(b, [e.callee, ...e.args]);
      return emit(b, span, "spawn", dest, callee, args);
    }
    case "await":
      return emit(b, span, "await", dest, lower(b, e.value));
    case "nursery":
      return lowerNursery(b, e, dest);
    case "yield":
      lowerYield(b, e.value, span);
      return setNull(b, dest, span);
    case "defer":
      return lowerDefer(b, e, dest);
  }
}

/** A checkpoint whose id nobody wants. */
function lowerCheckpoint(b: CellBuilder, span: Span): void {
  const label = newRegister(b, ANY);
  setNull(b, label, span);
  const [effect, operation] = [stringIndex(b, "state"), stringIndex(b, "checkpoint")];
  emit(b, span, "request", newRegister(b, ANY), effect, operation, [label]);
}

function setNull(b: CellBuilder, dest: Register, span: Span): void {
  lowerTo(b, { kind: "const", value: { kind: "null" }, type: { kind: "null" }, span }, dest);
}

/** The block, then the arms; all give their value by `handle_end`. */
function lowerHandle(b: CellBuilder, e: HirExpr & { kind: "handle" }, dest: Register): void {
  const { span } = e;
  const names = e.arms.map((arm) => stringIndex(b, `${arm.effect}.${arm.operation}`));
  const labels = e.arms.map(() => newLabel());
  const after = newLabel();
  // Its own register: arms and block may read what the destination holds.
  const value = newRegister(b, e.type);
  emit(b, span, "handle", value, names, [...labels, after]);
  b.contexts += 1;
  endWith(b, e.body, value);
  e.arms.forEach((arm, i) => {
    place(b, required(labels[i], "every arm has a label"));
    lowerArm(b, arm, value);
  });
  b.contexts -= 1;
  place(b, after);
  transfer(b, dest, value, span);
}

function lowerArm(b: CellBuilder, arm: HirHandlerArm, like: Register): void {
  const from = b.registers.length;
  const to = newLabel();
  b.arms.push({ from, to, gives: required(b.registerTypes[like], "the register exists") });
  arm.params.forEach((param, i) => {
    emit(b, arm.span, "arm_arg", registerOf(b, param), i);
  });
  endWith(b, arm.body, like);
  // Registers that later code of the arm adds are its own too, so the range is known only now.
  to.target = b.registers.length;
  b.arms.pop();
}

function endWith(b: CellBuilder, body: HirExpr, like: Register): void {
  const result = newRegister(b, required(b.registerTypes[like], "the register exists"));
  lowerTo(b, body, result);
  if (body.type.kind !== "never") emit(b, body.span, "handle_end", result);
}

function lowerResume(b: CellBuilder, e: HirExpr & { kind: "resume" }, dest: Register): void {
  const value = lower(b, e.value);
  const { from, to, gives } = required(b.arms.at(-1), "a resume stands in an arm");
  // An arm that does not resume may give the handle a wider type than its block has.
  emitTyped(b, gives, dest, e.span, (w) => emit(b, e.span, "resume", w, value, from, to));
}

function lowerNursery(b: CellBuilder, e: HirExpr & { kind: "nursery" }, dest: Register): void {
  emit(b, e.span, "nursery", registerOf(b, e.local));
  b.contexts += 1;
  const value = newRegister(b, e.type);
  lowerTo(b, e.body, value);
  b.contexts -= 1;
  if (e.body.type.kind === "never") return;
  emit(b, e.span, "nursery_end");
  transfer(b, dest, value, e.span);
}

/** The items of a generator have one type, which is known when the whole cell is checked. */
function lowerYield(b: CellBuilder, value: HirExpr, span: Span): void {
  const { result } = b.cell;
  const item = result.kind === "opaque" ? (result.args[0] ?? ANY) : ANY;
  const register = newRegister(b, item);
  lowerTo(b, value, register);
  emit(b, span, "yield", register);
}

/** The block stands in place and is jumped over. */
function lowerDefer(b: CellBuilder, e: HirExpr & { kind: "defer" }, dest: Register): void {
  const block = newLabel();
  const after = newLabel();
  emit(b, e.span, "defer", block);
  emit(b, e.span, "jump", after);
  place(b, block);
  const { contexts } = b;
  b.contexts = 0;
  lowerEffect(b, e.body);
  b.contexts = contexts;
  emit(b, e.span, "defer_end");
  place(b, after);
  setNull(b, dest, e.span);
}

/** Leaves the contexts that were opened since a place was, before control jumps there. */
export function leaveContexts(b: CellBuilder, outer: number, span: Span): void {
  if (b.contexts > outer) emit(b, span, "scope_leave", b.contexts - outer);
}
