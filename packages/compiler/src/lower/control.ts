// Lowering of statements, branches and loops.

import { builtinRow } from "@lumen/core/builtins";
import { TRAP_CODES } from "@lumen/core/lir";
import { required } from "@lumen/core/result";
import type { HirCell, HirCondition, HirExpr, HirPlaceStep, HirStatement } from "../hir/hir.ts";
import type { Type } from "../hir/type.ts";
import { assignedIn, someExpr } from "../hir/visit.ts";
import { ANY, BOOL, INT, NULL } from "../types/simple-types.ts";
import { canTailCall, lowerTailCall } from "./calls.ts";
import {
  type CellBuilder,
  constantIndex,
  emit,
  type Label,
  type LoopTargets,
  newLabel,
  newRegister,
  place,
  type Register,
  registerOf,
  registerType,
  stringIndex,
} from "./cell-builder.ts";
import { asType, sameLirType, transfer } from "./convert.ts";
import { iteratedItem, iteratorOver } from "./iteration.ts";
import { lowerPattern } from "./patterns.ts";
import { lower, lowerAll, lowerEffect, lowerInto, lowerTo, textRegister } from "./recursion.ts";
import { leaveContexts } from "./suspending.ts";

/** Statements, then the value. */
export function lowerBlock(
  b: CellBuilder,
  e: HirExpr & { kind: "block" },
  dest: Register | null,
): void {
  for (const statement of e.statements) lowerStatement(b, statement);
  if (e.value !== null) lowerInto(b, e.value, dest);
  else if (e.type.kind !== "never") setNull(b, e, dest);
}

function setNull(b: CellBuilder, e: HirExpr, dest: Register | null): void {
  if (dest === null) return;
  emit(b, e.span, "const", dest, constantIndex(b, { kind: "null" }));
}

/** Forms that may write their destination before they have read all variables. */
function writesEarly(e: HirExpr): boolean {
  switch (e.kind) {
    case "if":
      return writesEarly(e.consequent) || (e.otherwise !== null && writesEarly(e.otherwise));
    case "match":
      return e.arms.some((a) => writesEarly(a.body));
    case "block":
      return e.value !== null && writesEarly(e.value);
    case "for":
    case "while":
    case "loop":
    case "propagate":
    case "unwrap":
      return true;
    default:
      return false;
  }
}

function lowerStatement(b: CellBuilder, s: HirStatement): void {
  switch (s.kind) {
    case "expr":
      lowerEffect(b, s.value);
      return;
    case "let":
      lowerTo(b, s.value, registerOf(b, s.local));
      return;
    case "letPattern":
      lowerLetPattern(b, s);
      return;
    case "assign": {
      const target = registerOf(b, s.local);
      if (s.path.length > 0) lowerPlace(b, s, target);
      else if (writesEarly(s.value)) transfer(b, target, lower(b, s.value), s.span);
      else lowerTo(b, s.value, target);
      return;
    }
  }
}

function lowerLetPattern(b: CellBuilder, s: HirStatement & { kind: "letPattern" }): void {
  const value = lower(b, s.value);
  const fail = newLabel();
  lowerPattern(b, s.pattern, value, fail);
  if (!fail.isUsed) return;
  const end = newLabel();
  emit(b, s.span, "jump", end);
  place(b, fail);
  const message = textRegister(b, "runtime error: pattern match failed in let", s.span);
  emit(b, s.span, "fault", TRAP_CODES.indexOf("E_TRAP_OTHER"), message);
  place(b, end);
}

function lowerPlace(b: CellBuilder, s: HirStatement & { kind: "assign" }, target: Register): void {
  const indices = s.path.flatMap((step) => (step.kind === "index" ? [step.index] : []));
  const registers = lowerAll(b, [...indices, s.value]);
  const value = required(registers.at(-1), "an assignment has a value");
  let next = 0;
  const path = s.path.flatMap((step) => {
    if (step.kind !== "index") return pathStep(b, step);
    const register = required(registers[next], "every index is lowered");
    next += 1;
    return [0, register];
  });
  emit(b, s.span, "place_set", target, target, path, value);
}

function pathStep(
  b: CellBuilder,
  step: Exclude<HirPlaceStep, { kind: "index" }>,
): readonly number[] {
  switch (step.kind) {
    case "field":
      return [1, step.index];
    case "component":
      return [2, step.index];
    case "named":
      return [3, stringIndex(b, step.name)];
  }
}

/** Goes to `target` when the condition does not hold; a pattern binds on the way through. */
export function jumpUnless(b: CellBuilder, condition: HirCondition, target: Label): void {
  if (condition.kind === "let") {
    const subject = registerOf(b, condition.subject);
    lowerTo(b, condition.value, subject);
    lowerPattern(b, condition.pattern, subject, target);
    return;
  }
  branch(b, condition.value, target, false);
}

/**
 * Goes to `target` when the Bool expression has the value `when`; `and`, `or`, `not` leave no
 * value.
 */
export function branch(b: CellBuilder, e: HirExpr, target: Label, when: boolean): void {
  if (e.kind === "not") return branch(b, e.value, target, !when);
  if (e.kind === "logic") {
    const both = (e.op === "and") !== when;
    if (both) {
      branch(b, e.left, target, when);
      branch(b, e.right, target, when);
      return;
    }
    const skip = newLabel();
    branch(b, e.left, skip, !when);
    branch(b, e.right, target, when);
    place(b, skip);
    return;
  }
  if (e.kind === "compare" && e.op === "!=") return branch(b, { ...e, op: "==" }, target, !when);
  const value = asType(b, lower(b, e), BOOL, e.span);
  emit(b, e.span, when ? "jump_if" : "jump_unless", value, target);
}

/** `if` in both uses. */
export function lowerIf(b: CellBuilder, e: HirExpr & { kind: "if" }, dest: Register | null): void {
  const otherwise = newLabel();
  const end = newLabel();
  jumpUnless(b, e.condition, otherwise);
  lowerInto(b, e.consequent, dest);
  const isOver = e.otherwise === null && dest === null;
  if (!isOver && e.consequent.type.kind !== "never") emit(b, e.span, "jump", end);
  place(b, otherwise);
  if (e.otherwise !== null) lowerInto(b, e.otherwise, dest);
  else if (dest !== null && acceptsNull(registerType(b, dest))) setNull(b, e, dest);
  place(b, end);
}

/** A construct of type never has a destination that nobody reads. */
function acceptsNull({ kind }: Type): boolean {
  return ["null", "any", "option", "json", "union", "param", "error", "never"].includes(kind);
}

/** `match`: arms in order; an exhaustive match ends in a fault that nothing reaches. */
export function lowerMatch(
  b: CellBuilder,
  e: HirExpr & { kind: "match" },
  dest: Register | null,
): void {
  const subject = registerOf(b, e.subject);
  const end = newLabel();
  let open = true;
  for (const arm of e.arms) {
    const next = newLabel();
    const body = newLabel();
    arm.patterns.forEach((pattern, i) => {
      const last = i === arm.patterns.length - 1;
      const fail = last ? next : newLabel();
      lowerPattern(b, pattern, subject, fail);
      if (!last) {
        emit(b, arm.span, "jump", body);
        place(b, fail);
      }
    });
    place(b, body);
    if (arm.guard !== null) branch(b, arm.guard, next, false);
    lowerInto(b, arm.body, dest);
    open = next.isUsed;
    if (open && arm.body.type.kind !== "never") emit(b, arm.span, "jump", end);
    place(b, next);
    if (!open) break;
  }
  const type = dest === null ? e.type : registerType(b, dest);
  if (open && !e.exhaustive && acceptsNull(type)) setNull(b, e, dest);
  else if (open) {
    const message = textRegister(b, "runtime error: no arm of an exhaustive match applies", e.span);
    emit(b, e.span, "fault", TRAP_CODES.indexOf("E_TRAP_OTHER"), message);
  }
  place(b, end);
}

function openLoop(
  b: CellBuilder,
  e: HirExpr & { kind: "for" | "while" | "loop" },
  dest: Register | null,
): LoopTargets {
  const targets: LoopTargets = {
    exit: newLabel(),
    next: newLabel(),
    value: dest,
    valueType: e.type,
    contexts: b.contexts,
  };
  b.loops.set(e.loop, targets);
  return targets;
}

/** `while`; its value is null unless `break` gives one. */
export function lowerWhile(
  b: CellBuilder,
  e: HirExpr & { kind: "while" },
  dest: Register | null,
): void {
  const loop = openLoop(b, e, dest);
  const done = newLabel();
  place(b, loop.next);
  jumpUnless(b, e.condition, done);
  lowerEffect(b, e.body);
  emit(b, e.span, "jump", loop.next);
  place(b, done);
  setNull(b, e, dest);
  place(b, loop.exit);
}

/** `loop` */
export function lowerLoop(
  b: CellBuilder,
  e: HirExpr & { kind: "loop" },
  dest: Register | null,
): void {
  const loop = openLoop(b, e, dest);
  place(b, loop.next);
  lowerEffect(b, e.body);
  emit(b, e.span, "jump", loop.next);
  place(b, loop.exit);
}

/** `for` over a range counts; over anything else it asks an iterator. */
export function lowerFor(
  b: CellBuilder,
  e: HirExpr & { kind: "for" },
  dest: Register | null,
): void {
  const collector = e.collect === "none" ? null : makeCollector(b, e);
  const loop = openLoop(b, e, dest);
  const done = newLabel();
  const { iterable } = e;
  const unit = iterable.kind === "range" && iterable.step === null ? iterable : null;
  if (unit === null) lowerIteration(b, e, loop, done, collector);
  else lowerCounting(b, e, unit, loop, done, collector);
  place(b, done);
  if (collector !== null && dest !== null) transfer(b, dest, collector, e.span);
  else setNull(b, e, dest);
  place(b, loop.exit);
}

function makeCollector(b: CellBuilder, e: HirExpr & { kind: "for" }): Register {
  const whole = newRegister(b, e.collect === "list" ? listTypeOf(e) : e.type);
  const op = e.collect === "list" ? "list_new" : e.collect === "set" ? "set_new" : "map_new";
  emit(b, e.span, op, whole, []);
  return whole;
}

/** With `break v` the value's type is wider than the list that is collected. */
function listTypeOf(e: HirExpr & { kind: "for" }): HirExpr["type"] {
  return e.type.kind === "list" ? e.type : { kind: "list", item: e.body.type };
}

function lowerBody(
  b: CellBuilder,
  e: HirExpr & { kind: "for" },
  loop: LoopTargets,
  collector: Register | null,
): void {
  if (e.filter !== null) branch(b, e.filter, loop.next, false);
  if (collector === null) return lowerEffect(b, e.body);
  const value = lower(b, e.body);
  if (e.body.type.kind === "never") return;
  const { span } = e;
  if (e.collect === "list") emit(b, span, "list_append", collector, collector, value);
  else if (e.collect === "set")
    emit(b, span, "call_builtin", collector, builtinRow("add").number, [collector, value]);
  else storeEntry(b, e, collector, value);
}

function storeEntry(
  b: CellBuilder,
  e: HirExpr & { kind: "for" },
  collector: Register,
  pair: Register,
): void {
  const type = registerType(b, pair);
  const [keyType = ANY, valueType = ANY] = type.kind === "tuple" ? type.items : [];
  const key = newRegister(b, keyType);
  const value = newRegister(b, valueType);
  emit(b, e.span, "tuple_get", key, pair, 0);
  emit(b, e.span, "tuple_get", value, pair, 1);
  emit(b, e.span, "place_set", collector, collector, [0, key], value);
}

/**
 * Counts from start to end; an inclusive end is tested before the step, so that it cannot overflow.
 */
function lowerCounting(
  b: CellBuilder,
  e: HirExpr & { kind: "for" },
  range: HirExpr & { kind: "range" },
  loop: LoopTargets,
  done: Label,
  collector: Register | null,
): void {
  const { span } = range;
  const own = ownCounter(b, e);
  const counter = own ?? newRegister(b, INT);
  lowerTo(b, range.start, counter);
  const bound = newRegister(b, INT);
  lowerTo(b, range.end, bound);
  const one = newRegister(b, INT);
  emit(b, span, "const", one, constantIndex(b, { kind: "int", value: 1n }));
  const test = newRegister(b, BOOL);
  const head = newLabel();
  place(b, head);
  emit(b, span, range.inclusive ? "le_int" : "lt_int", test, counter, bound);
  emit(b, span, "jump_unless", test, done);
  if (own === null) lowerPattern(b, e.binder, counter, loop.next);
  lowerBody(b, e, loop, collector);
  place(b, loop.next);
  if (range.inclusive) {
    emit(b, span, "eq_int", test, counter, bound);
    emit(b, span, "jump_if", test, done);
  }
  emit(b, span, "add_int", counter, counter, one);
  emit(b, span, "jump", head);
}

/**
 * The register of the loop's variable, where it can count by itself: nobody else writes it, and no
 * deferred block sees it when the loop is over.
 */
function ownCounter(b: CellBuilder, e: HirExpr & { kind: "for" }): Register | null {
  if (e.binder.kind !== "bind") return null;
  const { local } = e.binder;
  if (b.cell.locals[local]?.type.kind !== "int" || b.assignedInArms.has(local)) return null;
  const inside = e.filter === null ? [e.body] : [e.filter, e.body];
  const isSeen = inside.some(
    (x) => assignedIn(x).has(local) || someExpr(x, ({ kind }) => kind === "defer"),
  );
  return isSeen ? null : registerOf(b, local);
}

function lowerIteration(
  b: CellBuilder,
  e: HirExpr & { kind: "for" },
  loop: LoopTargets,
  done: Label,
  collector: Register | null,
): void {
  const source = lower(b, e.iterable);
  const item = e.entries ? ANY : iteratedItem(registerType(b, source));
  const iterator = newRegister(b, iteratorOver(item));
  emit(b, e.span, e.entries ? "iter_entries" : "iter_new", iterator, source);
  place(b, loop.next);
  const { binder } = e;
  const local = binder.kind === "bind" ? registerOf(b, binder.local) : null;
  const isLocal = local !== null && sameLirType(registerType(b, local), item);
  const found = isLocal ? local : newRegister(b, item);
  emit(b, e.span, "iter_next", found, iterator, done);
  const typed =
    binder.kind === "bind" || "subject" in binder
      ? asType(b, found, binder.subject, e.span)
      : found;
  lowerPattern(b, binder, typed, loop.next);
  lowerBody(b, e, loop, collector);
  emit(b, e.span, "jump", loop.next);
}

/** `break`, with the loop's value if it gives one. */
export function lowerBreak(b: CellBuilder, e: HirExpr & { kind: "break" }): void {
  const loop = required(b.loops.get(e.loop), "the loop is open");
  const { value } = loop;
  if (e.value !== null) lowerInto(b, e.value, value);
  else if (value !== null && acceptsNull(registerType(b, value))) setNull(b, e, value);
  leaveContexts(b, loop.contexts, e.span);
  emit(b, e.span, "jump", loop.exit);
}

/** `continue` */
export function lowerContinue(b: CellBuilder, e: HirExpr & { kind: "continue" }): void {
  const loop = required(b.loops.get(e.loop), "the loop is open");
  leaveContexts(b, loop.contexts, e.span);
  emit(b, e.span, "jump", loop.next);
}

/** What `return` takes: nothing in a generator, whose result its call has made. */
export function returnType(cell: HirCell): Type {
  const isNothing = cell.result.kind === "never" || cell.kind === "generator";
  return isNothing ? NULL : cell.result;
}

/** `return e`; a direct call reuses the frame. */
export function lowerReturn(b: CellBuilder, e: HirExpr & { kind: "return" }): void {
  if (canTailCall(b, e.value)) {
    lowerTailCall(b, e.value);
    return;
  }
  const value = newRegister(b, returnType(b.cell));
  lowerTo(b, e.value, value);
  if (e.value.type.kind !== "never") emit(b, e.span, "return", value);
}
