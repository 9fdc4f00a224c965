// Control flow (language 6, 7): branches with narrowing, match, loops, comprehensions.

import type { Block, Condition, Expr, ForClause, MatchArm, Pattern } from "@lumen/syntax";
import type { HirArm, HirCondition, HirExpr, HirPattern, LocalId, LoopId } from "../hir/hir.ts";
import type { Type } from "../hir/type.ts";
import { joinTypes } from "../types/relations.ts";
import {
  ANY,
  BOOL,
  JSON_TYPE,
  listOf,
  NEVER,
  NULL,
  optionOf,
  sameType,
} from "../types/simple-types.ts";
import { shareCalls } from "./active-patterns.ts";
import { iteratedType } from "./build.ts";
import {
  addLocal,
  type CellContext,
  inBinding,
  NO_FACTS,
  narrowing,
  readLocal,
  refine,
  type Want,
} from "./context.ts";
import { loopContracts } from "./contracts.ts";
import { conversion, convert } from "./convert.ts";
import { checkExhaustive } from "./exhaustiveness.ts";
import { entriesOrItems } from "./generated.ts";
import { branchType } from "./join.ts";
import { factsOf, narrowTo, withoutPattern } from "./narrowing.ts";
import { asCondition } from "./operators.ts";
import { checkAlternatives, checkPattern } from "./patterns.ts";
import { checkBlock, checkExpr } from "./recursion.ts";

type Construct = Extract<Expr, { kind: "if" | "match" | "when" | "for" | "while" | "loop" | "do" }>;

/** A construct whose value is wanted or not, by where it stands. */
export function checkControlStatement(c: CellContext, e: Construct, want: Want): HirExpr {
  switch (e.kind) {
    case "if":
      return checkIf(c, e, want);
    case "match":
      return checkMatch(c, e, want);
    case "when":
      return checkWhen(c, e, want);
    case "for":
      return checkFor(c, e, want);
    case "while":
      return checkWhile(c, e);
    case "loop":
      return checkLoop(c, e, want);
    case "do":
      return checkDo(c, e, want);
  }
}

/** `do … end` */
export function checkDo(c: CellContext, e: Expr & { kind: "do" }, want: Want): HirExpr {
  return checkBlock(c, e.block, want);
}

/** `if`/`elif`/`else`: what a condition tells about a variable holds in its branch. */
export function checkIf(c: CellContext, e: Expr & { kind: "if" }, want: Want): HirExpr {
  const build = (index: number): HirExpr | null => {
    const branch = e.branches[index];
    if (branch === undefined) return e.otherwise === null ? null : checkBlock(c, e.otherwise, want);
    return inBinding(c, () => {
      const outer = c.refined;
      const condition = checkCondition(c, branch.condition);
      const holds = condition.kind === "expr" ? factsOf(c, condition.value, true) : NO_FACTS;
      const fails = condition.kind === "expr" ? factsOf(c, condition.value, false) : NO_FACTS;
      const body = narrowing(c, holds, () => checkBlock(c, branch.block, want));
      c.refined = outer;
      const otherwise = narrowing(c, fails, () => build(index + 1));
      if (body.type.kind === "never" && otherwise === null) keepFacts(c, fails);
      return joinBranches(condition, body, otherwise, want, e);
    });
  };
  return build(0) ?? { kind: "block", statements: [], value: null, type: NULL, span: e.span };
}

/** After `if x == null return … end` the rest of the block knows that x is not null. */
function keepFacts(c: CellContext, facts: ReadonlyMap<LocalId, Type>): void {
  if (facts.size > 0) c.narrowed = new Map([...c.narrowed, ...facts]);
}

function joinBranches(
  condition: HirCondition,
  body: HirExpr,
  otherwise: HirExpr | null,
  want: Want,
  e: Expr,
): HirExpr {
  if (!want.wanted) {
    const type = body.type.kind === "never" && otherwise?.type.kind === "never" ? NEVER : NULL;
    return makeIf(condition, body, otherwise, type, e);
  }
  const type = branchType([body.type, otherwise === null ? NULL : otherwise.type], want.expected);
  const other = otherwise === null ? null : conversion(otherwise, type);
  return makeIf(condition, conversion(body, type), other, type, e);
}

function makeIf(
  condition: HirCondition,
  body: HirExpr,
  otherwise: HirExpr | null,
  type: Type,
  e: Expr,
): HirExpr {
  return { kind: "if", condition, consequent: body, otherwise, type, span: e.span };
}

/** A condition; a `let` pattern binds in the block that follows. */
export function checkCondition(c: CellContext, condition: Condition): HirCondition {
  if (condition.kind === "expr") {
    return { kind: "expr", value: asCondition(c, checkExpr(c, condition.value, BOOL)) };
  }
  const value = checkExpr(c, condition.value, null);
  const subject = addLocal(c, null, value.type, condition.value.span);
  return { kind: "let", pattern: checkPattern(c, condition.pattern, value.type), subject, value };
}

/** `match`: patterns in order; an enum, Bool, option or result must be covered (E0208). */
export function checkMatch(c: CellContext, e: Expr & { kind: "match" }, want: Want): HirExpr {
  const value = checkExpr(c, e.subject, null);
  const subject = addLocal(c, null, value.type, e.subject.span);
  const original = value.kind === "local" ? value.local : null;
  let left = value.type;
  const checked = e.arms.map((arm) => {
    const done = checkArm(c, arm, { type: value.type, left, original }, want);
    if (done.guard === null) left = done.patterns.reduce(withoutPattern, left);
    return done;
  });
  const { arms, before } = shareCalls(c, checked, e.span);
  const exhaustive = checkExhaustive(c, arms, value.type, e.span);
  const types = arms.map((a) => a.body.type);
  const type = want.wanted
    ? branchType(exhaustive ? types : [...types, NULL], want.expected)
    : statementType(types, exhaustive);
  const fitted = want.wanted ? arms.map((a) => ({ ...a, body: conversion(a.body, type) })) : arms;
  return {
    kind: "block",
    statements: [{ kind: "let", local: subject, value, span: e.subject.span }, ...before],
    value: { kind: "match", subject, arms: fitted, exhaustive, type, span: e.span },
    type,
    span: e.span,
  };
}

function statementType(types: readonly Type[], exhaustive: boolean): Type {
  return exhaustive && types.length > 0 && types.every((t) => t.kind === "never") ? NEVER : NULL;
}

/** What is matched: its type, what earlier arms leave of that, and the variable that holds it. */
interface Subject {
  readonly type: Type;
  readonly left: Type;
  readonly original: LocalId | null;
}

function checkArm(c: CellContext, arm: MatchArm, subject: Subject, want: Want): HirArm {
  return inBinding(c, () => {
    const patterns = checkAlternatives(c, arm.patterns, subject.type);
    return narrowing(c, factsOfArm(patterns, subject), () => ({
      patterns,
      guard: arm.guard === null ? null : asCondition(c, checkExpr(c, arm.guard, BOOL)),
      body: checkArmBody(c, arm.body, want),
      span: arm.span,
    }));
  });
}

/** What an arm knows: earlier arms have taken their part, and a typed pattern says the rest. */
function factsOfArm(
  patterns: readonly HirPattern[],
  { type, left, original }: Subject,
): ReadonlyMap<LocalId, Type> {
  const facts = new Map<LocalId, Type>();
  const [only] = patterns;
  const isTyped = patterns.length === 1 && only?.kind === "typed" && only.test.kind === "type";
  if (original !== null && isTyped) facts.set(original, narrowTo(type, only.test.type));
  if (left.kind === "never" || sameType(left, type)) return facts;
  for (const p of patterns) if (p.kind === "bind") facts.set(p.local, left);
  if (original !== null && !isTyped) facts.set(original, left);
  return facts;
}

/** Where the patterns refine the expected type, the value is converted inside the arm (19.2). */
function checkArmBody(c: CellContext, block: Block, want: Want): HirExpr {
  const { wanted, expected } = want;
  if (!wanted || expected === null) return checkBlock(c, block, want);
  const known = refine(c, expected);
  if (sameType(known, expected)) return checkBlock(c, block, want);
  return convert(c, checkBlock(c, block, { wanted, expected: known }), expected, "match arm");
}

/** `when`: a chain of conditions, null without a match. */
export function checkWhen(c: CellContext, e: Expr & { kind: "when" }, want: Want): HirExpr {
  const build = (index: number): HirExpr | null => {
    const arm = e.arms[index];
    if (arm === undefined) return null;
    if (arm.condition === null) return checkBlock(c, arm.body, want);
    const condition: HirCondition = {
      kind: "expr",
      value: asCondition(c, checkExpr(c, arm.condition, BOOL)),
    };
    const holds = factsOf(c, condition.value, true);
    const fails = factsOf(c, condition.value, false);
    const body = narrowing(c, holds, () => checkBlock(c, arm.body, want));
    return joinBranches(
      condition,
      body,
      narrowing(c, fails, () => build(index + 1)),
      want,
      e,
    );
  };
  return build(0) ?? { kind: "block", statements: [], value: null, type: NULL, span: e.span };
}

function openLoop(c: CellContext, label: string | null): LoopId {
  const id = c.counters.loops;
  c.counters.loops += 1;
  c.loops.push({ id, label, breakTypes: [] });
  return id;
}

/** The values that `break` gave to the loop that ends here. */
function closeLoop(c: CellContext): readonly Type[] {
  return c.loops.pop()?.breakTypes ?? [];
}

/** `for`: with its value wanted, the list of the body's values, unless left by `break v`. */
export function checkFor(c: CellContext, e: Expr & { kind: "for" }, want: Want): HirExpr {
  const hint = want.expected?.kind === "list" ? want.expected.item : null;
  const iterable = checkIterable(c, e.binder, e.iterable);
  const loop = openLoop(c, e.label?.text ?? null);
  const built = withBinder(c, e.binder, iterable, (binder, entries) => {
    const filter = e.filter === null ? null : asCondition(c, checkExpr(c, e.filter, BOOL));
    const body = checkBlock(c, e.body, { wanted: want.wanted, expected: hint });
    return { binder, entries, filter, body, ...loopContracts(c, e.attributes) };
  });
  const breaks = closeLoop(c);
  const item = hint ?? (built.body.type.kind === "never" ? ANY : built.body.type);
  const body = want.wanted ? convert(c, built.body, item, "loop value") : built.body;
  const type = want.wanted
    ? joinTypes([listOf(item), ...breaks.filter((t) => t.kind !== "null")])
    : NULL;
  return {
    kind: "for",
    loop,
    iterable,
    collect: want.wanted ? "list" : "none",
    ...built,
    body,
    type,
    span: e.span,
  };
}

function checkIterable(c: CellContext, binder: Pattern, e: Expr): HirExpr {
  const iterable = checkExpr(c, e, null);
  return binder.kind === "tuple" ? entriesOrItems(c, iterable) : iterable;
}

/** Declares the loop variable around `body`. A tuple binder over a map takes its entries. */
function withBinder<T>(
  c: CellContext,
  pattern: Pattern,
  iterable: HirExpr,
  body: (binder: ReturnType<typeof checkPattern>, entries: boolean) => T,
): T {
  const entries = pattern.kind === "tuple" && iterable.type.kind === "map";
  const item: Type =
    entries && iterable.type.kind === "map"
      ? { kind: "tuple", items: [iterable.type.key, iterable.type.value] }
      : iteratedType(c, iterable);
  return inBinding(c, () => body(checkPattern(c, pattern, item), entries));
}

/** `while`, also with `let`. Its value is null. */
export function checkWhile(c: CellContext, e: Expr & { kind: "while" }): HirExpr {
  const loop = openLoop(c, e.label?.text ?? null);
  const result = inBinding(c, (): HirExpr => {
    const condition = checkCondition(c, e.condition);
    const facts = condition.kind === "expr" ? loopFacts(c, condition.value, e.body) : new Map();
    const body = narrowing(c, facts, () =>
      checkBlock(c, e.body, { wanted: false, expected: null }),
    );
    const contracts = loopContracts(c, e.attributes);
    return { kind: "while", loop, condition, body, type: NULL, span: e.span, ...contracts };
  });
  const breaks = closeLoop(c).filter((t) => t.kind !== "null");
  return breaks.length === 0 ? result : { ...result, type: optionOf(joinTypes(breaks)) };
}

/** The condition is tested anew before each round, so its facts hold at the start of the body. */
function loopFacts(c: CellContext, condition: HirExpr, body: Block): ReadonlyMap<LocalId, Type> {
  return body.statements.length === 0 ? new Map() : factsOf(c, condition, true);
}

/** `loop`: ends by `break` or `return` only. */
export function checkLoop(c: CellContext, e: Expr & { kind: "loop" }, want: Want): HirExpr {
  const loop = openLoop(c, e.label?.text ?? null);
  const body = checkBlock(c, e.body, { wanted: false, expected: null });
  const contracts = loopContracts(c, e.attributes);
  const breaks = closeLoop(c);
  const natural = breaks.length === 0 ? NEVER : joinTypes(breaks);
  const type =
    want.expected !== null && breaks.length > 0 ? branchType(breaks, want.expected) : natural;
  return { kind: "loop", loop, body, type, span: e.span, ...contracts };
}

/**
 * `[e for x in a for y in b if c]`: nested loops that collect; the innermost carries the filter.
 */
export function checkComprehension(
  c: CellContext,
  e: Expr & { kind: "comprehension" },
  expected: Type | null,
): HirExpr {
  const hint = elementHint(expected, e.shape);
  const nest = (index: number, clauses: readonly ForClause[]): HirExpr => {
    const clause = clauses[index];
    if (clause === undefined) return comprehensionValue(c, e, hint);
    const last = index === clauses.length - 1;
    const iterable = checkIterable(c, clause.binder, clause.iterable);
    const loop = openLoop(c, null);
    const built = withBinder(c, clause.binder, iterable, (binder, entries) => {
      const filter =
        last && e.filter !== null ? asCondition(c, checkExpr(c, e.filter, BOOL)) : null;
      return { binder, entries, filter, body: nest(index + 1, clauses) };
    });
    closeLoop(c);
    const shape = last ? e.shape : "list";
    const type = last ? collected(shape, built.body.type) : listOf(built.body.type);
    return { kind: "for", loop, iterable, collect: shape, ...built, type, span: e.span };
  };
  const nested = nest(0, e.clauses);
  return e.clauses.length === 1 ? nested : flattenNested(c, e, nested);
}

function elementHint(expected: Type | null, shape: "list" | "set" | "map"): Type | null {
  if (expected?.kind === "json" && shape === "list") return JSON_TYPE;
  if ((expected?.kind === "list" || expected?.kind === "set") && expected.kind === shape) {
    return expected.item.kind === "error" ? null : expected.item;
  }
  return null;
}

function comprehensionValue(
  c: CellContext,
  e: Expr & { kind: "comprehension" },
  hint: Type | null,
): HirExpr {
  const value = checkExpr(c, e.value, hint);
  if (e.mapValue === null)
    return hint === null ? value : convert(c, value, hint, "comprehension element");
  const mapped = checkExpr(c, e.mapValue, null);
  return {
    kind: "tuple",
    items: [value, mapped],
    type: { kind: "tuple", items: [value.type, mapped.type] },
    span: value.span,
  };
}

function collected(shape: "list" | "set" | "map", item: Type): Type {
  if (shape === "list") return listOf(item);
  if (shape === "set") return { kind: "set", item };
  const [key = ANY, value = ANY] = item.kind === "tuple" ? item.items : [];
  return { kind: "map", key, value };
}

/** Several clauses: inner collections are spliced into one result of the outer shape. */
function flattenNested(
  c: CellContext,
  e: Expr & { kind: "comprehension" },
  nested: HirExpr,
): HirExpr {
  let depth = e.clauses.length - 1;
  let value = nested;
  while (depth > 0 && value.type.kind === "list") {
    value = spliceOnce(c, value, e.shape, depth === 1);
    depth -= 1;
  }
  return value;
}

function spliceOnce(
  c: CellContext,
  outer: HirExpr,
  shape: "list" | "set" | "map",
  last: boolean,
): HirExpr {
  const inner = outer.type.kind === "list" ? outer.type.item : ANY;
  const { span } = outer;
  const type = last ? inner : outer.type.kind === "list" ? inner : ANY;
  const acc = addLocal(c, null, type, span);
  const part = addLocal(c, null, inner, span);
  const loop = openLoop(c, null);
  closeLoop(c);
  const empty: HirExpr =
    type.kind === "map"
      ? { kind: "map", entries: [], type, span }
      : { kind: shape === "set" && last ? "set" : "list", items: [], type, span };
  const joined: HirExpr = {
    kind: "arith",
    op: "++",
    operands: "any",
    left: readLocal(c, acc, span),
    right: readLocal(c, part, span),
    type,
    span,
  };
  return {
    kind: "block",
    statements: [
      { kind: "let", local: acc, value: empty, span },
      {
        kind: "expr",
        value: {
          kind: "for",
          loop,
          binder: { kind: "bind", local: part, subject: inner, span },
          iterable: outer,
          entries: false,
          filter: null,
          body: {
            kind: "block",
            statements: [{ kind: "assign", local: acc, path: [], value: joined, span }],
            value: null,
            type: NULL,
            span,
          },
          collect: "none",
          type: NULL,
          span,
        },
        span,
      },
    ],
    value: readLocal(c, acc, span),
    type,
    span,
  };
}
