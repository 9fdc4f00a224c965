// Algebraic effects (language 10.3): perform, handle, resume.

import type { Span } from "@lumen/core/diagnostic";
import type { Arg, Expr, HandlerArm, Name } from "@lumen/syntax";
import { fallbackRef } from "../effects/fallbacks.ts";
import type { HirExpr, HirHandlerArm } from "../hir/hir.ts";
import type { Type } from "../hir/type.ts";
import { type CellSymbol, didYouMean, type EffectSymbol } from "../resolve/scope.ts";
import { isCompatible, joinTypes } from "../types/relations.ts";
import { renderType } from "../types/render-type.ts";
import { ANY, NEVER, NULL, STRING } from "../types/simple-types.ts";
import { bindArguments, countOf } from "./arguments.ts";
import { constant, errorExpr } from "./build.ts";
import { type ArmState, addLocal, type CellContext, complain, inBinding } from "./context.ts";
import { conversion, convert } from "./convert.ts";
import { checkBlock, checkExpect, checkExpr } from "./recursion.ts";

/** An operation with the effect that declares it. */
interface Operation {
  readonly effect: EffectSymbol;
  readonly symbol: CellSymbol;
}

/** `perform E.op(args)` */
export function checkPerform(c: CellContext, e: Expr & { kind: "perform" }): HirExpr {
  const operation = findOperation(c, e.effect, e.operation);
  if (operation === null) {
    for (const arg of e.args) checkExpr(c, arg.value, null);
    return errorExpr(e.span);
  }
  return performOperation(c, operation, e.args, e.span);
}

/** `E.op(args)` where E names an effect; null where it does not. */
export function checkEffectCall(
  c: CellContext,
  owner: string,
  callee: Expr & { kind: "field" },
  e: Expr & { kind: "call" },
): HirExpr | null {
  if (!c.scope.effects.has(owner)) return null;
  const effect: Name = { text: owner, span: callee.value.span };
  return checkPerform(c, {
    kind: "perform",
    effect,
    operation: callee.name,
    args: e.args,
    span: e.span,
  });
}

/** The effect and operation of a dotted pair of names; E0102 where one is unknown. */
function findOperation(c: CellContext, effectName: Name, name: Name): Operation | null {
  const effect = c.scope.effects.get(effectName.text);
  if (effect === undefined) {
    const near = didYouMean(effectName.text, c.scope.effects.keys());
    complain(c, "E0102", effectName.span, `unknown effect '${effectName.text}'${near}`, {
      help: "Declare the effect, import it, or correct its name.",
    });
    return null;
  }
  const symbol = effect.operations.get(name.text);
  if (symbol === undefined) {
    const near = didYouMean(name.text, effect.operations.keys());
    const message = `effect '${effectName.text}' has no operation '${name.text}'${near}`;
    complain(c, "E0102", name.span, message, {
      help: "Declare the operation in the effect, or correct its name.",
    });
    return null;
  }
  return { effect, symbol };
}

function performOperation(
  c: CellContext,
  { effect, symbol }: Operation,
  args: readonly Arg[],
  span: Span,
): HirExpr {
  const bound = bindArguments(c, symbol, args, span);
  const name = effect.decl.name.text;
  const operation = symbol.decl.name.text;
  c.causes.push({
    kind: "perform",
    effect: name.toLowerCase(),
    name: `${name}.${operation}`,
    span,
  });
  return bound.wrap({
    kind: "perform",
    effect: name,
    operation,
    args: bound.values,
    fallback: fallbackRef(effect, operation),
    type: symbol.declaredResult ?? NULL,
    span,
  });
}

/** `handle … with … end`: the block's value, or that of an arm that does not resume. */
export function checkHandle(
  c: CellContext,
  e: Expr & { kind: "handle" },
  expected: Type | null,
): HirExpr {
  const want = { wanted: true, expected };
  const outer = c.causes;
  c.causes = [];
  const localCount = c.locals.length;
  const body = checkBlock(c, e.body, want);
  const causes = c.causes;
  c.causes = outer;
  c.causes.push({ kind: "handled", effects: dischargedBy(c, e.arms), causes, span: e.body.span });
  c.handled.push({ body, localCount, causes, outer });
  const gives = expected ?? (["never", "null", "error"].includes(body.type.kind) ? ANY : body.type);
  const arms = e.arms.flatMap((arm) => checkArm(c, arm, gives, expected));
  reportRepeatedArms(c, e.arms);
  const types = [body.type, ...arms.map((a) => a.body.type)];
  const type = valueType(types, expected);
  return {
    kind: "handle",
    body: conversion(body, type),
    arms: arms.map((a) => ({ ...a, body: conversion(a.body, type) })),
    type,
    span: e.span,
  };
}

function valueType(types: readonly Type[], expected: Type | null): Type {
  if (types.every((t) => t.kind === "never")) return NEVER;
  const fits = expected !== null && expected.kind !== "error";
  return fits && types.every((t) => isCompatible(t, expected)) ? expected : joinTypes(types);
}

/** Effects, lower-cased, all of whose operations have an arm (language 10.3). */
function dischargedBy(c: CellContext, arms: readonly HandlerArm[]): readonly string[] {
  const names = new Set(arms.map((a) => a.effect.text));
  return [...names].flatMap((name) => {
    const effect = c.scope.effects.get(name);
    const handled = new Set(
      arms.filter((a) => a.effect.text === name).map((a) => a.operation.text),
    );
    const isWhole =
      effect !== undefined && [...effect.operations.keys()].every((op) => handled.has(op));
    return isWhole ? [name.toLowerCase()] : [];
  });
}

function reportRepeatedArms(c: CellContext, arms: readonly HandlerArm[]): void {
  const seen = new Set<string>();
  for (const arm of arms) {
    const name = `${arm.effect.text}.${arm.operation.text}`;
    if (seen.has(name)) {
      complain(c, "E0105", arm.operation.span, `'${name}' has two arms in this handler`);
    }
    seen.add(name);
  }
}

function checkArm(
  c: CellContext,
  arm: HandlerArm,
  gives: Type,
  expected: Type | null,
): readonly HirHandlerArm[] {
  const operation = findOperation(c, arm.effect, arm.operation);
  return inBinding(c, () => {
    const types = operation?.symbol.params.map((p) => p.type) ?? [];
    if (operation !== null) checkArmParams(c, arm, types);
    const params = arm.params.map((p, i) => addLocal(c, p.name.text, types[i] ?? ANY, p.span));
    const takes = operation?.symbol.declaredResult ?? ANY;
    c.arms.push({ takes, gives });
    const body = checkBlock(c, arm.body, { wanted: true, expected });
    c.arms.pop();
    if (operation === null) return [];
    const effect = operation.effect.decl.name.text;
    return [{ effect, operation: arm.operation.text, params, body, span: arm.span }];
  });
}

function checkArmParams(c: CellContext, arm: HandlerArm, types: readonly Type[]): void {
  if (arm.params.length === types.length) return;
  const name = `${arm.effect.text}.${arm.operation.text}`;
  const message = `'${name}' has ${countOf(types.length, "parameter")}, this arm names ${arm.params.length}`;
  complain(c, "E0203", arm.span, message, {
    expected: types.map(renderType).join(", ") || "no parameters",
    found: String(arm.params.length),
    help: "Name one parameter for each of the operation.",
  });
}

/** `resume(v)` in an arm; elsewhere it is a fault at run time (language 10.3). */
export function checkResume(c: CellContext, e: Expr & { kind: "resume" }): HirExpr {
  const arm = c.arms.at(-1);
  if (arm === undefined) {
    if (e.value !== null) checkExpr(c, e.value, null);
    complain(c, "E0500", e.span, "`resume` outside of an arm faults when it runs", {
      severity: "warning",
      help: "Call it in an arm of `handle … with`, not in a lambda or a top-level handler.",
    });
    return outsideHandler(e.span);
  }
  return { kind: "resume", value: resumeValue(c, e, arm), type: arm.gives, span: e.span };
}

function outsideHandler(span: Span): HirExpr {
  const text = "runtime error: resume called outside of effect handler";
  const message = constant({ kind: "string", value: text }, STRING, span);
  return { kind: "fault", trap: "E_TRAP_OTHER", message, type: NEVER, span };
}

function resumeValue(c: CellContext, e: Expr & { kind: "resume" }, arm: ArmState): HirExpr {
  if (e.value !== null) return checkExpect(c, e.value, arm.takes, "`resume`");
  const nothing = constant({ kind: "null" }, NULL, e.span);
  return convert(c, nothing, arm.takes, "`resume`");
}
